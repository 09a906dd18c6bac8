// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import lazaret.machine.Mix;

/** What a search counts. */
final class Tally {
    private Visited endStates = new Visited();
    private final Map<String, Found> found = new TreeMap<>();
    private final Map<String, Long> endings = new TreeMap<>();
    private Engine engine;
    private int passes;
    private long runs;
    private long cuts;
    private long steps;
    private long transitions;
    private int deepest;

    /** @param repeated how many of the {@code nodes} nodes were known */
    void ran(int itsSteps, int nodes, int repeated) {
        runs++;
        steps += itsSteps;
        transitions += nodes - repeated + (repeated > 1 ? 1 : 0);
        deepest = Math.max(deepest, nodes - 1);
    }

    /** The search begins anew, by {@code next}. */
    void pass(Engine next) {
        engine = next;
        passes++;
        endStates = new Visited();
        endings.clear();
    }

    void cut() {
        cuts++;
    }

    void ended(Ending ending, long hash) {
        String how = switch (ending) {
            case Ending.Rest _ -> "rest";
            case Ending.Stuck stuck -> "stuck: " + String.join(", ", new TreeMap<>(byName(stuck)).keySet());
            case Ending.OutOfSteps _ -> "out of steps";
            case Ending.Oops oops -> "oops: " + oops.strand().name() + " " + oops.cause();
            case Ending.Unknown unknown -> "not modelled: " + unknown.what();
            case Ending.Stopped _ -> "stopped";
        };
        endings.merge(how, 1L, Long::sum);
        endStates.find(hash ^ Mix.of(how));
    }

    private static Map<String, String> byName(Ending.Stuck stuck) {
        Map<String, String> names = new TreeMap<>();
        stuck.waiting().forEach(name -> names.put(name, name));
        return names;
    }

    long runs() {
        return runs;
    }

    int kinds() {
        return found.size();
    }

    boolean isNew(String kind) {
        return !found.containsKey(kind);
    }

    void found(Found first) {
        found.put(first.kind(), first);
    }

    Explored explored(boolean complete, int shared) {
        return new Explored(complete, passes, shared, runs, cuts, engine.states(), transitions, steps,
                deepest, new TreeMap<>(endings),
                List.copyOf(found.values()), endStates.sorted());
    }
}
