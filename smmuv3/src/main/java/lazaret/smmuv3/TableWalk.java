// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

import java.util.function.BiFunction;

/**
 * Down the stage-1 tables of a CD, one descriptor at a time. Above a stage 2 the address of each descriptor
 * is translated first.
 *
 * @param va      the address to translate, without tag
 * @param level   of the table that the next descriptor is in
 * @param address of that descriptor, as stage 1 says it
 * @param above   what the tables on the way said about permissions, or-ed
 * @param via     how stage 2 translates that address; null where there is no stage 2 or it was not asked yet
 * @spec DDI0487 D8.2
 */
record TableWalk(Asked asked, Ste ste, Cd cd, long va, Granule granule, int level, long address, long above,
        Translation via) implements Walk, Stage2Walk.Client {
    private static final long PERMISSIONS =
            Pte.APTABLE.mask() | Pte.UXNTABLE.mask() | Pte.PXNTABLE.mask();

    /** Chooses the half, checks that it holds the address, and goes to its first table. */
    static Walk start(Asked asked, Ste ste, Cd cd) {
        long iova = asked.tx().iova();
        boolean halves = asked.world(ste).asids();
        Half half = halves ? Half.of(iova) : Half.LOWER;
        long va = half.tagged(cd) ? iova << 8 >> 8 : iova;
        int bits = 64 - half.txsz(cd);
        if (half.disabled(cd) || !inside(va, half, bits) || halves && hidden(asked, ste, cd, half)) {
            return fault(asked, ste, cd, Event.FTranslation::new);
        }
        Granule granule = half.granule(cd);
        int level = granule.start(bits);
        long first = granule.first(half.ttb(cd), bits, level, va);
        return new TableWalk(asked, ste, cd, va, granule, level, first, 0, null);
    }

    /** Are all bits above the half's size the same as bit 55? */
    private static boolean inside(long va, Half half, int bits) {
        return (half == Half.LOWER ? va : ~va) >>> bits == 0;
    }

    /** Does the half not exist for unprivileged accesses? */
    private static boolean hidden(Asked asked, Ste ste, Cd cd, Half half) {
        return asked.idr().has(Idr3.E0PD) && half.hidden(cd) && !asked.access(ste).privileged();
    }

    @Override
    public Transaction transaction() {
        return asked.tx();
    }

    @Override
    public Need needs() {
        return Need.TRANSLATION;
    }

    @Override
    public Translation stage2() {
        return via;
    }

    @Override
    public Walk unknown() {
        return via == null && ste.config().stage2() ? Stage2Walk.start(asked, ste, this) : this;
    }

    @Override
    public long wants() {
        return via == null ? address : via.pa(address);
    }

    @Override
    public Walk feed(long pte) {
        boolean table = Pte.table(pte, level);
        if (!table && !granule.leaf(pte, level, asked.idr())) {
            return fault(asked, ste, cd, Event.FTranslation::new);
        }
        if (!Idr.fits(granule.output(pte, asked.idr()), asked.idr().capped(cd.get(Cd.IPS)))) {
            return fault(asked, ste, cd, Event.FAddrSize::new);
        }
        return table ? descend(pte) : leaf(pte);
    }

    @Override
    public Walk abort() {
        var event = new Event.FWalkEabt(asked.origin(), Event.Fetch.at(wants()), asked.access(ste), false,
                Evt.Class.TT, asked.tx().iova());
        return end(asked.misconfigured(event), null);
    }

    @Override
    public Walk with(Translation translation) {
        if (asked.tx().type().write() && translation.clean()) {
            return this;                                        // it has to be marked
        }
        if (!asked.allows(ste, translation.rights())) {
            return fault(asked, ste, cd, TableWalk::permission);
        }
        return translation.stage2() == null
                ? end(asked.passes(ste, translation), translation)
                : Stage2Walk.settle(asked, ste, last(translation), translation.stage2());
    }

    private Stage2Walk.Last last(Translation found) {
        return new Stage2Walk.Last(asked, ste, cd, va, found);
    }

    private Walk descend(long pte) {
        boolean flat = asked.idr().has(Idr3.HAD) && Half.of(va).flat(cd);
        long table = granule.output(pte, asked.idr());
        return new TableWalk(asked, ste, cd, va, granule, level + 1, granule.next(table, level + 1, va),
                flat ? 0 : above | pte & PERMISSIONS, null);
    }

    private Walk leaf(long pte) {
        boolean sets = cd.test(Cd.HA);
        if (!Pte.AF.test(pte) && !sets && !cd.test(Cd.AFFD)) {
            return fault(asked, ste, cd, Event.FAccess::new);
        }
        boolean clean = sets && cd.test(Cd.HD) && Pte.DBM.test(pte) && (pte & Pte.AP_RDONLY) != 0;
        Translation found = translation(pte, clean);
        if (!asked.allows(ste, found.rights())) {
            return fault(asked, ste, cd, TableWalk::permission);
        }
        long marked = pte | (sets && asked.uses(ste, found.rights()) ? Pte.AF.mask() : 0);
        if (clean && asked.dirties(ste, found.rights())) {
            marked &= ~Pte.AP_RDONLY;
        }
        if (marked != pte) {
            return mark(pte, marked);
        }
        return ste.config().stage2()
                ? Stage2Walk.start(asked, ste, last(found))
                : end(asked.passes(ste, found), found);
    }

    /** The update of a descriptor is a write: above a stage 2, one for it to permit. */
    private Walk mark(long pte, long marked) {
        var update = new Update(this, via, pte, marked);
        return ste.config().stage2() ? Stage2Walk.start(asked, ste, update) : update;
    }

    private Translation translation(long pte, boolean clean) {
        StreamWorld world = asked.world(ste);
        boolean epan = asked.idr().has(Idr3.EPAN) && cd.test(Cd.EPAN);
        Rights rights = Rights.of(clean ? pte & ~Pte.AP_RDONLY : pte, above, cd, world, epan);
        int attr = (int) (cd.w3() >>> 8 * Pte.ATTRINDX.getInt(pte)) & 0xff;
        boolean global = !world.asids() || !Pte.NG.test(pte);
        int shift = granule.shift(level);
        long pa = granule.output(pte, asked.idr()) & -1L << shift;
        var leaf = new Translation.Leaf(wants(), pte, shift, clean);
        return new Translation(va & -1L << shift, pa, shift, rights, global, attr, leaf, null);
    }

    private Done end(Outcome outcome, Translation translation) {
        return new Done(asked.tx(), outcome, ste, cd, translation);
    }

    private static Event permission(Event.Origin origin, Event.Fault fault) {
        return new Event.FPermission(origin, fault, false);
    }

    private static Done fault(Asked asked, Ste ste, Cd cd,
            BiFunction<Event.Origin, Event.Fault, Event> kind) {
        Event event = kind.apply(asked.origin(), Event.Fault.stage1(asked.access(ste), asked.tx().iova()));
        return new Done(asked.tx(), asked.faulted(event, cd), ste, cd, null);
    }

    // For stage 2: the fetch of a descriptor.

    @Override
    public Evt.Class cls() {
        return Evt.Class.TT;
    }

    @Override
    public long ipa() {
        return address;
    }

    @Override
    public Walk at(Translation stage2) {
        return new TableWalk(asked, ste, cd, va, granule, level, address, above, stage2);
    }

    /**
     * Marks a leaf as accessed or dirty: an atomic step, which comes to nothing if the descriptor is not what
     * it was. In either case the walk looks at what it is now.
     *
     * @param via  how stage 2 translates a write to the descriptor
     * @spec DDI0487 D8.5
     */
    record Update(TableWalk table, Translation via, long from, long to) implements Walk, Stage2Walk.Client {
        @Override
        public Transaction transaction() {
            return table.transaction();
        }

        @Override
        public Need needs() {
            return Need.TRANSLATION;
        }

        @Override
        public Ste ste() {
            return table.ste;
        }

        @Override
        public Cd cd() {
            return table.cd;
        }

        @Override
        public Translation stage2() {
            return via;
        }

        @Override
        public long va() {
            return table.va;
        }

        @Override
        public int level() {
            return table.level;
        }

        @Override
        public long wants() {
            return table.wants();
        }

        @Override
        public long marked(long word) {
            return word == from ? to : word;
        }

        @Override
        public Walk feed(long word) {
            return table.feed(word);
        }

        @Override
        public Walk abort() {
            return table.abort();
        }

        @Override
        public Evt.Class cls() {
            return Evt.Class.TT;
        }

        @Override
        public boolean marks() {
            return true;
        }

        @Override
        public long ipa() {
            return table.address;
        }

        @Override
        public Walk at(Translation stage2) {
            return new Update(table, stage2, from, to);
        }
    }
}
