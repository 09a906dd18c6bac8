// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import lazaret.machine.Access;
import lazaret.machine.Chance;
import lazaret.machine.Strand;

/**
 * The default, except at the given departures. One whose place is never reached, or which asks for a strand
 * that may not step there, is passed over: the run goes on by the default.
 */
public final class Course implements Chance, Onlooker {
    private final Map<Anchor, Departure> departures = new LinkedHashMap<>();
    private final Set<String> departing = new LinkedHashSet<>();
    private final Progress progress = new Progress();

    public Course(List<Departure> departures) {
        for (Departure d : departures) {
            this.departures.put(d.at(), d);
            departing.add(d.at().strand());
        }
    }

    @Override
    public int pick(int n, String why) {
        return departures.get(progress.decides(why)) instanceof Departure.Pick(var _, int picked)
                && picked < n ? picked : 0;
    }

    @Override
    public int who(Strand[] enabled, int n) {
        int straight = progress.straight(enabled, n);
        if (departing.contains(progress.strand())
                && departures.get(progress.here()) instanceof Departure.To(var _, String next)) {
            for (int i = 0; i < n; i++) {
                if (enabled[i].name().equals(next)) {
                    return i;
                }
            }
        }
        return straight;
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
