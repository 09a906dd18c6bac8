// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

import java.util.List;
import lazaret.kernel.Kernel;
import lazaret.smmuv3.Cd;
import lazaret.smmuv3.Command;

/** The one context descriptor of a master. Only its attach writes it. */
record CdSlot(Master master) implements EntrySlot {
    @Override
    public long load(int word) {
        return kernel().memory().plain(pa(word));
    }

    @Override
    public void store(int word, long value) {
        kernel().memory().store(pa(word), value);
    }

    /** @req R52 */
    @Override
    public void sync() {
        master.smmu().cmdq().submit(List.of(new Command.CfgiCd(master.sid(), 0, true)));
    }

    @Override
    public long valid() {
        return Cd.V.mask();
    }

    @Override
    public long used(int word, long[] entry) {
        return EntryUse.cd(word, entry);
    }

    @Override
    public long updateSafe(int word) {
        return 0;
    }

    private long pa(int word) {
        return master.cdPa() + (long) word * Long.BYTES;
    }

    private Kernel kernel() {
        return master.smmu().kernel();
    }
}
