// SPDX-License-Identifier: Apache-2.0
package lazaret.inspect;

import java.util.function.Consumer;
import java.util.function.LongUnaryOperator;
import lazaret.machine.Memory;
import lazaret.smmuv3.Cd;
import lazaret.smmuv3.Idr;
import lazaret.smmuv3.Pte;
import lazaret.smmuv3.Ste;

/**
 * The translation tables of one stage, to be gone through leaf by leaf; {@link lazaret.smmuv3.Walk} goes
 * down for one address.
 *
 * @param base    address of the first table, not aligned
 * @param granule log2 of the smallest page
 * @param bits    of an input address
 * @param start   level of the first table
 * @param first   added to each input address: where the upper half begins
 * @param stage2  permissions are those of stage 2
 * @param flat    permissions of table descriptors do not count
 * @param marks   hardware may make a clean page writable
 * @param wide    descriptors of 64 KiB hold addresses of 52 bits
 */
record Tree(long base, int granule, int bits, int start, long first, boolean stage2, boolean flat,
        boolean marks, boolean wide) {
    /** No address: what a table lies at cannot be told. */
    static final long NOWHERE = -1;

    private static final int LAST = Pte.LAST_LEVEL;
    private static final int UPPER_TOP = 64;
    private static final int[] TG0 = {12, 16, 14, 0};
    private static final int[] TG1 = {0, 14, 12, 16};
    private static final long HIGH = 0xf000;

    /** Of the lower half of a context; null if there is none. */
    static Tree lower(Cd cd, Idr idr) {
        int granule = TG0[cd.get(Cd.TG0)];
        return cd.test(Cd.EPD0) || granule == 0 ? null : stage1(cd, idr, granule, cd.get(Cd.T0SZ),
                Cd.TTB0.in(cd.w1()), false, cd.test(Cd.HAD0));
    }

    /** Of the upper half. */
    static Tree upper(Cd cd, Idr idr) {
        int granule = TG1[cd.get(Cd.TG1)];
        return cd.test(Cd.EPD1) || granule == 0 ? null : stage1(cd, idr, granule, cd.get(Cd.T1SZ),
                Cd.TTB1.in(cd.w2()), true, cd.test(Cd.HAD1));
    }

    private static Tree stage1(Cd cd, Idr idr, int granule, int txsz, long ttb, boolean upper, boolean flat) {
        int bits = UPPER_TOP - txsz;
        int start = LAST - (bits - granule - 1) / (granule - 3);
        return new Tree(ttb, granule, bits, start, upper ? -1L << bits : 0, false, flat, cd.test(Cd.HD),
                wide(granule, idr));
    }

    /** Of stage 2; null if its granule is the reserved one. */
    static Tree stage2(Ste ste, Idr idr) {
        int granule = TG0[ste.get(Ste.S2TG)];
        if (granule == 0) {
            return null;
        }
        int sl0 = ste.get(Ste.S2SL0);
        int start = sl0 == 3 ? LAST : granule == 12 ? 2 - sl0 : LAST - sl0;
        return new Tree(Ste.S2TTB.in(ste.w3()), granule, UPPER_TOP - ste.get(Ste.S2T0SZ), start, 0, true,
                true,
                ste.test(Ste.S2HD), wide(granule, idr));
    }

    private static boolean wide(int granule, Idr idr) {
        return granule == 16 && idr.oas() >= 52;
    }

    /**
     * Every leaf.
     *
     * @param where   where a table at an address really lies: through stage 2 in nested streams; {@link
     * #NOWHERE} if
     *                nowhere
     * @param missing hears of each table that is not in the memory
     */
    void leaves(Memory memory, LongUnaryOperator where, Consumer<Mapping> leaf, Consumer<Long> missing) {
        int index = Math.max(0, bits - shift(start));
        long aligned = base & -Math.max(64L, 8L << index);
        table(new Pass(memory, where, leaf, missing), aligned, start, 1 << index, 0, 0);
    }

    /** What stays the same on the way down. */
    private record Pass(Memory memory, LongUnaryOperator where, Consumer<Mapping> leaf,
            Consumer<Long> missing) { }

    private void table(Pass pass, long table, int level, int entries, long input, long inherited) {
        for (int i = 0; i < entries; i++) {
            long at = pass.where.applyAsLong(table + 8L * i);
            if (at == NOWHERE || !pass.memory.backs(at)) {
                pass.missing.accept(table + 8L * i);
                return;
            }
            long pte = pass.memory.load(at);
            long address = input + ((long) i << shift(level));
            if (Pte.table(pte, level)) {
                long next = output(pte, LAST);
                table(pass, next, level + 1, 1 << granule - 3, address, inherited | (flat ? 0 : pte));
            } else if (leaf(pte, level)) {
                pass.leaf.accept(mapping(pte, level, address, inherited));
            }
        }
    }

    private Mapping mapping(long pte, int level, long address, long inherited) {
        long to = output(pte, level) & -1L << shift(level);
        if (stage2) {
            boolean write = (pte & Pte.S2AP_WRITE) != 0 || marks && Pte.DBM.test(pte);
            return new Mapping(first + address, to, shift(level), (pte & Pte.S2AP_READ) != 0, write, false);
        }
        boolean clean = (pte & Pte.AP_RDONLY) != 0 && !(marks && Pte.DBM.test(pte));
        boolean write = !clean && (inherited & Pte.APTABLE_RDONLY) == 0;
        boolean privileged = (pte & Pte.AP_UNPRIV) == 0 || (inherited & Pte.APTABLE_PRIV) != 0;
        return new Mapping(first + address, to, shift(level), true, write, privileged);
    }

    private boolean leaf(long pte, int level) {
        int block = granule == 12 || wide ? 1 : 2;
        return level == LAST ? (pte & 3) == 3 : (pte & 3) == 1 && level >= block;
    }

    private long output(long pte, int level) {
        long address = pte & Pte.OA.mask() & -1L << granule;
        return wide ? address | (pte & HIGH) << 36 : address;
    }

    private int shift(int level) {
        return granule + (granule - 3) * (LAST - level);
    }
}
