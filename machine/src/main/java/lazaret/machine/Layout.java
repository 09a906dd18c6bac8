// SPDX-License-Identifier: Apache-2.0
package lazaret.machine;

import java.util.ArrayList;
import java.util.List;

/**
 * A structure of 64-bit words as the manual draws it: a table of {@link Field}s. Printing, difference and the
 * mask of reserved bits come from the table.
 */
public final class Layout {
    private final String name;
    private final int words;
    private final List<Field> fields = new ArrayList<>();

    /**
     * @param name  as the manual says, {@code STE}
     * @param words number of 64-bit words
     */
    public Layout(String name, int words) {
        this.name = name;
        this.words = words;
    }

    public String name() {
        return name;
    }

    public int words() {
        return words;
    }

    /** The fields, in the order of the table. */
    public List<Field> fields() {
        return List.copyOf(fields);
    }

    public Field bit(String field, int word, int bit) {
        return add(field, word, bit, bit, null, false);
    }

    public Field bits(String field, int word, int msb, int lsb) {
        return add(field, word, msb, lsb, null, false);
    }

    public <E extends Enum<E> & Coded> Field bits(String field, int word, int msb, int lsb, Class<E> values) {
        return add(field, word, msb, lsb, values, false);
    }

    /** Known, not modelled. */
    public Field tag(String field, int word, int msb, int lsb) {
        return add(field, word, msb, lsb, null, true);
    }

    /** Bits of {@code word} that no field covers. */
    public long res0(int word) {
        long covered = 0;
        for (Field f : fields) {
            if (f.word() == word) {
                covered |= f.mask();
            }
        }
        return ~covered;
    }

    /** All non-zero fields: {@code STE[V=1 Config=S1_TRANS EATS=TRANS]}. */
    public String print(long... w) {
        whole(w);
        var text = new StringBuilder(name).append('[');
        for (Field f : fields) {
            if (f.of(w) != 0) {
                space(text).append(f.name()).append('=').append(f.show(w[f.word()]));
            }
        }
        return text.append(']').toString();
    }

    /** The fields that differ: {@code STE{EATS TRANS→ABT}}; {@code STE{}} when none does. */
    public String diff(long[] before, long[] after) {
        whole(before);
        whole(after);
        var text = new StringBuilder(name).append('{');
        for (Field f : fields) {
            if (f.of(before) != f.of(after)) {
                space(text).append(f.name()).append(' ')
                        .append(f.show(before[f.word()])).append('→').append(f.show(after[f.word()]));
            }
        }
        return text.append('}').toString();
    }

    private static StringBuilder space(StringBuilder text) {
        char last = text.charAt(text.length() - 1);
        return last == '[' || last == '{' ? text : text.append(' ');
    }

    private void whole(long[] w) {
        if (w.length != words) {
            throw new IllegalArgumentException(name + " has " + words + " words, not " + w.length);
        }
    }

    private Field add(String field, int word, int msb, int lsb, Class<? extends Enum<?>> values,
            boolean tag) {
        if (word < 0 || word >= words) {
            throw new IllegalArgumentException(name + " has no word " + word);
        }
        Field f = new Field(this, field, word, msb, lsb, values, tag);
        for (Field other : fields) {
            if (other.name().equals(field)) {
                throw new IllegalArgumentException(name + " has two fields " + field);
            }
            if (other.word() == word && (other.mask() & f.mask()) != 0) {
                throw new IllegalArgumentException(name + ": " + field + " overlaps " + other.name());
            }
        }
        fields.add(f);
        return f;
    }
}
