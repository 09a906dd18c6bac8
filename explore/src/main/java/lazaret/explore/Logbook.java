// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import java.util.ArrayList;
import java.util.List;
import lazaret.machine.Access;
import lazaret.machine.Chance;
import lazaret.machine.Strand;

/** Passes decisions on and writes down where they depart from the default, in both forms of a replay. */
public final class Logbook implements Chance, Onlooker {
    private final Chance inner;
    private final Progress progress = new Progress();
    private final List<Departure> departures = new ArrayList<>();
    private final List<Exact.Turn> turns = new ArrayList<>();
    private int choices;

    public Logbook(Chance inner) {
        this.inner = inner;
    }

    /** Where the run departed from the default, in order; {@link Course} takes them again. */
    public List<Departure> departures() {
        return List.copyOf(departures);
    }

    /** The same by number, for {@link Exact}. */
    public List<Exact.Turn> turns() {
        return List.copyOf(turns);
    }

    /** How the run went, for whoever wants a plainer one. */
    public Cost cost() {
        int picks = (int) departures.stream().filter(d -> d instanceof Departure.Pick).count();
        return new Cost(picks, progress.passes(), departures.size(), progress.handovers(), progress.steps());
    }

    @Override
    public int pick(int n, String why) {
        int picked = inner.pick(n, why);
        Anchor at = progress.decides(why);
        if (picked != 0) {
            note(picked, new Departure.Pick(at, picked));
        }
        choices++;
        return picked;
    }

    @Override
    public int who(Strand[] enabled, int n) {
        int picked = inner.who(enabled, n);
        if (picked != progress.straight(enabled, n)) {
            note(picked, new Departure.To(progress.here(), enabled[picked].name()));
        }
        choices++;
        return picked;
    }

    private void note(int picked, Departure departure) {
        departures.add(departure);
        turns.add(new Exact.Turn(choices, picked));
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
