// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import java.util.List;
import lazaret.machine.Access;
import lazaret.machine.Chance;
import lazaret.machine.Strand;

/** Strands in a given order, one a step; where that cannot be and after its end, another course. */
public final class Follow implements Chance, Onlooker {
    private final List<String> order;
    private final Course otherwise;
    private int step;

    public Follow(List<String> order, Course otherwise) {
        this.order = List.copyOf(order);
        this.otherwise = otherwise;
    }

    @Override
    public int pick(int n, String why) {
        return otherwise.pick(n, why);
    }

    @Override
    public int who(Strand[] enabled, int n) {
        int other = otherwise.who(enabled, n);
        for (int i = 0; i < n && step < order.size(); i++) {
            if (enabled[i].name().equals(order.get(step))) {
                return i;
            }
        }
        return other;
    }

    @Override
    public void announces(Strand who, Access access, long resource) {
        otherwise.announces(who, access, resource);
    }

    @Override
    public void steps(Strand who) {
        otherwise.steps(who);
        step++;
    }
}
