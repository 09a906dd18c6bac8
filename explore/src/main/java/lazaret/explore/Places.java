// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import java.util.ArrayList;
import java.util.List;
import lazaret.machine.Access;
import lazaret.machine.Chance;
import lazaret.machine.Strand;

/** Passes decisions on and notes everything else that could have been decided. */
public final class Places implements Chance, Onlooker {
    private final Chance inner;
    private final Progress progress = new Progress();
    private final List<Departure> idle = new ArrayList<>();
    private final List<Departure> other = new ArrayList<>();

    public Places(Chance inner) {
        this.inner = inner;
    }

    /** What a run that departs once more could do: first what idle devices could, they break most. */
    public List<Departure> alternatives() {
        var all = new ArrayList<>(idle);
        all.addAll(other);
        return all;
    }

    /** The same, what comes last in the run first: it breaks what was begun before. */
    public List<Departure> latestFirst() {
        var all = new ArrayList<>(idle.reversed());
        all.addAll(other.reversed());
        return all;
    }

    @Override
    public int pick(int n, String why) {
        int picked = inner.pick(n, why);
        Anchor at = progress.decides(why);
        for (int i = 0; i < n; i++) {
            if (i != picked) {
                idle.add(new Departure.Pick(at, i));
            }
        }
        return picked;
    }

    @Override
    public int who(Strand[] enabled, int n) {
        int picked = inner.who(enabled, n);
        for (int i = 0; i < n; i++) {
            if (i != picked) {
                boolean eager = enabled[i] instanceof Task || enabled[i].prompt();
                (eager ? other : idle).add(new Departure.To(progress.here(), enabled[i].name()));
            }
        }
        return picked;
    }

    @Override
    public void announces(Strand who, Access access, long resource) {
        progress.announces(who, access, resource);
        if (inner instanceof Onlooker onlooker) {
            onlooker.announces(who, access, resource);
        }
    }

    @Override
    public void steps(Strand who) {
        progress.steps(who);
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
