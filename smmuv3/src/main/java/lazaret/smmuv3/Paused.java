// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

/**
 * A {@link Walk} between two steps: what it has to remember, and nothing that follows from that.
 *
 * @param stand  where it stands, the small numbers of a walk side by side
 * @param ste    of which words may be missing while it is read
 * @param cd     so too; null before
 * @param marks  where a descriptor is about to be marked, else null
 * @param stage1 what stage 1 said, while stage 2 is asked for the access itself, else null
 */
public record Paused(Regs regs, Transaction transaction, long stand, Ste ste, Cd cd, long address, long wants,
        long above, long wants2, Marks marks, Translation stage1) {
    /** What a descriptor of each stage is, and what it is to become. */
    public record Marks(long from, long to, long from2, long to2) { }

    private static final Place[] PLACES = Place.values();
    private static final Place.Below[] BELOW = Place.Below.values();

    /** Remembers a walk that is not done. */
    public static Paused of(Walk w) {
        boolean below = w.below != Place.Below.NOT;
        boolean entry = w.place.reads();
        boolean tables = w.place.descends();
        boolean marks = w.place == Place.MARK || w.below == Place.Below.MARK;
        return new Paused(w.regs, w.transaction(), stand(w),
                w.place == Place.STREAM ? w.steRead : w.ste,
                w.place == Place.CONTEXT ? w.cdRead : w.cd,
                w.place == Place.CONTEXT || tables ? w.address : 0,
                entry || tables ? w.wants : 0,
                tables ? w.above : 0,
                below ? w.wants2 : 0,
                marks ? marks(w) : null,
                w.place == Place.LAST ? w.s1.translation(null) : null);
    }

    private static Marks marks(Walk w) {
        boolean first = w.place == Place.MARK;
        boolean second = w.below == Place.Below.MARK;
        return new Marks(first ? w.from : 0, first ? w.to : 0, second ? w.from2 : 0, second ? w.to2 : 0);
    }

    private static long stand(Walk w) {
        boolean entry = w.place.reads();
        boolean tables = w.place.descends();
        long small = w.place.ordinal() | w.below.ordinal() << 3
                | (w.direct ? 1 : 0) << 5 | (w.located ? 1 : 0) << 24
                | (entry ? w.next + 1 : 0) << 6 | (entry ? w.have : 0) << 10
                | (tables ? w.level & 7 : 0) << 18 | (w.below != Place.Below.NOT ? w.level2 & 7 : 0) << 21;
        return w.place == Place.CONTEXT ? small | (long) w.cdIndex << 32 : small;
    }

    /** Makes {@code w} go on from here. */
    void to(Walk w) {
        w.ask(regs, transaction);
        int small = (int) stand;
        w.place = PLACES[small & 7];
        w.below = BELOW[small >>> 3 & 3];
        w.direct = (small & 1 << 5) != 0;
        w.located = (small & 1 << 24) != 0;
        w.next = (small >>> 6 & 15) - 1;
        w.have = small >>> 10 & 0xff;
        w.level = small >>> 18 & 7;
        w.level2 = small >>> 21 & 7;
        w.cdIndex = (int) (stand >>> 32);
        w.address = address;
        w.wants = wants;
        w.above = above;
        w.wants2 = wants2;
        if (marks != null) {
            w.from = marks.from;
            w.to = marks.to;
            w.from2 = marks.from2;
            w.to2 = marks.to2;
        }
        entries(w);
        if (w.below != Place.Below.NOT) {
            Stage2Walk.aim(w);
        }
    }

    private void entries(Walk w) {
        if (w.place == Place.STREAM) {
            w.steRead = ste;
            return;
        }
        w.ste = ste;
        w.nested = ste.config().stage2();
        switch (w.place) {
            case CONTEXT -> w.cdRead = cd;
            case TABLE, MARK -> table(w);
            case LAST -> {
                w.s1.set(stage1);
                w.fresh = w.s1.byLeaf();
                w.va = w.iova;
                w.access = w.access();
                if (w.fresh) {
                    table(w);
                }
            }
            case STREAM, END -> throw new IllegalStateException("nothing to go on with: " + w.place);
        }
    }

    private void table(Walk w) {
        w.cd = cd;
        w.regime = Regime.of(ste, cd, regs.idr(), regs.e2h());
        TableWalk.aim(w);
    }
}
