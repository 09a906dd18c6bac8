// SPDX-License-Identifier: Apache-2.0
package lazaret.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import lazaret.machine.Access;
import lazaret.machine.Chance;
import lazaret.machine.Condition;
import lazaret.machine.Machine;
import lazaret.machine.Strand;
import lazaret.machine.Strands;

/**
 * A scheduler for tests: software runs on virtual threads of which exactly one is ever awake; who goes on is
 * decided by a {@link Chance} at every point.
 */
final class Interleaved implements Strands {
    private static final int LIMIT = 20_000;

    private final class Task implements Strand {
        private final String name;
        private final String lane;
        private final Condition mayRun;
        private final Semaphore go = new Semaphore(0);
        private Condition awaited = Condition.ALWAYS;

        Task(String name, String lane, Condition mayRun) {
            this.name = name;
            this.lane = lane;
            this.mayRun = mayRun;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public String lane() {
            return lane;
        }

        @Override
        public Condition consent() {
            return mayRun;
        }

        @Override
        public boolean enabled() {
            return awaited.holds() && mayRun.holds();
        }

        @Override
        public void step() {
            throw new IllegalStateException(name + " is software");
        }

        @Override
        public boolean prompt() {
            return false;
        }
    }

    private final Machine machine;
    private final Chance chance;
    private final List<Task> tasks = new ArrayList<>();
    private final Semaphore over = new Semaphore(0);
    private final Strand boot;
    private Strand current;
    private Throwable failure;
    private int steps;

    private Interleaved(Machine machine, Chance chance) {
        this.machine = machine;
        this.chance = chance;
        boot = machine.strands().current();
        current = boot;
    }

    /**
     * Runs what {@code actors} starts; names of those that wait for ever. What escapes software is thrown
     * here.
     */
    static List<String> run(Machine machine, Chance chance, Runnable actors) {
        Interleaved run = new Interleaved(machine, chance);
        machine.enter(run, chance);
        try {
            actors.run();
            Task first = run.next();
            if (first != null) {
                run.wake(first);
                run.over.acquireUninterruptibly();
            }
        } finally {
            machine.leave();
        }
        if (run.failure != null) {
            throw new AssertionError("oops", run.failure);
        }
        return run.tasks.stream().map(Strand::name).toList();
    }

    @Override
    public Strand current() {
        return current;
    }

    @Override
    public void point(Access access, long resource) {
        if (current instanceof Task self) {
            hand(self);
        }
    }

    @Override
    public void await(Condition condition) {
        if (current instanceof Task self) {
            self.awaited = condition;
            hand(self);
            self.awaited = Condition.ALWAYS;
        } else if (!condition.holds()) {
            throw new IllegalStateException("boot waits");
        }
    }

    @Override
    public Strand start(String name, String lane, Condition mayRun, Runnable body) {
        Task task = new Task(name, lane, mayRun);
        if (tasks.stream().anyMatch(other -> other.name.equals(name))) {
            throw new IllegalArgumentException("two strands are named " + name);
        }
        tasks.add(task);
        Thread.ofVirtual().start(() -> {
            task.go.acquireUninterruptibly();
            try {
                body.run();
                tasks.remove(task);
                current = boot;
                wakeOrEnd(next());
            } catch (Throwable escaped) {
                failure = escaped;
                over.release();
            }
        });
        return task;
    }

    private void hand(Task self) {
        Task next = next();
        if (next != self) {
            wakeOrEnd(next);
            self.go.acquireUninterruptibly();
        }
        current = self;
    }

    private void wakeOrEnd(Task next) {
        if (next == null) {
            over.release();
        } else {
            wake(next);
        }
    }

    private void wake(Task next) {
        current = next;
        next.go.release();
    }

    private Task next() {
        while (true) {
            List<Strand> enabled = new ArrayList<>();
            tasks.stream().filter(Strand::enabled).forEach(enabled::add);
            machine.hardware().stream().filter(Strand::enabled).forEach(enabled::add);
            if (machine.clock().enabled()) {
                enabled.add(machine.clock());
            }
            if (enabled.isEmpty()) {
                return null;
            }
            if (++steps > LIMIT) {
                throw new IllegalStateException("runs on and on");
            }
            Strand next = enabled.get(machine.pick(enabled.size(), "who"));
            if (next instanceof Task task) {
                return task;
            }
            next.step();
        }
    }
}
