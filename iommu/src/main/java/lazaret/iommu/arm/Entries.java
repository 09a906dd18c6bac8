// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

import lazaret.kernel.Kernel;
import lazaret.smmuv3.Ste;

/** The table entries of a master, as its attaches write them. Under attachLock. */
record Entries(Master master) {
    /** DMA without PASID has a domain, and goes through the first descriptor. */
    long[] s1(boolean ats) {
        return through(Ste.S1Dss.SSID0, ats);
    }

    /**
     * DMA without PASID goes where {@code dss} says, and PASIDs through their descriptors. That does not lift
     * a fence, under any design: no new domain for DMA without PASID asks for ATS.
     *
     * @req R58
     */
    long[] besidePasids(Ste.S1Dss dss, boolean ats) {
        return through(dss, ats && !master.fenced());
    }

    private long[] through(Ste.S1Dss dss, boolean ats) {
        CdTable cds = master.cds();
        boolean stalls = master.smmu().features().stalls();
        long[] s1 = Stes.s1(cds.base(), ats ? Ste.Eats.TRANS : Ste.Eats.ABT, stalls);
        return Stes.withPasids(s1, cds.fmt(), cds.bits(), dss);
    }

    void ste(long[] target) {
        kernel().forgets().run(() -> EntryWriter.write(new SteSlot(master), target));
    }

    /** @param cd where the descriptor of {@code ssid} is */
    void cd(int ssid, long cd, long[] target) {
        kernel().forgets().run(() -> EntryWriter.write(new CdSlot(master, ssid, cd), target));
    }

    private Kernel kernel() {
        return master.smmu().kernel();
    }
}
