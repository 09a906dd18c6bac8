// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

import java.util.List;
import lazaret.kernel.Held;
import lazaret.kernel.Kernel;
import lazaret.smmuv3.Command;
import lazaret.smmuv3.Ste;

/**
 * The STE of a master. A fence may clear EATS at any moment, from any CPU, while the entry is being rewritten
 * for another domain; so the word that holds EATS is stored under the master's lock, after a last look at the
 * fence:
 * <pre>
 *   attach                          flush
 *   target has EATS=1
 *                                   lock; fence := ORDERED; word 1 := EATS=0; unlock
 *   lock; fence? then EATS=0;
 *   word 1 := target; unlock
 *                                   CFGI_STE, SYNC, return
 * </pre>
 *
 * @req R51
 */
record SteSlot(Master master) implements EntrySlot {
    @Override
    public long load(int word) {
        return kernel().memory().plain(pa(word));
    }

    @Override
    public void store(int word, long value) {
        if (word != Ste.EATS.word()) {
            kernel().memory().store(pa(word), value);
            return;
        }
        try (Held _ = master.steLock().irqsave()) {
            kernel().memory().store(pa(word), master.smmu().design().lastLook(master, value));
        }
    }

    /** @req R52 */
    @Override
    public void sync() {
        master.smmu().cmdq().submit(List.of(new Command.CfgiSte(master.sid(), true)));
    }

    @Override
    public long valid() {
        return Ste.V.mask();
    }

    @Override
    public long used(int word, long[] entry) {
        return EntryUse.ste(word, entry);
    }

    @Override
    public long updateSafe(int word) {
        return EntryUse.steUpdateSafe(word);
    }

    private long pa(int word) {
        return master.stePa() + (long) word * Long.BYTES;
    }

    private Kernel kernel() {
        return master.smmu().kernel();
    }
}
