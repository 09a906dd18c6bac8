// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

import java.util.function.BiFunction;

/**
 * Down the stage-1 tables of a CD, one descriptor at a time. Above a stage 2 the address of each descriptor
 * is translated first.
 *
 * @param down    what stays the same on the way
 * @param level   of the table that the next descriptor is in
 * @param address of that descriptor, as stage 1 says it
 * @param above   what the tables on the way said about permissions, or-ed
 * @param via     how stage 2 translates that address; null where there is no stage 2 or it was not asked yet
 * @spec DDI0487 D8.2
 */
record TableWalk(Down down, int level, long address, long above, Translation via)
        implements Walk, Stage2Walk.Client {
    /**
     * Whose way it is.
     *
     * @param va   the address to translate, without tag
     * @param bits that an output address may have
     */
    record Down(Asked asked, Ste ste, Cd cd, long va, Granule granule, int bits) { }

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
        Down down = new Down(asked, ste, cd, va, granule, asked.idr().capped(cd.get(Cd.IPS)));
        return new TableWalk(down, level, first, 0, null);
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
        return down.asked.tx();
    }

    @Override
    public Need needs() {
        return Need.TRANSLATION;
    }

    @Override
    public Ste ste() {
        return down.ste;
    }

    @Override
    public Cd cd() {
        return down.cd;
    }

    @Override
    public long va() {
        return down.va;
    }

    @Override
    public Translation stage2() {
        return via;
    }

    @Override
    public Walk unknown() {
        boolean indirect = via == null && down.ste.config().stage2();
        return indirect ? Stage2Walk.start(down.asked, down.ste, this) : this;
    }

    @Override
    public long wants() {
        return via == null ? address : via.pa(address);
    }

    @Override
    public Walk feed(long pte) {
        boolean table = Pte.table(pte, level);
        if (!table && !down.granule.leaf(pte, level, down.asked.idr())) {
            return fault(down.asked, down.ste, down.cd, Event.FTranslation::new);
        }
        if (!Idr.fits(down.granule.output(pte, down.asked.idr()), down.bits)) {
            return fault(down.asked, down.ste, down.cd, Event.FAddrSize::new);
        }
        return table ? descend(pte) : leaf(pte);
    }

    @Override
    public Walk abort() {
        var fetch = Event.Fetch.at(wants());
        var event = new Event.FWalkEabt(down.asked.origin(), fetch, down.asked.access(down.ste), false,
                Evt.Class.TT, down.asked.tx().iova());
        return end(down.asked.misconfigured(event), null);
    }

    @Override
    public Walk with(Translation translation) {
        if (down.asked.tx().type().write() && translation.clean()) {
            return this;                                        // it has to be marked
        }
        if (!down.asked.allows(down.ste, translation.rights())) {
            return fault(down.asked, down.ste, down.cd, TableWalk::permission);
        }
        return translation.stage2() == null
                ? end(down.asked.passes(down.ste, translation), translation)
                : Stage2Walk.settle(down.asked, down.ste, last(translation), translation.stage2());
    }

    private Stage2Walk.Last last(Translation found) {
        return new Stage2Walk.Last(down.asked, down.ste, down.cd, down.va, found);
    }

    private Walk descend(long pte) {
        boolean flat = down.asked.idr().has(Idr3.HAD) && Half.of(down.va).flat(down.cd);
        long table = down.granule.output(pte, down.asked.idr());
        return new TableWalk(down, level + 1, down.granule.next(table, level + 1, down.va),
                flat ? 0 : above | pte & PERMISSIONS, null);
    }

    private Walk leaf(long pte) {
        boolean sets = down.cd.test(Cd.HA);
        if (!Pte.AF.test(pte) && !sets && !down.cd.test(Cd.AFFD)) {
            return fault(down.asked, down.ste, down.cd, Event.FAccess::new);
        }
        boolean clean = sets && down.cd.test(Cd.HD) && Pte.DBM.test(pte) && (pte & Pte.AP_RDONLY) != 0;
        Translation found = translation(pte, clean);
        if (!down.asked.allows(down.ste, found.rights())) {
            return fault(down.asked, down.ste, down.cd, TableWalk::permission);
        }
        long marked = pte | (sets && down.asked.uses(down.ste, found.rights()) ? Pte.AF.mask() : 0);
        if (clean && down.asked.dirties(down.ste, found.rights())) {
            marked &= ~Pte.AP_RDONLY;
        }
        if (marked != pte) {
            return mark(pte, marked);
        }
        return down.ste.config().stage2()
                ? Stage2Walk.start(down.asked, down.ste, last(found))
                : end(down.asked.passes(down.ste, found), found);
    }

    /** The update of a descriptor is a write: above a stage 2, one for it to permit. */
    private Walk mark(long pte, long marked) {
        var update = new Update(this, via, pte, marked);
        return down.ste.config().stage2() ? Stage2Walk.start(down.asked, down.ste, update) : update;
    }

    private Translation translation(long pte, boolean clean) {
        StreamWorld world = down.asked.world(down.ste);
        boolean epan = down.asked.idr().has(Idr3.EPAN) && down.cd.test(Cd.EPAN);
        Rights rights = Rights.of(clean ? pte & ~Pte.AP_RDONLY : pte, above, down.cd, world, epan);
        int attr = (int) (down.cd.w3() >>> 8 * Pte.ATTRINDX.getInt(pte)) & 0xff;
        boolean global = !world.asids() || !Pte.NG.test(pte);
        int shift = down.granule.shift(level);
        long pa = down.granule.output(pte, down.asked.idr()) & -1L << shift;
        var leaf = new Translation.Leaf(wants(), pte, shift, clean);
        return new Translation(down.va & -1L << shift, pa, shift, rights, global, attr, leaf, null);
    }

    private Done end(Outcome outcome, Translation translation) {
        return new Done(down.asked.tx(), outcome, down.ste, down.cd, translation);
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
        return new TableWalk(down, level, address, above, stage2);
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
            return table.down.ste;
        }

        @Override
        public Cd cd() {
            return table.down.cd;
        }

        @Override
        public Translation stage2() {
            return via;
        }

        @Override
        public long va() {
            return table.down.va;
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
