// SPDX-License-Identifier: Apache-2.0
package lazaret.kernel;

import lazaret.kernel.KernelEntry.BrokenContext;

/** Who may use a guarded field, and until when. */
record Guard(Kernel kernel, String name, Lock lock, Lifetime owner) {
    void read() {
        owner.touch();
        if (!lock.held()) {
            report();
        }
    }

    void write() {
        owner.touch();
        if (!lock.heldForWrite()) {
            report();
        }
    }

    private void report() {
        String who = kernel.context().name;
        kernel.broken(BrokenContext.NOT_HELD, name + " used without " + lock.name() + " by " + who);
    }
}
