// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

import java.util.List;
import lazaret.iommu.Domain;
import lazaret.kernel.Errno;
import lazaret.kernel.Kernel;
import lazaret.kernel.Level;
import lazaret.smmuv3.Ste;

/**
 * One change of the domain that a master's hardware points at, with attachLock held. Hardware and flushes run
 * meanwhile.
 *
 * <p>Everything that can fail comes first, then
 * <ol>
 * <li>flushes of the new domain begin to invalidate for the master;
 * <li>if ATS ends: the device stops asking;
 * <li>CD and STE change, and the SMMU has forgotten the old ones;
 * <li>if ATS begins: the device may ask;
 * <li>if ATS was or is on: the device drops all it has;
 * <li>flushes of the old domain stop to invalidate for the master, and none that still did is under way.
 * </ol>
 * So there is no moment in which the device may hold a translation that no flush would take from it.
 *
 * @kernel arm_smmu_attach_dev arm_smmu_attach_prepare arm_smmu_attach_commit
 */
final class Attach {
    private final Master master;
    private final SmmuDevice smmu;
    private final Kernel kernel;
    private final Stages next;
    private final Stages old;
    private final boolean bypass;
    private final boolean wasAts;
    private final Entries entries;

    /** @param next null: none, all is refused or, with {@code bypass}, passes */
    private Attach(Master master, Stages next, Stages old, boolean bypass) {
        this.master = master;
        this.next = next;
        this.old = old;
        this.bypass = bypass;
        smmu = master.smmu();
        kernel = smmu.kernel();
        wasAts = master.atsEnabled();
        entries = new Entries(master);
    }

    static Errno attach(Master master, Domain next, Domain old) {
        return master.smmu().kernel().forgets().one(() -> change(master, next, old));
    }

    private static Errno change(Master master, Domain next, Domain old) {
        Stages from = Stages.of(old);
        return switch (next) {
            case SvaDomain _ -> Errno.EINVAL;
            case SmmuDomain _, NestedDomain _ -> to(master, Stages.of(next), from);
            case Domain.Identity _ -> new Attach(master, null, from, true).toIdentity();
            case Domain.Blocked _ -> new Attach(master, null, from, false).leave();
            case Domain.Paging _, Domain.Nested _ -> Errno.EINVAL;
        };
    }

    /** PASIDs take an entry that leads to descriptors of the host's. @kernel arm_smmu_attach_dev_nested */
    private static Errno to(Master master, Stages next, Stages from) {
        if (next.domain().smmu() != master.smmu()) {
            return Errno.EINVAL;
        }
        return !next.isStage1() && master.spaces().inUse() ? Errno.EBUSY
                : new Attach(master, next, from, false).toTables();
    }

    /** The last PASID went, so the entry can say what it wants to of DMA without PASID. */
    static Errno withoutPasids(Master master, Domain rid) {
        Attach last = new Attach(master, null, null, rid instanceof Domain.Identity);
        return last.bypass ? last.toIdentity() : last.leave();
    }

    // ---- to tables

    /** @req R54 R132 */
    private Errno toTables() {
        next.domain().life().touch();
        boolean ats = next.mayUseAts() && master.atsSupported()
                && (wasAts || !master.spaces().anyWithoutAts())
                && kernel.forgets().test(() -> smmu.design().mayUseAts(master));
        List<Inv.Key> keys = next.keys(master, ats);
        Invs merged = next.domain().prepare(keys);
        if (merged == null) {
            return Errno.ENOMEM;
        }
        if (ats && !wasAts) {
            smmu.design().beforeAts(master);
        }
        next.domain().publish(merged, keys);
        if (wasAts && !ats) {
            disableAts();
        }
        if (next.isStage1()) {
            writeCd(Cds.s1(next.domain().ttb(), next.domain().asid(), smmu.features().oas()));
        }
        entries.ste(next.ste(entries, ats));
        boolean on = ats && (wasAts || enableAts());
        boolean empty = !(on || wasAts) || smmu.atc().master(master, Cds.NO_PASID);
        if (!empty && !smmu.design().letsGo(master)) {
            return Errno.ETIMEDOUT;
        }
        master.atsEnabled(on);
        dropOld();
        if (!next.isStage1()) {
            writeCd(Cds.none());
        }
        return on && !empty && master.restoring() ? giveUp() : Errno.OK;
    }

    /** Says whether the device has ATS on; if not, nothing is left of the intention. @req R57 */
    private boolean enableAts() {
        if (master.enableAts()) {
            return true;
        }
        entries.ste(next.ste(entries, false));
        next.domain().drop(List.of(next.atc(master)));
        return false;
    }

    /**
     * A reset worked, they say, but the device did not confirm that it forgot. It has been quarantined again;
     * the caller keeps it blocked.
     *
     * @req R97
     */
    private Errno giveUp() {
        kernel.printk(Level.ERR, master + ": does not answer ATC invalidation after its reset");
        Errno left = new Attach(master, null, next, false).leave();
        return left.ok() ? Errno.ETIMEDOUT : left;
    }

    // ---- to the identity domain

    private Errno toIdentity() {
        return master.atsAlways() ? passWithAts() : leave();
    }

    /**
     * What comes without PASID passes, and yet the device may ask: an entry that leads to descriptors says so
     * in S1DSS, one that bypasses all cannot. The fence holds for it as for any other.
     *
     * @req R58
     */
    private Errno passWithAts() {
        boolean ats = kernel.forgets().test(() -> smmu.design().mayUseAts(master))
                && (wasAts || !master.spaces().anyWithoutAts());
        if (ats && !wasAts) {
            smmu.design().beforeAts(master);
        }
        if (wasAts && !ats) {
            disableAts();
        }
        entries.ste(entries.besidePasids(Ste.S1Dss.BYPASS, ats));
        boolean on = ats && (wasAts || master.enableAts());
        if (ats && !on) {
            entries.ste(entries.besidePasids(Ste.S1Dss.BYPASS, false));
        }
        boolean empty = !(on || wasAts) || smmu.atc().master(master, Cds.NO_PASID);
        if (!empty && !smmu.design().letsGo(master)) {
            return Errno.ETIMEDOUT;
        }
        master.atsEnabled(on);
        dropOld();
        writeCd(Cds.none());
        return on && !empty && master.restoring() ? giveUp() : Errno.OK;
    }

    // ---- away from all paging domains; cannot fail, allocates nothing it needs

    /** @req R55 R131 */
    private Errno leave() {
        Ste.S1Dss dss = bypass ? Ste.S1Dss.BYPASS : Ste.S1Dss.TERMINATE;
        boolean pasids = master.spaces().inUse();
        if (wasAts && !pasids) {
            disableAts();
        }
        entries.ste(pasids ? entries.besidePasids(dss, wasAts) : bypass ? Stes.bypass() : Stes.abort());
        if (wasAts && !smmu.atc().master(master, Cds.NO_PASID) && !smmu.design().letsGo(master)) {
            return Errno.ETIMEDOUT;
        }
        master.atsEnabled(wasAts && pasids);
        dropOld();
        writeCd(Cds.none());
        return Errno.OK;
    }

    // ---- steps

    private void disableAts() {
        master.pci().disableAts();
        kernel.smpMb();
    }

    private void writeCd(long[] target) {
        entries.cd(Cds.NO_PASID, master.cds().find(Cds.NO_PASID), target);
    }

    private void dropOld() {
        if (old != null) {
            old.domain().drop(old.keys(master, wasAts));
        }
    }
}
