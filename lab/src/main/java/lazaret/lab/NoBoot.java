// SPDX-License-Identifier: Apache-2.0
package lazaret.lab;

import lazaret.machine.Alone;
import lazaret.machine.Machine;

/** All that a run does on a stage that does not boot: what escaped from the stack when it was wired. */
record NoBoot(Machine machine, Throwable escaped) implements Runnable {
    @Override
    public void run() {
        switch (escaped) {
            case Alone.Stuck _ -> machine.strands().await(() -> false);
            case Error error -> throw error;
            case RuntimeException bug -> throw bug;
            default -> throw new IllegalStateException(escaped);
        }
    }
}
