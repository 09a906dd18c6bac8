// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import java.util.ArrayList;
import java.util.List;
import lazaret.machine.Access;
import lazaret.machine.Chance;
import lazaret.machine.Strand;

/** Passes decisions on and writes them down. */
public final class Recorder implements Chance, Onlooker {
    private final Chance inner;
    private final List<Choice> choices = new ArrayList<>();

    public Recorder(Chance inner) {
        this.inner = inner;
    }

    /** All decisions so far. */
    public List<Choice> choices() {
        return List.copyOf(choices);
    }

    @Override
    public int pick(int n, String why) {
        int picked = inner.pick(n, why);
        choices.add(new Choice(false, n, picked, why));
        return picked;
    }

    @Override
    public int who(Strand[] enabled, int n) {
        int picked = inner.who(enabled, n);
        choices.add(new Choice(true, n, picked, enabled[picked].name()));
        return picked;
    }

    @Override
    public void announces(Strand who, Access access, long resource) {
        if (inner instanceof Onlooker onlooker) {
            onlooker.announces(who, access, resource);
        }
    }

    @Override
    public void steps(Strand who) {
        if (inner instanceof Onlooker onlooker) {
            onlooker.steps(who);
        }
    }

    @Override
    public void starts(Strand who) {
        if (inner instanceof Onlooker onlooker) {
            onlooker.starts(who);
        }
    }
}
