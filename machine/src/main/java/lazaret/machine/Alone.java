// SPDX-License-Identifier: Apache-2.0
package lazaret.machine;

import java.util.List;

/**
 * One piece of software alone with the hardware, no interleaving: points are nothing, a wait runs the
 * hardware until the condition holds. This is how a stage boots, how unit tests drive a model, and the quiet
 * functional mode. Software started here runs on the spot, inside the caller.
 */
public final class Alone implements Strands {
    private static final int LIMIT = 1_000_000;

    private record Named(String name, String lane, Condition consent) implements Strand {
        @Override
        public boolean enabled() {
            return true;
        }

        @Override
        public void step() {
            throw new IllegalStateException(name + " runs on its caller");
        }

        @Override
        public boolean prompt() {
            return false;
        }
    }

    /** Software waits for what no hardware will do. */
    public static final class Stuck extends IllegalStateException {
        private Stuck(String who) {
            super(who + " waits for what no hardware will do");
        }
    }

    private final Machine machine;
    private Strand current = new Named("boot", "boot", Condition.ALWAYS);

    public Alone(Machine machine) {
        this.machine = machine;
    }

    @Override
    public Strand current() {
        return current;
    }

    @Override
    public void point(Access access, long resource) {
        // nobody else is there
    }

    @Override
    public void await(Condition condition) {
        for (int steps = 0; !condition.holds(); steps++) {
            if (steps == LIMIT || !stepHardware()) {
                throw new Stuck(current.name());
            }
        }
    }

    @Override
    public Strand start(String name, String lane, Condition mayRun, Runnable body) {
        Strand outer = current;
        Strand inner = new Named(name, lane, mayRun);
        current = inner;
        try {
            body.run();
        } finally {
            current = outer;
        }
        return inner;
    }

    /** Runs hardware until none is enabled any more, without letting time pass. */
    public void settle() {
        for (int steps = 0; steps < LIMIT; steps++) {
            if (!step(machine.hardware())) {
                return;
            }
        }
        throw new IllegalStateException("hardware does not come to rest");
    }

    private boolean stepHardware() {
        if (step(machine.hardware())) {
            return true;
        }
        if (machine.clock().enabled()) {
            machine.clock().step();
            return true;
        }
        return false;
    }

    private static boolean step(List<Strand> strands) {
        for (int i = 0; i < strands.size(); i++) {
            Strand strand = strands.get(i);
            if (strand.enabled()) {
                strand.step();
                return true;
            }
        }
        return false;
    }
}
