// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import lazaret.machine.Mix;

/** What a search counts. */
final class Tally {
    private Visited endStates = new Visited();
    private final Map<String, Found> found = new TreeMap<>();
    private final Map<String, Long> endings = new TreeMap<>();
    private long states;
    private boolean beyond;
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

    /** So many different states were met, all but what lay {@code beyondBound}. */
    void met(long different, boolean beyondBound) {
        states = different;
        beyond = beyondBound;
    }

    /** The search begins anew. */
    void pass() {
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
            case Ending.Spins spins -> "spins: " + spins.strand();
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

    /** What another worker counted in the same pass. */
    void add(Tally other) {
        runs += other.runs;
        cuts += other.cuts;
        steps += other.steps;
        transitions += other.transitions;
        deepest = Math.max(deepest, other.deepest);
        other.endings.forEach((how, n) -> endings.merge(how, n, Long::sum));
        for (long end : other.endStates.sorted()) {
            endStates.find(end);
        }
        other.found.forEach(found::putIfAbsent);
    }

    void write(DataOutput to) throws IOException {
        to.writeInt(passes);
        to.writeLong(runs);
        to.writeLong(cuts);
        to.writeLong(steps);
        to.writeLong(transitions);
        to.writeInt(deepest);
        to.writeInt(endStates.size());
        endStates.write(to);
        to.writeInt(endings.size());
        for (Map.Entry<String, Long> ending : endings.entrySet()) {
            to.writeUTF(ending.getKey());
            to.writeLong(ending.getValue());
        }
        to.writeInt(found.size());
        for (Found one : found.values()) {
            write(one, to);
        }
    }

    private static void write(Found one, DataOutput to) throws IOException {
        to.writeUTF(one.kind());
        to.writeUTF(one.ending());
        to.writeInt(one.steps());
        to.writeInt(one.choices().size());
        for (Choice choice : one.choices()) {
            to.writeUTF(choice.line());
        }
    }

    void read(DataInput from) throws IOException {
        passes = from.readInt();
        runs = from.readLong();
        cuts = from.readLong();
        steps = from.readLong();
        transitions = from.readLong();
        deepest = from.readInt();
        for (int left = from.readInt(); left > 0; left--) {
            endStates.meet(from.readLong(), from.readLong());
        }
        for (int left = from.readInt(); left > 0; left--) {
            endings.put(from.readUTF(), from.readLong());
        }
        for (int left = from.readInt(); left > 0; left--) {
            found(readFound(from));
        }
    }

    private static Found readFound(DataInput from) throws IOException {
        String kind = from.readUTF();
        String ending = from.readUTF();
        int steps = from.readInt();
        List<Choice> choices = new ArrayList<>();
        for (int left = from.readInt(); left > 0; left--) {
            choices.add(Choice.parse(from.readUTF()));
        }
        return new Found(kind, ending, choices, steps);
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
        return new Explored(complete, beyond, passes, shared, runs, cuts, states, transitions, steps,
                deepest, new TreeMap<>(endings),
                List.copyOf(found.values()), endStates.sorted());
    }
}
