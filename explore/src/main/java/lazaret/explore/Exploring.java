// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import lazaret.explore.Explorer.Method;

/** One exploration from its beginning to its end: lessons, and passes until one has met nothing new. */
final class Exploring {
    /** Random runs before the first pass, at most. */
    private static final int MOST_LESSONS = 500;
    /**
     * Some runs after something new it is asked whether that makes a difference. A pass that has to be
     * repeated goes on for as many, or for this part of its runs, to learn more.
     */
    private static final int PART = 4;
    private static final byte[] ALL = {};

    private final Explorer how;
    private final List<Program> programs;
    private final Sharing sharing;
    private final Tally tally = new Tally();
    private States states = new States();
    private Deque<byte[]> open = new ArrayDeque<>();
    /** Of this pass, for whoever watches. */
    private long runs;
    private long before;
    private int late;
    private boolean enough;
    private boolean due;

    Exploring(Explorer how, List<Program> programs) {
        this.how = how;
        this.programs = programs;
        sharing = how.learns && how.method != Method.NAIVE ? new Sharing() : null;
    }

    Explored explore() {
        if (how.checkpoint != null) {
            Ledger.tryOut(how.checkpoint);
        }
        if (how.checkpoint != null && how.checkpoint.resumes()) {
            tally.pass();
            ledger().read(how.checkpoint);
            if (sharing.grew()) {
                begin();            // what that pass knew when it began was not written down
            }
        } else if (sharing != null) {
            learn();
            begin();
        } else {
            begin();
        }
        pass();
        while (!enough && sharing != null && sharing.grew()) {
            begin();
            pass();
        }
        boolean all = open.isEmpty() && (sharing == null || !sharing.grew());
        if (all && how.checkpoint != null) {
            ledger().delete(how.checkpoint);
        }
        return tally.explored(all, sharing == null ? 0 : sharing.size());
    }

    /** Random runs, so that the first pass does not know nothing, until half of them taught nothing new. */
    private void learn() {
        var names = new Names();
        var sampler = new Sampler(names);
        var search = new Search(programs.getFirst(), sampler, names, sharing, tally, how.limit);
        tally.pass();
        sharing.widen();
        int last = 0;
        for (int i = 0; i < Math.clamp(2L * last, how.lessons, MOST_LESSONS) && !enough; i++) {
            sampler.begin(i);
            search.next();
            if (sharing.grew()) {
                last = i;
                sharing.widen();
            }
            enough = how.watch.enough(tally.runs(), 0, tally.kinds());
        }
    }

    private Ledger ledger() {
        return new Ledger(sharing, tally, states, open);
    }

    /** A pass begins. */
    private void begin() {
        if (sharing != null) {
            sharing.widen();
        }
        states = new States();
        late = 0;
        before = tally.runs();
        open.clear();
        open.add(ALL);
        tally.pass();
    }

    /** All runs, or some more after it was seen that too little is known. */
    private void pass() {
        do {
            round();
            if (canTakeIn() && sharing.grew() && sharing.takesIn()) {
                late = 0;
            }
            if (due || how.checkpoint != null && enough) {
                ledger().write(how.checkpoint);
                due = false;
            }
        } while (!open.isEmpty() && !enough && !isLate());
    }

    /** Everybody works until there is nothing left to do, or to where they are stopped. */
    private void round() {
        var crew = new ArrayList<Hand>();
        for (Program program : programs) {
            crew.add(new Hand(program));
        }
        runs = tally.runs();
        open = new Workers(open, () -> ran(crew)).run(new ArrayList<>(crew));
        tally.met(crew.getFirst().engine.states(), crew.getFirst().engine.beyond());
        for (Hand hand : crew) {
            tally.add(hand.tally);
            if (sharing != null && hand.sharing != sharing) {
                sharing.learn(hand.sharing);
            }
        }
    }

    private boolean ran(List<Hand> crew) {
        runs++;
        int found = tally.kinds();
        boolean grew = sharing != null && sharing.grew();
        for (Hand hand : crew) {
            found = Math.max(found, hand.tally.kinds());
            grew |= hand.sharing != null && hand.sharing.grew();
        }
        late += grew ? 1 : 0;
        enough = how.watch.enough(runs, crew.getFirst().engine.states(), found);
        due = how.checkpoint != null && how.checkpoint.due().getAsBoolean();
        return enough || due || canTakeIn() && late == how.patience || isLate();
    }

    /** Can a pass that was stopped go on, and does it decide by what {@link Reach} answers alone? */
    private boolean canTakeIn() {
        return sharing != null && how.method == Method.CACHE;
    }

    private boolean isLate() {
        return late >= Math.max(how.patience, (runs - before) / PART);
    }

    /** One worker, with what is its own. */
    private final class Hand implements Workers.Worker {
        private final Tally tally = new Tally();
        private final Sharing sharing;
        private final Engine engine;
        private final Search search;

        Hand(Program program) {
            if (programs.size() == 1 || Exploring.this.sharing == null) {
                sharing = Exploring.this.sharing;
            } else {
                sharing = new Sharing();
                sharing.begin(Exploring.this.sharing);
            }
            var names = new Names();
            engine = switch (how.method) {
                case NAIVE -> new Naive();
                case CACHE -> new Cache(states);
                case DPOR -> new Dpor(names);
                case BOUND -> new Bounded(how.preemptions, states, names);
            };
            search = new Search(program, engine, names, sharing, tally, how.limit);
        }

        @Override
        public void work(Workers all) {
            for (byte[] work = all.next(); work != null; work = all.next()) {
                search.take(work);
                boolean more = true;
                while (more) {
                    more = goOn(all);
                }
            }
        }

        private boolean goOn(Workers all) {
            boolean more = search.next();
            if (all.stops()) {
                if (more) {
                    all.give(search.rest());
                }
                return false;
            }
            byte[] some = more && all.wantsWork() ? search.share() : null;
            if (some != null) {
                all.give(some);
            }
            return more;
        }
    }
}
