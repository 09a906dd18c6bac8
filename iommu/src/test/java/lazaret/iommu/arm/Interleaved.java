// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

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
 * Runs software of a test interleaved with the played hardware, one step at a time, as a {@link Chance}
 * decides.
 */
final class Interleaved implements Strands {
    private static final int LIMIT = 50_000;

    private final class Actor implements Strand {
        final String name;
        final String lane;
        final Condition mayRun;
        final Semaphore turn = new Semaphore(0);
        Condition waitsFor = Condition.ALWAYS;

        Actor(String name, String lane, Condition mayRun) {
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
            return mayRun.holds() && waitsFor.holds();
        }

        @Override
        public void step() {
            throw new IllegalStateException();
        }

        @Override
        public boolean prompt() {
            return false;
        }
    }

    private final Machine machine;
    private final Chance chance;
    private final Strand boot;
    private final List<Actor> actors = new ArrayList<>();
    private final Semaphore end = new Semaphore(0);
    private Strand current;
    private Throwable escaped;
    private int steps;

    private Interleaved(Machine machine, Chance chance) {
        this.machine = machine;
        this.chance = chance;
        boot = machine.strands().current();
        current = boot;
    }

    /** Runs all that {@code program} starts. Whoever waits for ever fails the test. */
    static void run(Machine machine, Chance chance, Runnable program) {
        Interleaved run = new Interleaved(machine, chance);
        machine.enter(run, chance);
        try {
            program.run();
            run.pass();
            run.end.acquireUninterruptibly();
        } finally {
            machine.leave();
        }
        if (run.escaped != null) {
            throw new AssertionError(run.current.name() + " failed", run.escaped);
        }
        if (!run.actors.isEmpty()) {
            throw new AssertionError(run.actors.stream().map(Actor::name).toList() + " wait for ever");
        }
    }

    @Override
    public Strand current() {
        return current;
    }

    @Override
    public void point(Access access, long resource) {
        await(Condition.ALWAYS);
    }

    @Override
    public void await(Condition condition) {
        if (!(current instanceof Actor self)) {
            return;                                             // the program's start, before anybody runs
        }
        self.waitsFor = condition;
        if (pass() != self) {
            self.turn.acquireUninterruptibly();
        }
        self.waitsFor = Condition.ALWAYS;
        current = self;
    }

    @Override
    public Strand start(String name, String lane, Condition mayRun, Runnable body) {
        Actor actor = new Actor(name, lane, mayRun);
        actors.add(actor);
        Thread.ofVirtual().start(() -> {
            actor.turn.acquireUninterruptibly();
            try {
                body.run();
                actors.remove(actor);
                current = boot;
                pass();
            } catch (Throwable thrown) {
                escaped = thrown;
                end.release();
            }
        });
        return actor;
    }

    /** Lets hardware step until software is next and wakes it; says who it is. */
    private Strand pass() {
        Strand self = current;
        Strand next = decide();
        if (next == null) {
            end.release();
        } else if (next != self) {
            current = next;
            ((Actor) next).turn.release();
        }
        return next;
    }

    private Strand decide() {
        while (true) {
            List<Strand> enabled = new ArrayList<>();
            actors.stream().filter(Strand::enabled).forEach(enabled::add);
            machine.hardware().stream().filter(Strand::enabled).forEach(enabled::add);
            if (machine.clock().enabled()) {
                enabled.add(machine.clock());
            }
            if (enabled.isEmpty()) {
                return null;
            }
            if (steps++ > LIMIT) {
                throw new IllegalStateException("does not end");
            }
            Strand next = enabled.get(chance.who(enabled.toArray(Strand[]::new), enabled.size()));
            if (next instanceof Actor) {
                return next;
            }
            next.step();
        }
    }
}
