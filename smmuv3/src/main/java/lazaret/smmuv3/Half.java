// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

import lazaret.machine.Field;

/** The two halves of a stage-1 address space, each with its own table. Bit 55 of an address says which. */
enum Half {
    LOWER(Cd.T0SZ, Cd.TG0, Cd.TTB0, Cd.EPD0, Cd.TBI0, Cd.HAD0, Cd.E0PD0),
    UPPER(Cd.T1SZ, Cd.TG1, Cd.TTB1, Cd.EPD1, Cd.TBI1, Cd.HAD1, Cd.E0PD1);

    private final Field txsz;
    private final Field tg;
    private final Field ttb;
    private final Field epd;
    private final Field tbi;
    private final Field had;
    private final Field e0pd;

    Half(Field txsz, Field tg, Field ttb, Field epd, Field tbi, Field had, Field e0pd) {
        this.txsz = txsz;
        this.tg = tg;
        this.ttb = ttb;
        this.epd = epd;
        this.tbi = tbi;
        this.had = had;
        this.e0pd = e0pd;
    }

    static Half of(long va) {
        return (va >>> 55 & 1) == 0 ? LOWER : UPPER;
    }

    /** Bits that an input address lacks to 64. */
    int txsz(Cd cd) {
        return cd.get(txsz);
    }

    /** Null where the field holds the reserved code. */
    Granule granule(Cd cd) {
        return this == LOWER ? Granule.tg0(cd.get(tg)) : Granule.tg1(cd.get(tg));
    }

    /** Address of the first table, not yet aligned. */
    long ttb(Cd cd) {
        return ttb.in(cd.word(ttb.word()));
    }

    /** No walks here: whatever is asked is not mapped. */
    boolean disabled(Cd cd) {
        return cd.test(epd);
    }

    /** The top byte of an address is a tag and does not count. */
    boolean tagged(Cd cd) {
        return cd.test(tbi);
    }

    /** Permissions in table descriptors do not count. */
    boolean flat(Cd cd) {
        return cd.test(had);
    }

    /** Unprivileged accesses find nothing here. */
    boolean hidden(Cd cd) {
        return cd.test(e0pd);
    }
}
