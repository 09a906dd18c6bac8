// SPDX-License-Identifier: Apache-2.0
/**
 * What kernel code stands on: CPUs with contexts and interrupts, locks, RCU, work, timers, pages and
 * lifetimes. Every shared operation is a scheduling point, every broken rule an entry in the log, all state
 * in cells.
 */
module lazaret.kernel {
    requires transitive lazaret.machine;

    exports lazaret.kernel;

    opens lazaret.kernel to lazaret.machine;
}
