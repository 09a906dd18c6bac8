// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

import java.util.ArrayList;
import java.util.List;
import lazaret.iommu.Domain;
import lazaret.iommu.Prot;
import lazaret.kernel.Errno;
import lazaret.kernel.Gfp;
import lazaret.kernel.Held;
import lazaret.kernel.Pages;
import lazaret.kernel.RwLock;
import lazaret.kernel.SharedRef;
import lazaret.smmuv3.Pte;

/**
 * An address space, of stage 1 where nothing else is said, and the list of what must forget about it.
 *
 * @kernel arm_smmu_domain
 */
public sealed class SmmuDomain extends Domain.Paging permits SvaDomain, VmDomain {
    private final SmmuDevice smmu;
    /** ASID; of stage 2, VMID. */
    private final int tag;
    /** Null: somebody else's tables. */
    private final PageTable table;
    /** Published under attachLock; read under RCU. */
    private final SharedRef<Invs> invs;
    /**
     * Held for reading while ATC_INVs of this domain are out; whoever holds it for writing knows that none
     * is.
     */
    private final RwLock atsLock;

    SmmuDomain(SmmuDevice smmu, int asid, long root) {
        this(smmu, asid, smmu.name() + " domain " + asid, root, PageTable.Format.STAGE_1);
    }

    /** Whose tables are made by somebody else. */
    SmmuDomain(SmmuDevice smmu, int asid, String name) {
        this(smmu, asid, name, Pages.NONE, PageTable.Format.STAGE_1);
    }

    SmmuDomain(SmmuDevice smmu, int tag, String name, long root, PageTable.Format format) {
        super(smmu.kernel(), name, smmu);
        this.smmu = smmu;
        this.tag = tag;
        table = root == Pages.NONE ? null : new PageTable(smmu.kernel(), name(), root, format);
        invs = new SharedRef<>(smmu.kernel(), "invs", Invs.empty(smmu.kernel(), name()));
        atsLock = new RwLock(smmu.kernel(), "ats_lock");
    }

    public SmmuDevice smmu() {
        return smmu;
    }

    public int asid() {
        return tag;
    }

    /** Under which the TLB keeps what it has of it. */
    Inv.Key tag() {
        return Inv.Key.asid(tag);
    }

    boolean isStage1() {
        return true;
    }

    /** Bits of the addresses that it translates. */
    int bits() {
        return Cds.IAS;
    }

    /** Physical address of the first table. */
    public long ttb() {
        return table.root();
    }

    // ---- map, unmap

    @Override
    public Errno map(long iova, long pa, long size, Prot prot) {
        life().touch();
        if (((iova | pa | size) & PageTable.PAGE - 1) != 0 || size <= 0
                || iova + size - 1 >>> bits() != 0) {
            return Errno.EINVAL;
        }
        for (long done = 0; done < size; done += PageTable.PAGE) {
            Errno err = table.map(iova + done, pa + done, prot);
            if (err.failed()) {
                unmap(iova, done);
                return err;
            }
            mapped(iova + done, pa + done, PageTable.PAGE);
        }
        return Errno.OK;
    }

    @Override
    public long unmap(long iova, long size) {
        life().touch();
        List<Long> pages = new ArrayList<>();
        for (long done = 0; done < size; done += PageTable.PAGE) {
            long pte = table.unmap(iova + done);
            if (pte != 0) {
                unmapped(iova + done, Pte.OA.in(pte), PageTable.PAGE);
                pages.add(Pte.OA.in(pte));
            }
        }
        if (!pages.isEmpty()) {
            invRange(iova, iova + size - 1, pages);
        }
        return pages.size() * PageTable.PAGE;
    }

    /**
     * Nothing that was translated by descriptors cleared before is used any more when this returns: not by
     * the SMMU, and not by a device, unless the hardware refuses it. Says nothing about how it went: no
     * caller could do anything about it.
     *
     * @param last inclusive
     * @kernel arm_smmu_domain_inv_range
     * @req R78
     */
    public void invRange(long start, long last) {
        invRange(start, last, List.of());
    }

    private void invRange(long start, long last, List<Long> pages) {
        flushBegin(start, last);
        forget(start, last, pages);
        flushEnd(start, last);
    }

    final void forget(long start, long last, List<Long> pages) {
        kernel().forgets().run(() -> flush(new Flush(this, start, last, pages)));
    }

    /** @req R56 */
    private void flush(Flush flush) {
        if (smmu.design().orders(Barrier.DESCRIPTOR_BEFORE_ARRAY)) {
            kernel().smpMb();
        }
        try (Held _ = kernel().rcu().readLock()) {
            smmu.design().invalidate(flush);
        }
    }

    @Override
    protected void freeTables() {
        smmu.tlb().all(tag());
        freeTable();
        freeTag();
        smmu.design().retire(smmu, invs.readOnce());
    }

    void freeTable() {
        table.free();
    }

    void freeTag() {
        smmu.freeAsid(tag);
    }

    // ---- what must forget

    /** For flushes, which read it under RCU. */
    Invs invs() {
        return invs.rcuDereference();
    }

    private Invs invsProtected() {
        return invs.rcuDereferenceProtected(smmu.attachLock());
    }

    RwLock atsLock() {
        return atsLock;
    }

    /** The array with {@code keys}, not yet published; null without memory. Under attachLock. @req R60 */
    Invs prepare(List<Inv.Key> keys) {
        return kernel().alloc(Gfp.KERNEL, "invs") ? invsProtected().merge(keys) : null;
    }

    /**
     * From here on flushes invalidate for {@code keys} too. Under attachLock.
     *
     * @kernel arm_smmu_install_new_domain_invs
     * @req R54 R56 R60
     */
    void publish(Invs merged, List<Inv.Key> keys) {
        for (Inv.Key key : keys) {
            merged.find(key).get();
        }
        replace(merged);
        kernel().smpMb();       // pairs with invRange
    }

    /**
     * No longer for {@code keys}. Nothing uses the domain for them any more. When this returns no ATC_INV of
     * this domain for them is out. Cannot fail: trash that cannot be cleared away now stays for the next
     * time. Under attachLock.
     *
     * @kernel arm_smmu_install_old_domain_invs
     * @req R23 R60 R61 R64
     */
    void drop(List<Inv.Key> keys) {
        Invs now = invsProtected();
        boolean lastTag = false;
        try (Held _ = now.hasAts() ? atsLock.writeIrqsave() : Held.NOTHING) {
            for (Inv.Key key : keys) {
                lastTag |= now.find(key).put() && !key.kind().isAtc();
            }
        }
        if (lastTag) {
            smmu.tlb().all(tag());
        }
        if (kernel().alloc(Gfp.KERNEL, "invs")) {
            replace(now.purge());
        }
    }

    private void replace(Invs next) {
        Invs old = invs.xchg(next);
        if (old != next) {
            smmu.design().retire(smmu, old);
        }
    }
}
