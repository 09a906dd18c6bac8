// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

import java.util.function.BiFunction;
import lazaret.machine.Unmodelled;

/**
 * Down the stage-1 tables of a CD, 4 KiB granule, one descriptor at a time.
 *
 * @param va    the address to translate, without tag
 * @param level of the table that the next descriptor is in
 * @param wants address of that descriptor
 * @param above what the tables on the way said about permissions, or-ed
 * @spec DDI0487 D8.2
 */
record TableWalk(Asked asked, Ste ste, Cd cd, long va, int level, long wants, long above) implements Walk {
    private static final long PERMISSIONS =
            Pte.APTABLE.mask() | Pte.UXNTABLE.mask() | Pte.PXNTABLE.mask();

    /** Chooses the half, checks that it holds the address, and goes to its first table. */
    static Walk start(Asked asked, Ste ste, Cd cd) {
        long iova = asked.tx().iova();
        Half half = StreamWorld.of(ste, asked.idr(), asked.regs().e2h()).asids() ? Half.of(iova) : Half.LOWER;
        long va = half.tagged(cd) ? iova << 8 >> 8 : iova;
        if (half.disabled(cd) || !inside(va, half, half.txsz(cd))) {
            return fault(asked, ste, cd, Event.FTranslation::new);
        }
        if (half.granule(cd) != Granule.G4K) {
            throw new Unmodelled((1 << half.granule(cd).shift() - 10) + " KiB granule");
        }
        int txsz = half.txsz(cd);
        int level = (txsz - 16) / 9;
        long entries = 1L << 64 - txsz - Pte.shift(level);
        long table = half.ttb(cd) & -Math.max(64, entries * 8);
        long index = va >>> Pte.shift(level) & entries - 1;
        return new TableWalk(asked, ste, cd, va, level, table + index * 8, 0);
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
    public Walk feed(long pte) {
        boolean table = Pte.table(pte, level);
        if (!table && !Pte.leaf(pte, level)) {
            return fault(asked, ste, cd, Event.FTranslation::new);
        }
        if (!Idr.fits(Pte.OA.in(pte), asked.idr().capped(cd.get(Cd.IPS)))) {
            return fault(asked, ste, cd, Event.FAddrSize::new);
        }
        return table ? descend(pte) : leaf(pte);
    }

    @Override
    public Walk abort() {
        AccessType access = asked.tx().type().overridden(ste);
        var event = new Event.FWalkEabt(asked.origin(), Event.Fetch.at(wants), access, false, Evt.Class.TT,
                asked.tx().iova());
        return end(asked.misconfigured(event), null);
    }

    @Override
    public Walk with(Translation translation) {
        AccessType access = asked.tx().type().overridden(ste);
        if (asked.untranslated() && !translation.rights().allows(access)) {
            return fault(asked, ste, cd, TableWalk::permission);
        }
        return end(asked.passes(ste, translation), translation);
    }

    private Walk descend(long pte) {
        boolean flat = asked.idr().has(Idr3.HAD) && Half.of(va).flat(cd);
        long next = Pte.NEXT.in(pte) + 8L * Pte.index(va, level + 1);
        return new TableWalk(asked, ste, cd, va, level + 1, next, flat ? 0 : above | pte & PERMISSIONS);
    }

    private Walk leaf(long pte) {
        if (!Pte.AF.test(pte) && !cd.test(Cd.AFFD)) {
            if (cd.test(Cd.HA)) {
                throw new Unmodelled("HTTU: access flag (CD.HA)");
            }
            return fault(asked, ste, cd, Event.FAccess::new);
        }
        if (cd.test(Cd.HD) && Pte.DBM.test(pte) && (pte & Pte.AP_RDONLY) != 0) {
            throw new Unmodelled("HTTU: dirty state (CD.HD)");
        }
        return with(translation(pte));
    }

    private Translation translation(long pte) {
        StreamWorld world = StreamWorld.of(ste, asked.idr(), asked.regs().e2h());
        boolean epan = asked.idr().has(Idr3.EPAN) && cd.test(Cd.EPAN);
        Rights rights = Rights.of(pte, above, cd, world, epan);
        int attr = (int) (cd.w3() >>> 8 * Pte.ATTRINDX.getInt(pte)) & 0xff;
        boolean global = !world.asids() || !Pte.NG.test(pte);
        int shift = Pte.shift(level);
        return new Translation(va & -1L << shift, Pte.address(pte, level), shift, rights, global, attr);
    }

    private Done end(Outcome outcome, Translation translation) {
        return new Done(asked.tx(), outcome, ste, cd, translation);
    }

    /** Are all bits above the half's size the same as bit 55? */
    private static boolean inside(long va, Half half, int txsz) {
        return (half == Half.LOWER ? va : ~va) >>> 64 - txsz == 0;
    }

    private static Event permission(Event.Origin origin, Event.Fault fault) {
        return new Event.FPermission(origin, fault, false);
    }

    private static Done fault(Asked asked, Ste ste, Cd cd,
            BiFunction<Event.Origin, Event.Fault, Event> kind) {
        AccessType access = asked.tx().type().overridden(ste);
        Event event = kind.apply(asked.origin(), Event.Fault.stage1(access, asked.tx().iova()));
        return new Done(asked.tx(), asked.faulted(event, cd), ste, cd, null);
    }
}
