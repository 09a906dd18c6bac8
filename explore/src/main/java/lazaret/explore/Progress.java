// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lazaret.machine.Access;
import lazaret.machine.Strand;

/** How far each strand of a run has come, and what the default would do now. */
final class Progress implements Onlooker {
    /** One strand's counters. */
    private static final class Counts {
        private final int[] announced = new int[Access.values().length];
        private final Map<String, Integer> decided = new LinkedHashMap<>();
        private int steps;
    }

    private static final int AT_IT = 0;
    private static final int PROMPT = 1;
    private static final int RUNNING = 2;
    private static final int READY = 3;
    private static final int PUT_OFF = 4;
    private static final int LATE = 5;
    private static final String TIME = "time";

    private final Map<String, Counts> strands = new LinkedHashMap<>();
    private final List<Strand> putOff = new ArrayList<>();
    private Strand offered;                 // what the default took last, null once a step was taken
    private Strand last;
    private Strand software;
    private Counts lastCounts;
    private Access pending;
    private boolean timed;
    private int steps;
    private int handovers;
    private int passes;

    @Override
    public void announces(Strand who, Access access, long resource) {
        pending = access;
        lastCounts.announced[access.ordinal()]++;
    }

    @Override
    public void steps(Strand who) {
        defer(who);
        if (who != last) {
            handovers += last != null && !who.lane().equals(last.lane()) ? 1 : 0;
            lastCounts = strands.computeIfAbsent(who.name(), _ -> new Counts());
            last = who;
            timed = who.name().equals(TIME);
            software = who instanceof Task ? who : software;
        }
        lastCounts.steps++;
        passes += timed ? 1 : 0;
        pending = null;
        steps++;
    }

    /** Hardware that had to act, and did not, waits until software cannot go on without it. */
    private void defer(Strand who) {
        putOff.remove(who);
        if (offered != null && offered != who && offered.prompt() && !putOff.contains(offered)) {
            putOff.add(offered);
        }
        offered = null;
    }

    /** Steps taken. */
    int steps() {
        return steps;
    }

    /** How often time passed. */
    int passes() {
        return passes;
    }

    /** How often a step was taken in another lane than the one before. */
    int handovers() {
        return handovers;
    }

    /** Which of the enabled the default takes; see {@link Departure}. Asked at every choice who steps. */
    int straight(Strand[] enabled, int n) {
        int best = 0;
        int rank = Integer.MAX_VALUE;
        for (int i = 0; i < n; i++) {
            int r = rank(enabled[i]);
            if (r < rank || r == LATE && rank == LATE) {
                best = i;
                rank = r;
            }
        }
        offered = enabled[best];
        return best;
    }

    private int rank(Strand strand) {
        if (strand instanceof Task) {
            return strand == software ? RUNNING : READY;
        }
        if (putOff.contains(strand)) {
            return PUT_OFF;
        }
        if (strand.prompt()) {
            return strand == last ? AT_IT : PROMPT;
        }
        return strand == last && !timed ? AT_IT : LATE;
    }

    /** Whose progress {@link #here} is counted by. */
    String strand() {
        return last == null ? Anchor.START.strand() : last.name();
    }

    /** The place at which somebody now says who steps. */
    Anchor here() {
        if (last == null) {
            return Anchor.START;
        }
        return pending == null ? new Anchor(last.name(), "step", lastCounts.steps)
                : new Anchor(last.name(), pending.name(), lastCounts.announced[pending.ordinal()]);
    }

    /** The place at which somebody now says what happens. */
    Anchor decides(String why) {
        if (last == null) {
            return new Anchor(Anchor.START.strand(), why, 1);
        }
        return new Anchor(last.name(), why, lastCounts.decided.merge(why, 1, Integer::sum));
    }
}
