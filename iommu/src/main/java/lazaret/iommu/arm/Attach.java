// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

import java.util.ArrayList;
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
    /** log2 of the smallest page. */
    private static final int PAGE_SHIFT = 12;

    private final Master master;
    private final SmmuDevice smmu;
    private final Kernel kernel;
    private final SmmuDomain next;
    private final SmmuDomain old;
    private final boolean bypass;
    private final boolean wasAts;

    /** @param next null: none, all is refused or, with {@code bypass}, passes */
    private Attach(Master master, SmmuDomain next, SmmuDomain old, boolean bypass) {
        this.master = master;
        this.next = next;
        this.old = old;
        this.bypass = bypass;
        smmu = master.smmu();
        kernel = smmu.kernel();
        wasAts = master.atsEnabled();
    }

    static Errno attach(Master master, Domain next, Domain old) {
        return master.smmu().kernel().forgets().one(() -> change(master, next, old));
    }

    private static Errno change(Master master, Domain next, Domain old) {
        return switch (next) {
            case SmmuDomain domain when domain.smmu() != master.smmu() -> Errno.EINVAL;
            case SmmuDomain domain -> new Attach(master, domain, paging(old), false).toPaging();
            case Domain.Identity _ -> new Attach(master, null, paging(old), true).leave();
            case Domain.Blocked _ -> new Attach(master, null, paging(old), false).leave();
            case Domain.Paging _ -> Errno.EINVAL;
        };
    }

    private static SmmuDomain paging(Domain domain) {
        return domain instanceof SmmuDomain paging ? paging : null;
    }

    // ---- to a paging domain

    /** @req R54 */
    private Errno toPaging() {
        boolean ats = master.atsSupported() && kernel.forgets().test(() -> smmu.design().mayUseAts(master));
        List<Inv.Key> keys = keys(next, ats);
        Invs merged = next.prepare(keys);
        if (merged == null) {
            return Errno.ENOMEM;
        }
        if (ats && !wasAts) {
            smmu.design().beforeAts(master);
        }
        next.publish(merged, keys);
        if (wasAts && !ats) {
            disableAts();
        }
        writeCd(Cds.s1(next.ttb(), next.asid(), smmu.features().oas()));
        writeSte(Stes.s1(master.cdPa(), ats ? Ste.Eats.TRANS : Ste.Eats.ABT, smmu.features().stalls()));
        boolean on = ats && (wasAts || enableAts());
        boolean empty = !(on || wasAts) || smmu.atc().master(master);
        if (!empty && !smmu.design().letsGo(master)) {
            return Errno.ETIMEDOUT;
        }
        master.atsEnabled(on);
        dropOld();
        return on && !empty && master.restoring() ? giveUp() : Errno.OK;
    }

    /** Says whether the device has ATS on; if not, nothing is left of the intention. @req R57 */
    private boolean enableAts() {
        Errno err = master.pci().enableAts(PAGE_SHIFT);
        if (err.ok()) {
            return true;
        }
        kernel.printk(Level.ERR, master + ": failed to enable ATS: " + err);
        writeSte(Stes.s1(master.cdPa(), Ste.Eats.ABT, smmu.features().stalls()));
        next.drop(List.of(Inv.Key.ats(master)));
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

    // ---- away from all paging domains; cannot fail, allocates nothing it needs

    /** @req R55 R131 */
    private Errno leave() {
        if (wasAts) {
            disableAts();
        }
        writeSte(bypass ? Stes.bypass() : Stes.abort());
        if (wasAts && !smmu.atc().master(master) && !smmu.design().letsGo(master)) {
            return Errno.ETIMEDOUT;
        }
        master.atsEnabled(false);
        dropOld();
        writeCd(Cds.none());
        return Errno.OK;
    }

    // ---- steps

    private List<Inv.Key> keys(SmmuDomain domain, boolean ats) {
        List<Inv.Key> keys = new ArrayList<>();
        keys.add(Inv.Key.asid(domain.asid()));
        if (ats) {
            keys.add(Inv.Key.ats(master));
        }
        return keys;
    }

    private void disableAts() {
        master.pci().disableAts();
        kernel.smpMb();
    }

    private void writeCd(long[] target) {
        kernel.forgets().run(() -> EntryWriter.write(new CdSlot(master), target));
    }

    private void writeSte(long[] target) {
        kernel.forgets().run(() -> EntryWriter.write(new SteSlot(master), target));
    }

    private void dropOld() {
        if (old != null) {
            old.drop(keys(old, wasAts));
        }
    }
}
