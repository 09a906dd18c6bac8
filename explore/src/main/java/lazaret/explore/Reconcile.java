// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import java.util.Optional;
import lazaret.machine.Chance;

/** Runs a program twice with the same decisions and says where the second run was another one. */
public final class Reconcile {
    /** A program that can be run again and again. */
    @FunctionalInterface
    public interface Program {
        /** Rolls back and runs once; returns a hash of what happened, {@link Run#digest} or more. */
        long run(Chance chance);
    }

    private Reconcile() { }

    /** The first difference, in a sentence; empty when both runs were the same. */
    public static Optional<String> difference(Program program, Chance chance) {
        Recorder recorder = new Recorder(chance);
        long first = program.run(recorder);
        Replayer replayer = new Replayer(recorder.choices());
        long second;
        try {
            second = program.run(replayer);
        } catch (Replayer.Diverged elsewhere) {
            return Optional.of(elsewhere.getMessage());
        }
        if (!replayer.finished()) {
            return Optional.of("the second run ended after " + replayer.taken() + " of "
                    + recorder.choices().size() + " choices");
        }
        return first == second ? Optional.empty()
                : Optional.of("both runs made the same " + replayer.taken()
                        + " choices, but something else differs: digest "
                        + Long.toHexString(first) + " and " + Long.toHexString(second));
    }
}
