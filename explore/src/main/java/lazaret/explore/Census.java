// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lazaret.machine.Access;
import lazaret.machine.Chance;
import lazaret.machine.Strand;

/** What earlier runs of a program were like: what schedules that want to be fair need to know. */
public final class Census {
    /** Steps of all kinds, as something to be counted; no resource has this number. */
    public static final long ALL = Long.MIN_VALUE;

    private final int decisions;
    private final Map<Long, Map<String, Integer>> counts;
    private final List<Long> shared;

    private Census(int decisions, Map<Long, Map<String, Integer>> counts, List<Long> shared) {
        this.decisions = decisions;
        this.counts = counts;
        this.shared = shared;
    }

    /** Nothing is known but how many who-choices a run has, about. */
    public static Census of(int decisions) {
        return new Census(Math.max(1, decisions), Collections.emptyMap(), List.of());
    }

    /** The same of runs with so many who-choices. */
    public Census deciding(int many) {
        return new Census(Math.max(1, many), counts, shared);
    }

    /** How many who-choices a run has, about; at least 1. */
    public int decisions() {
        return decisions;
    }

    /** How many steps a strand of that name took that were announced for {@code resource}, or of all. */
    public int count(String strand, long resource) {
        Map<String, Integer> of = counts.get(resource);
        return of == null ? 0 : of.getOrDefault(strand, 0);
    }

    /** What several strands announced something for, and one that it changes it; in order of appearance. */
    public List<Long> shared() {
        return shared;
    }

    /** Passes decisions on and counts what is done. */
    public static final class Taker implements Chance, Onlooker {
        private final Chance inner;
        private final Map<Long, Map<String, Integer>> counts = new LinkedHashMap<>();
        private final Map<Long, Boolean> changed = new LinkedHashMap<>();
        private final Map<Strand, Pending> pending = new LinkedHashMap<>();
        private int decisions;

        public Taker(Chance inner) {
            this.inner = inner;
        }

        /** Of the run so far. */
        public Census census() {
            var several = new ArrayList<Long>();
            changed.forEach((resource, changes) -> {
                if (changes && counts.get(resource).size() > 1) {
                    several.add(resource);
                }
            });
            return new Census(Math.max(1, decisions), counts, several);
        }

        @Override
        public int pick(int n, String why) {
            return inner.pick(n, why);
        }

        @Override
        public int who(Strand[] enabled, int n) {
            decisions++;
            return inner.who(enabled, n);
        }

        @Override
        public void announces(Strand who, Access access, long resource) {
            pending.put(who, Pending.of(access, resource));
            if (inner instanceof Onlooker onlooker) {
                onlooker.announces(who, access, resource);
            }
        }

        @Override
        public void steps(Strand who) {
            count(ALL, who);
            Pending done = pending.remove(who);
            if (done != null && done != Pending.UNKNOWN) {
                count(done.resource(), who);
                changed.merge(done.resource(), done.changes(), Boolean::logicalOr);
            }
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

        private void count(long what, Strand who) {
            counts.computeIfAbsent(what, _ -> new LinkedHashMap<>()).merge(who.name(), 1, Integer::sum);
        }
    }
}
