// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import java.util.List;
import lazaret.machine.Access;
import lazaret.machine.Chance;
import lazaret.machine.Strand;

/** The default, except at the choices given by their number: the same run again, in the same program only. */
public final class Exact implements Chance, Onlooker {
    /**
     * The {@code index}-th choice of the run, counted from 0, was decided otherwise than by the default.
     *
     * @param picked which alternative
     */
    public record Turn(int index, int picked) {
        public Turn {
            if (index < 0 || picked < 0) {
                throw new IllegalArgumentException("no turn: " + index + " " + picked);
            }
        }
    }

    private final List<Turn> turns;
    private final Progress progress = new Progress();
    private int index;
    private int next;

    /** @param turns in order */
    public Exact(List<Turn> turns) {
        this.turns = List.copyOf(turns);
    }

    /** Were all turns taken? */
    public boolean finished() {
        return next == turns.size();
    }

    @Override
    public int pick(int n, String why) {
        return turn(n, 0);
    }

    @Override
    public int who(Strand[] enabled, int n) {
        return turn(n, progress.straight(enabled, n));
    }

    private int turn(int n, int straight) {
        if (finished() || turns.get(next).index() != index++) {
            return straight;
        }
        int picked = turns.get(next++).picked();
        if (picked >= n) {
            throw new Replayer.Diverged("choice " + index + " has " + n + " alternatives, not " + picked);
        }
        return picked;
    }

    @Override
    public void announces(Strand who, Access access, long resource) {
        progress.announces(who, access, resource);
    }

    @Override
    public void steps(Strand who) {
        progress.steps(who);
    }
}
