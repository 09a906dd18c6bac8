// SPDX-License-Identifier: Apache-2.0
package lazaret.machine;

/**
 * Some bits of one word of a {@link Layout}. A record, because the JIT folds the components of a
 * {@code static final} record.
 *
 * @param layout the structure it is part of
 * @param name   spelled as in the manual
 * @param word   index of the 64-bit word, from 0
 * @param msb    most significant bit in that word, 0 … 63
 * @param lsb    least significant bit, at most {@code msb}
 * @param values an enum that implements {@link Coded} and names the values, each code once and fitting, or
 *               null
 * @param tag    known but not modelled: reading is fine, acting on a non-zero value is {@link Unmodelled}
 */
public record Field(Layout layout, String name, int word, int msb, int lsb, Class<? extends Enum<?>> values,
        boolean tag) {
    public Field {
        if (lsb < 0 || msb > 63 || lsb > msb) {
            throw new IllegalArgumentException(layout.name() + "." + name + " [" + msb + ":" + lsb + "]");
        }
        if (values != null) {
            checkCodes(layout.name() + "." + name, -1L >>> 63 - (msb - lsb), values.getEnumConstants());
        }
    }

    private static void checkCodes(String field, long largest, Enum<?>[] constants) {
        for (Enum<?> constant : constants) {
            if (!(constant instanceof Coded coded)) {
                throw new IllegalArgumentException(field + ": " + constant + " has no code");
            }
            long code = coded.code() & 0xffff_ffffL;
            if (Long.compareUnsigned(code, largest) > 0) {
                throw new IllegalArgumentException(field + " cannot hold " + constant + " = " + code);
            }
            for (Enum<?> other : constants) {
                if (other != constant && other instanceof Coded same && same.code() == coded.code()) {
                    throw new IllegalArgumentException(
                            field + ": " + constant + " and " + other + " share a code");
                }
            }
        }
    }

    /** All ones at the field's place. */
    public long mask() {
        return -1L >>> 63 - (msb - lsb) << lsb;
    }

    /** The field's value in {@code w}, shifted down. */
    public long get(long w) {
        return w >>> lsb & -1L >>> 63 - (msb - lsb);
    }

    /** The field's value in {@code w} as an int; for fields of at most 32 bits. */
    public int getInt(long w) {
        return (int) get(w);
    }

    /** The field's value in the structure {@code words}. */
    public long of(long[] words) {
        return get(words[word]);
    }

    /** Is any bit of the field set in {@code w}? */
    public boolean test(long w) {
        return (w & mask()) != 0;
    }

    /** {@code value} shifted to its place. A value that does not fit is the caller's bug. */
    public long prep(long value) {
        if ((value & ~(-1L >>> 63 - (msb - lsb))) != 0) {
            throw new IllegalArgumentException(
                    layout.name() + "." + name + " cannot hold 0x" + Long.toHexString(value));
        }
        return value << lsb;
    }

    /** 1 at the field's place if {@code value}, else 0. */
    public long prep(boolean value) {
        return value ? 1L << lsb : 0;
    }

    public long prep(Coded value) {
        return prep(value.code());
    }

    /** {@code w} with the field replaced. */
    public long put(long w, long value) {
        return w & ~mask() | prep(value);
    }

    public long put(long w, Coded value) {
        return put(w, value.code());
    }

    /**
     * The bits of {@code w} that belong to this field, in place: for addresses, which the manual never
     * shifts.
     */
    public long in(long w) {
        return w & mask();
    }

    /** The named value in {@code w}, or its number in hex where it has no name. */
    public String show(long w) {
        long value = get(w);
        if (values != null) {
            for (Enum<?> constant : values.getEnumConstants()) {
                if (((Coded) constant).code() == value) {
                    return constant.name();
                }
            }
        }
        return value < 10 ? Long.toString(value) : "0x" + Long.toHexString(value);
    }
}
