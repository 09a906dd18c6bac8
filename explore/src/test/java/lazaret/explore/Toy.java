// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import java.util.List;
import java.util.function.Function;
import lazaret.machine.Access;
import lazaret.machine.Chance;
import lazaret.machine.Condition;
import lazaret.machine.Machine;
import lazaret.machine.Word;

/** A program on a machine that is small enough to be counted by hand. Wired once, run often. */
abstract class Toy {
    static final int LIMIT = 10_000;

    /** One of each, by name. */
    static final List<Named> ALL = List.of(
            new Named("two locks, 1 round", m -> new TwoLocks(m, 1)),
            new Named("two locks, 3 rounds", m -> new TwoLocks(m, 3)),
            new Named("ring, 3 producers of 2", m -> new Ring(m, 3, 2, false)),
            new Named("ring that publishes early", m -> new Ring(m, 3, 2, true)),
            new Named("lost update", m -> new LostUpdate(m, 2)),
            new Named("crossed locks", CrossedLocks::new),
            new Named("device with time-out", DeviceWithTimeout::new),
            new Named("sent any time", SentAnyTime::new),
            new Named("relay", Relay::new));

    record Named(String name, Function<Machine, Toy> maker) {
        Toy wire() {
            Toy toy = maker.apply(new Machine());
            toy.machine.undo().mark();
            return toy;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    final Machine machine;
    private long resources;

    Toy(Machine machine) {
        this.machine = machine;
    }

    /** Starts the software. */
    abstract void actors();

    /** What is left when the run is over, in words. */
    abstract String end();

    /** Which rules the run broke: by default the end is none. */
    List<String> broken() {
        return List.of();
    }

    /** The same as something to be explored. */
    final Program program() {
        return new Program() {
            @Override
            public Machine machine() {
                return machine;
            }

            @Override
            public void start() {
                actors();
            }

            @Override
            public List<String> judge(Ending ending) {
                return ending instanceof Ending.Stopped ? List.of() : broken();
            }
        };
    }

    /** Rolls back and runs once. */
    final Outcome run(Chance chance) {
        return run(chance, OnContinuation::new);
    }

    final Outcome run(Chance chance, Coroutine.Maker maker) {
        machine.undo().rollback();
        Run run = new Run(machine, chance, LIMIT, maker);
        Ending ending = run.execute(this::actors);
        return new Outcome(ending.toString(), end(), run.steps(), run.switches(), run.digest());
    }

    record Outcome(String ending, String end, int steps, int switches, long digest) { }

    final void task(String name, Runnable body) {
        machine.strands().start(name, name, Condition.ALWAYS, body);
    }

    final Cell cell() {
        return new Cell();
    }

    final Lock lock() {
        return new Lock();
    }

    /** A shared variable: a point before every access. */
    final class Cell {
        private final Word word = new Word(machine.undo());
        private final long resource = resources++;

        long read() {
            machine.strands().point(Access.READ, resource);
            return word.get();
        }

        void write(long value) {
            machine.strands().point(Access.WRITE, resource);
            word.set(value);
        }

        boolean cas(long expected, long value) {
            machine.strands().point(Access.UPDATE, resource);
            if (word.get() != expected) {
                return false;
            }
            word.set(value);
            return true;
        }

        /** For conditions and the end of a run: no point. */
        long peek() {
            return word.get();
        }

        /** Writes without a point. */
        void poke(long value) {
            word.set(value);
        }
    }

    /** A lock: two points for a critical section. */
    final class Lock {
        private final Word held = new Word(machine.undo());
        private final long resource = resources++;
        private final Condition free = () -> !held.test();

        void lock() {
            machine.strands().await(free);
            held.set(1);
        }

        void unlock() {
            machine.strands().point(Access.RELEASE, resource);
            held.set(0);
        }
    }
}
