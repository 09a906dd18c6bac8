// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import lazaret.machine.Access;
import lazaret.machine.Chance;
import lazaret.machine.Condition;
import lazaret.machine.Machine;
import lazaret.machine.Strand;
import lazaret.machine.Strands;
import lazaret.machine.Unmodelled;

/**
 * One execution of a program on a machine.
 *
 * <p>The decision who steps next is taken inside the running strand: at a point it collects the strands that may step, asks
 * the {@link Chance}, runs chosen hardware right there, and suspends itself only when other software was chosen. So a step
 * costs nanoseconds and a switch about a hundred, and both happen on one thread.
 */
public final class Run implements Strands {
    private static final long MIX = 0x9E3779B97F4A7C15L;

    private final Machine machine;
    private final Chance chance;
    private final int limit;
    private final Coroutine.Maker maker;
    private final List<Task> tasks = new ArrayList<>();
    private final Strand[] hardware;
    private Strand[] enabled;
    private Strand current;
    private Task chosen;
    private Ending ending;
    private int steps;
    private int switches;
    private long digest;

    /**
     * @param machine rolled back to where the program starts
     * @param chance  decides everything; it sees a choice only where there are two alternatives
     * @param limit   after so many steps the run ends as {@link Ending.OutOfSteps}
     */
    public Run(Machine machine, Chance chance, int limit) {
        this(machine, chance, limit, OnContinuation::new);
    }

    Run(Machine machine, Chance chance, int limit, Coroutine.Maker maker) {
        this.machine = machine;
        this.chance = chance;
        this.limit = limit;
        this.maker = maker;
        hardware = machine.hardware().toArray(Strand[]::new);
        enabled = new Strand[hardware.length + 16];
    }

    /**
     * Starts the program's software by {@code actors} and runs to the end. The machine belongs to this run meanwhile.
     *
     * @throws RuntimeException when hardware fails: that is a bug of Lazaret, not a finding
     */
    public Ending execute(Runnable actors) {
        machine.enter(this, this::choose);
        try {
            actors.run();
            Task next = decide(null);
            while (next != null) {
                next = carry(next);
            }
        } finally {
            machine.leave();
            tasks.forEach(t -> t.coroutine().abandon());
        }
        return ending;
    }

    /** Ends the run before its next step. For listeners that have seen enough. */
    public void stop() {
        if (ending == null) {
            ending = new Ending.Stopped();
        }
    }

    /** Steps taken so far: scheduling points passed by software plus steps of hardware. */
    public int steps() {
        return steps;
    }

    /** How often one software strand was suspended and another one resumed. */
    public int switches() {
        return switches;
    }

    /** A hash of all decisions and of what they were taken among: equal for equal runs, in every JVM. */
    public long digest() {
        return digest;
    }

    @Override
    public Strand current() {
        return current;
    }

    @Override
    public void point(Access access, long resource) {
        Task self = (Task) current;
        pass(self, decide(self));
    }

    @Override
    public void await(Condition condition) {
        Task self = (Task) current;
        self.awaiting(condition);
        pass(self, decide(self));
        self.awaiting(null);
    }

    @Override
    public Strand start(String name, String lane, Condition mayRun, Runnable body) {
        Task task = new Task(this, name, lane, mayRun, body, maker);
        tasks.add(task);
        int room = tasks.size() + hardware.length + 1;
        if (room > enabled.length) {
            enabled = Arrays.copyOf(enabled, room * 2);
        }
        return task;
    }

    /** Runs {@code task} until it pauses or ends; returns who is next, null when the run is over. */
    private Task carry(Task task) {
        enter(task);
        if (!task.coroutine().done()) {
            return chosen;
        }
        tasks.remove(task);
        return decide(null);
    }

    void enter(Task task) {
        current = task;
        chosen = null;
        task.coroutine().resume();
    }

    /** The body of a task: what escapes it ends the run. */
    void guard(Task task, Runnable body) {
        try {
            body.run();
        } catch (Unmodelled refusal) {
            ending = new Ending.Unknown(refusal.getMessage());
        } catch (RuntimeException | AssertionError | StackOverflowError escaped) {
            ending = new Ending.Oops(task, escaped);
        }
    }

    private void pass(Task self, Task next) {
        if (next != self) {
            chosen = next;
            switches++;
            self.coroutine().pause();
        }
        current = self;
    }

    /** Runs hardware as long as hardware is chosen. Returns the software that is next, null when the run is over. */
    private Task decide(Task self) {
        while (ending == null) {
            int n = collect(self);
            if (n == 0) {
                ending = rest();
            } else if (steps++ >= limit) {
                ending = new Ending.OutOfSteps(limit);
            } else {
                Strand next = n == 1 ? enabled[0] : who(n);
                if (next instanceof Task task) {
                    return task;
                }
                hardwareStep(next);
            }
        }
        return null;
    }

    private void hardwareStep(Strand next) {
        current = next;
        try {
            next.step();
        } catch (Unmodelled refusal) {
            ending = new Ending.Unknown(refusal.getMessage());
        }
    }

    private Strand who(int n) {
        int picked = chance.who(enabled, n);
        digest = (digest ^ (long) n << 8 ^ picked) * MIX;
        return enabled[picked];
    }

    private int choose(int n, String why) {
        int picked = chance.pick(n, why);
        digest = (digest ^ (long) n << 8 ^ picked ^ 1L << 32) * MIX;
        return picked;
    }

    /** Fills {@link #enabled}: the running strand first, other software in order of its start, hardware, time last. */
    private int collect(Task self) {
        int n = 0;
        if (self != null && self.enabled()) {
            enabled[n++] = self;
        }
        for (int i = 0; i < tasks.size(); i++) {
            Task task = tasks.get(i);
            if (task != self && task.enabled()) {
                enabled[n++] = task;
            }
        }
        boolean still = false;
        for (Strand agent : hardware) {
            if (agent.enabled()) {
                enabled[n++] = agent;
                still |= agent.prompt();
            }
        }
        if (!still && machine.clock().enabled()) {
            enabled[n++] = machine.clock();
        }
        return n;
    }

    private Ending rest() {
        if (tasks.isEmpty()) {
            return new Ending.Rest();
        }
        List<String> waiting = new ArrayList<>();
        tasks.forEach(t -> waiting.add(t.name()));
        return new Ending.Stuck(waiting);
    }
}
