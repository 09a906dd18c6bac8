// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

import lazaret.machine.Field;

/**
 * Size of a translation table and of the smallest page.
 *
 * @spec DDI0487 D8.2
 */
enum Granule {
    G4K(12, Idr5.GRAN4K), G16K(14, Idr5.GRAN16K), G64K(16, Idr5.GRAN64K);

    /** Address bits from which descriptors of 64 KiB say more than 48. */
    private static final int WIDE = 52;
    /** Where they put them, and how far up they belong. */
    private static final long HIGH = 0xf000;
    private static final int HIGH_UP = 36;

    private static final Granule[] TG0 = {G4K, G64K, G16K, null};
    private static final Granule[] TG1 = {null, G16K, G4K, G64K};

    private final int shift;
    private final Field supported;

    Granule(int shift, Field supported) {
        this.shift = shift;
        this.supported = supported;
    }

    /** CD.TG0 and STE.S2TG; null for the reserved code. */
    static Granule tg0(int code) {
        return TG0[code];
    }

    /** CD.TG1; null for the reserved code. */
    static Granule tg1(int code) {
        return TG1[code];
    }

    boolean in(Idr idr) {
        return idr.has(supported);
    }

    /** Fewest bits that an input address may lack to 64. */
    int minTxsz(boolean wide) {
        return wide ? 12 : 16;
    }

    /** Most bits that an input address may lack to 64. */
    int maxTxsz(Idr idr) {
        if (!idr.has(Idr3.STT)) {
            return 39;
        }
        return this == G64K ? 47 : 48;
    }

    /** log2 of the bytes of a page, and of a table. */
    int shift() {
        return shift;
    }

    /** log2 of the bytes that one descriptor of {@code level} covers. */
    int shift(int level) {
        return shift + stride() * (Pte.LAST_LEVEL - level);
    }

    /** The level at which to start for input addresses of so many bits, without concatenation. */
    int start(int bits) {
        int level = Pte.LAST_LEVEL;
        while (bits > shift(level) + stride()) {
            level--;
        }
        return level;
    }

    /** Address of the first descriptor for {@code address}: in a table, or several side by side. */
    long first(long base, int bits, int level, long address) {
        long entries = 1L << bits - shift(level);
        long index = address >>> shift(level) & entries - 1;
        return (base & -Math.max(64, entries * 8)) + index * 8;
    }

    /** Address of the descriptor for {@code address} in the table of {@code level} at {@code table}. */
    long next(long table, int level, long address) {
        return table + 8 * (address >>> shift(level) & (1L << stride()) - 1);
    }

    /** Does {@code pte}, found at {@code level}, map a page or a block that there is? */
    boolean leaf(long pte, int level, Idr idr) {
        return level == Pte.LAST_LEVEL ? (pte & 3) == 3 : (pte & 3) == 1 && level >= firstBlock(idr);
    }

    private int firstBlock(Idr idr) {
        return switch (this) {
            case G4K -> 1;
            case G16K -> 2;
            case G64K -> idr.oas() < WIDE ? 2 : 1;
        };
    }

    /** The address in a descriptor. With 64 KiB it has room for 52 bits, where addresses have so many. */
    long output(long pte, Idr idr) {
        long address = pte & Pte.OA.mask() & -1L << shift;
        boolean wide = this == G64K && idr.oas() >= WIDE;
        return wide ? address | (pte & HIGH) << HIGH_UP : address;
    }

    /** log2 of the leaves in a contiguous group, by what one of them covers; 0 where there are no groups. */
    static int contiguous(int log2size) {
        return switch (log2size) {
            case 12, 21, 30 -> 4;                               // 4 KiB granule
            case 14 -> 7;                                       // 16 KiB, pages
            case 25 -> 5;                                       // 16 KiB, blocks
            case 16, 29 -> 5;                                   // 64 KiB
            default -> 0;
        };
    }

    private int stride() {
        return shift - 3;
    }
}
