// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

import java.util.List;
import lazaret.iommu.Domain;
import lazaret.kernel.Errno;
import lazaret.kernel.Kernel;
import lazaret.kernel.Level;
import lazaret.kernel.Pages;
import lazaret.smmuv3.Ste;

/**
 * One change of the domain that a PASID of a master points at, with attachLock held. The order is that of
 * {@link Attach}, with the descriptor of the PASID in place of the STE. The STE changes only with the first
 * PASID and the last, and only where DMA without PASID has no page tables: with a PASID in use its entry has
 * to lead to the descriptors, and what it said of DMA without PASID goes into S1DSS.
 *
 * <p>ATS is all of a stream's or nothing of it. It begins only while nobody is attached without being asked
 * in flushes, and it ends with the last one that has a use for it.
 *
 * @kernel arm_smmu_set_pasid arm_smmu_blocking_set_dev_pasid
 */
final class PasidChange {
    private final Master master;
    private final int ssid;
    private final SmmuDevice smmu;
    private final Kernel kernel;
    private final Entries entries;
    private final boolean wasAts;

    PasidChange(Master master, int ssid) {
        this.master = master;
        this.ssid = ssid;
        smmu = master.smmu();
        kernel = smmu.kernel();
        entries = new Entries(master);
        wasAts = master.atsEnabled();
    }

    /** @req R54 */
    Errno to(SmmuDomain next) {
        long cd = master.cds().make(ssid, master);
        boolean ats = wasAts || mayBegin();
        List<Inv.Key> keys = Inv.Key.of(next, master, ssid, ats);
        Invs merged = cd == Pages.NONE ? null : next.prepare(keys);
        if (merged == null) {
            return Errno.ENOMEM;
        }
        if (ats && !wasAts) {
            smmu.design().beforeAts(master);
        }
        next.publish(merged, keys);
        entries.cd(ssid, cd, descriptor(next));
        if (!ridTranslates()) {
            entries.ste(entries.besidePasids(without(), ats));
        }
        boolean on = ats && (wasAts || enableAts(next));
        if (on && !smmu.atc().master(master, ssid) && !smmu.design().letsGo(master)) {
            return Errno.ETIMEDOUT;
        }
        master.atsEnabled(on);
        dropOld();
        master.spaces().put(new Spaces.Space(ssid, next, on));
        return Errno.OK;
    }

    private boolean mayBegin() {
        return master.atsSupported() && !ridTranslates() && !master.spaces().anyWithoutAts()
                && !master.fenced() && smmu.design().mayUseAts(master);
    }

    /** @req R57 */
    private boolean enableAts(SmmuDomain next) {
        if (master.enableAts()) {
            return true;
        }
        entries.ste(entries.besidePasids(without(), false));
        next.drop(List.of(Inv.Key.ats(master, ssid)));
        return false;
    }

    /** Of a PASID that has no domain nothing is to be done. */
    void toNothing() {
        Spaces.Space old = master.spaces().find(ssid);
        if (old == null) {
            return;
        }
        entries.cd(ssid, master.cds().find(ssid), Cds.none());
        if (old.ats() && !smmu.atc().master(master, ssid)) {
            kernel.printk(Level.WARN, master + ": PASID " + ssid + " goes, unconfirmed by the device");
        }
        dropOld();
        if (!master.spaces().inUse() && !ridTranslates()) {
            Errno err = Attach.withoutPasids(master, rid());
            kernel.warnOn(err.failed(), master + " keeps an entry that leads to PASIDs");
        }
    }

    /** The process that {@code domain} stands for has ended: the PASIDs keep it, and it leads nowhere. */
    static void quiesce(Master master, SvaDomain domain) {
        for (Spaces.Space space : master.spaces().all()) {
            if (space.domain() == domain) {
                new PasidChange(master, space.ssid()).toEnd(domain);
            }
        }
    }

    private void toEnd(SvaDomain domain) {
        entries.cd(ssid, master.cds().find(ssid), Cds.ended(descriptor(domain)));
    }

    private long[] descriptor(SmmuDomain domain) {
        return Cds.s1(domain.ttb(), domain.asid(), smmu.features().oas());
    }

    private void dropOld() {
        Spaces.Space old = master.spaces().find(ssid);
        if (old != null) {
            old.domain().drop(old.keys(master));
            master.spaces().remove(ssid);
        }
    }

    // ---- what DMA without PASID has

    private Domain rid() {
        return master.dev().core().driverDomain(master.dev());
    }

    private boolean ridTranslates() {
        return rid() instanceof Domain.Paging;
    }

    private Ste.S1Dss without() {
        return rid() instanceof Domain.Identity ? Ste.S1Dss.BYPASS : Ste.S1Dss.TERMINATE;
    }
}
