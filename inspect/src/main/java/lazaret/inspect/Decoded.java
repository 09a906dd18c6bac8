// SPDX-License-Identifier: Apache-2.0
package lazaret.inspect;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lazaret.machine.Coded;
import lazaret.machine.Field;
import lazaret.machine.Layout;

/**
 * Raw words with every field named, and what is to be said about them.
 *
 * @param what    the structure, {@code STE}
 * @param line    all of it in one line
 * @param words   as given
 * @param fields  in the order of the manual
 * @param derived what follows from the fields: name and value
 * @param remarks reserved bits that are set, rules that are broken, values that mean nothing here
 */
public record Decoded(String what, String line, List<Long> words, List<Named> fields,
        Map<String, String> derived, List<String> remarks) {

    /** A field and its value. */
    public record Named(Field field, long value, String shown) { }

    /** Something half decoded. */
    static final class Making {
        private final String what;
        private final long[] words;
        private final List<Named> fields = new ArrayList<>();
        private final Map<String, String> derived = new LinkedHashMap<>();
        private final List<String> remarks = new ArrayList<>();

        Making(String what, long... words) {
            this.what = what;
            this.words = words;
        }

        Making layout(Layout layout) {
            layout.fields().forEach(this::field);
            return this;
        }

        Making field(Field field) {
            long word = words[field.word()];
            fields.add(new Named(field, field.get(word), field.show(word)));
            if (field.values() != null && !named(field, word)) {
                remark(field.name() + "=" + field.get(word) + " is a reserved code");
            }
            if (field.tag() && field.test(word)) {
                remark(field.name() + " is set: known to Lazaret, not modelled by it");
            }
            return this;
        }

        private static boolean named(Field field, long word) {
            for (Enum<?> constant : field.values().getEnumConstants()) {
                if (((Coded) constant).code() == field.get(word)) {
                    return true;
                }
            }
            return false;
        }

        /** Says which of the bits {@code reserved} of a word are set. */
        Making reserved(int word, long reserved, String why) {
            long set = words[word] & reserved;
            if (set != 0) {
                remark("word " + word + " bits " + bits(set) + " are set: " + why);
            }
            return this;
        }

        Making derived(String name, String value) {
            derived.put(name, value);
            return this;
        }

        Making remark(String remark) {
            remarks.add(remark);
            return this;
        }

        /** A broken rule, or nothing if {@code rule} is empty. */
        Making illegal(String rule, String consequence) {
            return rule.isEmpty() ? this : remark("illegal: " + rule + " (" + consequence + ")");
        }

        Decoded done(String line) {
            var all = new ArrayList<Long>();
            for (long word : words) {
                all.add(word);
            }
            return new Decoded(what, line, List.copyOf(all), List.copyOf(fields),
                    Collections.unmodifiableMap(derived), List.copyOf(remarks));
        }
    }

    /** {@code [44] [15:0]}: runs of the bits that are set, from above. */
    static String bits(long set) {
        var text = new StringBuilder();
        int msb = 63;
        while (msb >= 0) {
            if ((set >>> msb & 1) == 0) {
                msb--;
                continue;
            }
            int lsb = msb;
            while (lsb > 0 && (set >>> lsb - 1 & 1) != 0) {
                lsb--;
            }
            text.append(text.isEmpty() ? "[" : " [").append(msb).append(lsb == msb ? "" : ":" + lsb)
                    .append(']');
            msb = lsb - 1;
        }
        return text.toString();
    }
}
