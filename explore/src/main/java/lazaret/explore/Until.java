// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import lazaret.machine.Access;
import lazaret.machine.Chance;
import lazaret.machine.Strand;

/** The first steps by one chance, all later ones by another. */
public final class Until implements Chance, Onlooker {
    private final Exact first;
    private final Chance then;
    private final int steps;
    private int taken;

    /** @param steps how many steps the first one decides */
    public Until(Exact first, int steps, Chance then) {
        this.first = first;
        this.steps = steps;
        this.then = then;
    }

    @Override
    public int pick(int n, String why) {
        return taken <= steps ? first.pick(n, why) : then.pick(n, why);
    }

    @Override
    public int who(Strand[] enabled, int n) {
        return taken < steps ? first.who(enabled, n) : then.who(enabled, n);
    }

    @Override
    public void announces(Strand who, Access access, long resource) {
        first.announces(who, access, resource);
    }

    @Override
    public void steps(Strand who) {
        first.steps(who);
        taken++;
    }
}
