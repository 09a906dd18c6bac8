// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

/**
 * How a legal CD translates under its STE: what follows from their words and need not be looked up for every
 * address.
 */
public final class Regime {
    /**
     * One half.
     *
     * @param closed nothing is translated here
     * @param tagged see {@link Half#tagged}
     * @param hidden see {@link Half#hidden}
     * @param flat   see {@link Half#flat}
     * @param bits   of an input address
     * @param level  of the first table
     * @param table  where that is, not yet aligned
     * @param out    bits of an output address
     */
    record Side(boolean closed, boolean tagged, boolean hidden, boolean flat, int bits, Granule granule,
            int level, long table, int out) {
        private static Side of(Half half, boolean exists, Cd cd, Idr idr) {
            boolean closed = !exists || half.disabled(cd);
            int bits = 64 - half.txsz(cd);
            Granule granule = closed ? null : half.granule(cd);
            return new Side(closed, half.tagged(cd), idr.has(Idr3.E0PD) && half.hidden(cd),
                    idr.has(Idr3.HAD) && half.flat(cd), bits, granule, closed ? 0 : granule.start(bits),
                    half.ttb(cd), idr.capped(cd.get(Cd.IPS)));
        }
    }

    private final StreamWorld world;
    private final Side lower;
    private final Side upper;

    private Regime(StreamWorld world, Side lower, Side upper) {
        this.world = world;
        this.lower = lower;
        this.upper = upper;
    }

    public static Regime of(Ste ste, Cd cd, Idr idr, boolean e2h) {
        StreamWorld world = StreamWorld.of(ste, idr, e2h);
        return new Regime(world, Side.of(Half.LOWER, true, cd, idr),
                Side.of(Half.UPPER, world.asids(), cd, idr));
    }

    StreamWorld world() {
        return world;
    }

    /** The half of low addresses; where there is only one, that. */
    Side lower() {
        return lower;
    }

    Side upper() {
        return upper;
    }

    boolean isUpper(long iova) {
        return world.asids() && Half.of(iova) == Half.UPPER;
    }
}
