// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

import lazaret.iommu.Mm;
import lazaret.iommu.Prot;
import lazaret.kernel.Errno;
import lazaret.smmuv3.Pte;

/** The page tables of a process: those of CPUs have the format that the SMMU walks. */
record ProcessTables(PageTable table) implements Mm.Tables {
    @Override
    public long root() {
        return table.root();
    }

    @Override
    public Errno map(long va, long pa) {
        return table.map(va, pa, Prot.READ_WRITE);
    }

    @Override
    public long unmap(long va) {
        long pte = table.unmap(va);
        return pte == 0 ? -1 : Pte.OA.in(pte);
    }

    @Override
    public void free() {
        table.free();
    }
}
