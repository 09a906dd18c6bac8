// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3.hw;

import lazaret.machine.Machine;
import lazaret.smmuv3.Cr0;
import lazaret.smmuv3.hw.SmmuParams.Caches;

/**
 * How a cache may betray software. Hardware may forget any entry at any time, and may use an entry that
 * memory contradicts until a CMD_SYNC says that its invalidation is complete. So where an entry agrees with
 * memory nothing can be told; where it does not, a choice says at each use whether the entry is still there.
 *
 * @spec IHI0070 3.21
 */
final class Staleness {
    /** What is cached, and how a choice about it reads in a replay file. */
    enum Kind {
        L1STD("the cached L1STD is stale and used", "an invalidated L1STD is used before SYNC"),
        L1CD("the cached L1CD is stale and used", "an invalidated L1CD is used before SYNC"),
        STE("the cached STE is stale and used", "an invalidated STE is used before SYNC"),
        CD("the cached CD is stale and used", "an invalidated CD is used before SYNC"),
        TLB("the IOTLB entry is stale and used", "an invalidated IOTLB entry is used before SYNC");

        private final String stale;
        private final String late;

        Kind(String stale, String late) {
            this.stale = stale;
            this.late = late;
        }
    }

    private final Machine machine;
    private final Caches caches;
    private final boolean late;
    private final boolean prefetches;
    private final Registers registers;

    Staleness(Machine machine, SmmuParams params, Registers registers) {
        this.machine = machine;
        this.registers = registers;
        prefetches = params.takes(Liberty.PREFETCHES);
        caches = params.caches();
        late = params.lateInvalidations();
    }

    /** Is anything cached at all? */
    boolean caches() {
        return caches != Caches.NONE;
    }

    /** Does it matter whether memory says something else by now? */
    boolean compares() {
        return caches != Caches.KEPT;
    }

    /** CR0.ATSCHK, for what is fetched now. */
    boolean atschk() {
        return registers.on(Cr0.ATSCHK);
    }

    /**
     * Is an entry fetched again as soon as it was invalidated? Only where memory still says the same, or it
     * would be another entry.
     */
    boolean refetches(boolean differs) {
        return prefetches && !differs && registers.on(Cr0.SMMUEN);
    }

    /** Do invalidated entries linger until a CMD_SYNC? */
    boolean late() {
        return late;
    }

    /**
     * Is an entry still there when it is looked for?
     *
     * @param differs memory says something else by now; false where that is not {@linkplain #compares
     *                compared}
     * @param doomed  its invalidation has been consumed and is not complete
     */
    boolean serves(int sid, Kind kind, boolean differs, boolean doomed) {
        if (!differs) {
            return !doomed;
        }
        boolean used = machine.pick(2, doomed ? kind.late : kind.stale) == 1;
        if (used && machine.log().narrates()) {
            machine.log().add(new SmmuEntry.UsedStale(sid, kind.name()));
        }
        return used;
    }
}
