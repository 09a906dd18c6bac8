// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

/**
 * Down the stage-1 tables of a CD, one descriptor at a time. Above a stage 2 the address of each descriptor
 * is translated first.
 *
 * <p>A leaf is marked as accessed or dirty in an atomic step, which comes to nothing if the descriptor is not
 * what it was. In either case the walk looks at what it is now.
 *
 * @spec DDI0487 D8.2
 * @spec DDI0487 D8.5
 */
final class TableWalk {
    private static final long PERMISSIONS =
            Pte.APTABLE.mask() | Pte.UXNTABLE.mask() | Pte.PXNTABLE.mask();

    private TableWalk() { }

    /** Chooses the half, and checks that it holds the address. */
    static void start(Walk w) {
        w.place = Place.TABLE;
        aim(w);
        Regime.Side side = w.side;
        if (side.closed() || !inside(w) || side.hidden() && hidden(w)) {
            Ends.faulted(w, EventId.F_TRANSLATION);
        }
        w.located = false;
    }

    /** Goes to the first table. */
    static void locate(Walk w) {
        Regime.Side side = w.side;
        w.level = side.level();
        w.above = 0;
        w.goTo(side.granule().first(side.table(), side.bits(), side.level(), w.va));
    }

    /** What follows from the address and its regime. */
    static void aim(Walk w) {
        w.access = w.access();
        w.side = w.regime.isUpper(w.iova) ? w.regime.upper() : w.regime.lower();
        w.va = w.side.tagged() ? w.iova << 8 >> 8 : w.iova;
    }

    /** Are all bits above the half's size the same as bit 55? */
    private static boolean inside(Walk w) {
        return (w.side == w.regime.upper() ? ~w.va : w.va) >>> w.side.bits() == 0;
    }

    /** Does the half not exist for unprivileged accesses, and is this one? */
    private static boolean hidden(Walk w) {
        return w.regime.world().asids() && !w.access.privileged();
    }

    static void feed(Walk w, long pte) {
        Idr idr = w.regs.idr();
        boolean table = Pte.table(pte, w.level);
        if (!table && !w.side.granule().leaf(pte, w.level, idr)) {
            Ends.faulted(w, EventId.F_TRANSLATION);
            return;
        }
        long output = w.side.granule().output(pte, idr);
        if (!Idr.fits(output, w.side.out())) {
            Ends.faulted(w, EventId.F_ADDR_SIZE);
        } else if (table) {
            descend(w, pte, output);
        } else {
            leaf(w, pte, output);
        }
    }

    static void abort(Walk w) {
        var event = new Event.FWalkEabt(w.origin(), Event.Fetch.at(w.wants), w.access(), false, Evt.Class.TT,
                w.iova);
        Ends.misconfigured(w, event);
    }

    /** A leaf is known already. False if it has to be looked at nevertheless, to be marked. */
    static boolean known(Walk w) {
        if (w.type.write() && (w.s1.clean() || w.two && w.s2.clean())) {
            w.two = false;
            return false;
        }
        w.fresh = false;
        if (!w.s1.allows(w)) {
            w.two = false;
            Ends.faulted(w, EventId.F_PERMISSION);
        } else if (w.two) {
            w.place = Place.LAST;
            Stage2Walk.settle(w);
        } else {
            w.passes();
        }
        return true;
    }

    private static void descend(Walk w, long pte, long table) {
        w.above = w.side.flat() ? 0 : w.above | pte & PERMISSIONS;
        w.level++;
        w.place = Place.TABLE;
        w.goTo(w.side.granule().next(table, w.level, w.va));
        w.deeper = w.direct;
    }

    private static void leaf(Walk w, long pte, long output) {
        boolean sets = w.cd.test(Cd.HA);
        if (!Pte.AF.test(pte) && !sets && !w.cd.test(Cd.AFFD)) {
            Ends.faulted(w, EventId.F_ACCESS);
            return;
        }
        boolean clean = sets && w.cd.test(Cd.HD) && Pte.DBM.test(pte) && (pte & Pte.AP_RDONLY) != 0;
        find(w, pte, output, clean);
        if (!w.s1.allows(w)) {
            Ends.faulted(w, EventId.F_PERMISSION);
            return;
        }
        long marked = pte | (sets && w.s1.usedBy(w) ? Pte.AF.mask() : 0);
        if (clean && w.s1.dirtiedBy(w)) {
            marked &= ~Pte.AP_RDONLY;
        }
        if (marked != pte) {
            mark(w, pte, marked);
        } else if (w.nested) {
            w.place = Place.LAST;
            Stage2Walk.start(w);
        } else {
            w.passes();
        }
    }

    /** The update of a descriptor is a write: above a stage 2, one for it to permit. */
    private static void mark(Walk w, long pte, long marked) {
        w.place = Place.MARK;
        w.from = pte;
        w.to = marked;
        if (w.nested) {
            Stage2Walk.start(w);
        }
    }

    private static void find(Walk w, long pte, long output, boolean clean) {
        boolean epan = w.regs.idr().has(Idr3.EPAN) && w.cd.test(Cd.EPAN);
        int rights = Rights.of(clean ? pte & ~Pte.AP_RDONLY : pte, w.above, w.cd, w.world(), epan);
        w.s1.leaf(w.va, output, w.side.granule().shift(w.level), rights, w.wants, pte);
        int attr = (int) (w.cd.w3() >>> 8 * Pte.ATTRINDX.getInt(pte)) & 0xff;
        w.s1.says(!w.world().asids() || !Pte.NG.test(pte), clean, attr);
        w.fresh = true;
    }
}
