// SPDX-License-Identifier: Apache-2.0
package lazaret.kernel;

import lazaret.machine.Condition;
import lazaret.machine.Strand;

/**
 * What makes software start by itself: the arrival of an interrupt, a timer that is due, a worker with
 * something to do. Its one step starts the software; that it is a step of its own is what lets others run
 * first.
 */
record Dispatcher(String name, String lane, boolean prompt, Condition ready, Runnable launch)
        implements Strand {
    @Override
    public boolean enabled() {
        return ready.holds();
    }

    @Override
    public void step() {
        launch.run();
    }
}
