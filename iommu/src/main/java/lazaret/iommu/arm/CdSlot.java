// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

import java.util.List;
import lazaret.kernel.Kernel;
import lazaret.smmuv3.Cd;
import lazaret.smmuv3.Command;

/**
 * The context descriptor of one PASID of a master. Only attaching the PASID writes it.
 *
 * @param cd its physical address
 */
record CdSlot(Master master, int ssid, long cd) implements EntrySlot {
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
        master.smmu().cmdq().submit(List.of(new Command.CfgiCd(master.sid(), ssid, true)));
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
        return cd + (long) word * Long.BYTES;
    }

    private Kernel kernel() {
        return master.smmu().kernel();
    }
}
