// SPDX-License-Identifier: Apache-2.0
package lazaret.bench;

import lazaret.machine.Machine;
import lazaret.machine.Strand;
import lazaret.machine.Word;

/** Hardware of different classes, so that calls to it are as megamorphic as in a real machine. */
final class Agents {
    private Agents() { }

    /** Adds so many agents that wait for work which never comes. */
    static void idle(Machine machine, int count) {
        for (int i = 0; i < count; i++) {
            machine.add(switch (i % 4) {
                case 0 -> new Engine(machine, i);
                case 1 -> new Port(machine, i);
                case 2 -> new Endpoint(machine, i);
                default -> new Landing(machine, i);
            });
        }
    }

    /** Adds one agent that always has something to do. */
    static void busy(Machine machine) {
        machine.add(new Busy(machine));
    }

    private abstract static class Agent implements Strand {
        final Word work;
        private final String name;

        Agent(Machine machine, String name) {
            work = new Word(machine.undo());
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public void step() {
            work.add(-1);
        }
    }

    private static final class Engine extends Agent {
        Engine(Machine machine, int i) {
            super(machine, "engine" + i);
        }

        @Override
        public boolean enabled() {
            return work.test();
        }
    }

    private static final class Port extends Agent {
        Port(Machine machine, int i) {
            super(machine, "port" + i);
        }

        @Override
        public boolean enabled() {
            return work.get() > 0;
        }
    }

    private static final class Endpoint extends Agent {
        Endpoint(Machine machine, int i) {
            super(machine, "endpoint" + i);
        }

        @Override
        public boolean enabled() {
            return work.get() == 1;
        }

        @Override
        public boolean prompt() {
            return false;
        }
    }

    private static final class Landing extends Agent {
        Landing(Machine machine, int i) {
            super(machine, "landing" + i);
        }

        @Override
        public boolean enabled() {
            return work.asInt() != 0;
        }
    }

    private static final class Busy extends Agent {
        Busy(Machine machine) {
            super(machine, "busy");
        }

        @Override
        public boolean enabled() {
            return true;
        }

        @Override
        public void step() {
            work.add(1);
        }
    }
}
