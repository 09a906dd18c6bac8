// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

/** The two halves of a stage-1 address space, each with its own table. Bit 55 of an address says which. */
enum Half {
    LOWER, UPPER;

    static Half of(long va) {
        return (va >>> 55 & 1) == 0 ? LOWER : UPPER;
    }

    /** Bits that an input address lacks to 64. */
    int txsz(Cd cd) {
        return this == LOWER ? Cd.T0SZ.getInt(cd.w0()) : Cd.T1SZ.getInt(cd.w0());
    }

    /** Null where the field holds the reserved code. */
    Granule granule(Cd cd) {
        return this == LOWER ? Granule.tg0(Cd.TG0.getInt(cd.w0())) : Granule.tg1(Cd.TG1.getInt(cd.w0()));
    }

    /** Address of the first table, not yet aligned. */
    long ttb(Cd cd) {
        return this == LOWER ? Cd.TTB0.in(cd.w1()) : Cd.TTB1.in(cd.w2());
    }

    /** No walks here: whatever is asked is not mapped. */
    boolean disabled(Cd cd) {
        return this == LOWER ? Cd.EPD0.test(cd.w0()) : Cd.EPD1.test(cd.w0());
    }

    /** The top byte of an address is a tag and does not count. */
    boolean tagged(Cd cd) {
        return this == LOWER ? Cd.TBI0.test(cd.w0()) : Cd.TBI1.test(cd.w0());
    }

    /** Permissions in table descriptors do not count. */
    boolean flat(Cd cd) {
        return this == LOWER ? Cd.HAD0.test(cd.w1()) : Cd.HAD1.test(cd.w2());
    }

    /** Unprivileged accesses find nothing here. */
    boolean hidden(Cd cd) {
        return this == LOWER ? Cd.E0PD0.test(cd.w1()) : Cd.E0PD1.test(cd.w2());
    }
}
