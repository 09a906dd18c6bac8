// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.oracle;

import lazaret.kernel.KernelEntry;

/** Tells each store of software to those whom its place concerns: nearly all go to the command queue. */
final class Stores {
    private final Issuers issuers;
    private final QueueIntegrity integrity;
    private final Ordering ordering;
    private final Sticky sticky;

    Stores(Issuers issuers, QueueIntegrity integrity, Ordering ordering, Sticky sticky) {
        this.issuers = issuers;
        this.integrity = integrity;
        this.ordering = ordering;
        this.sticky = sticky;
    }

    void stored(KernelEntry.Stored store) {
        int slot = issuers.slot(store.pa());
        if (slot < 0) {
            sticky.stored(store);
            ordering.stored(store);
        } else {
            integrity.stored(slot, store);
            issuers.stored(slot, store);
        }
    }
}
