// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

import java.util.List;
import lazaret.iommu.Device;
import lazaret.iommu.Domain;
import lazaret.iommu.IommuOps;
import lazaret.iommu.Iopf;
import lazaret.iommu.Mm;
import lazaret.iommu.pci.PciDev;
import lazaret.kernel.Errno;
import lazaret.kernel.Gfp;
import lazaret.kernel.Held;
import lazaret.kernel.Kernel;
import lazaret.kernel.Level;
import lazaret.kernel.Lifetime;
import lazaret.kernel.Mutex;
import lazaret.kernel.Pages;
import lazaret.machine.Ref;
import lazaret.machine.Unmodelled;
import lazaret.machine.Word;
import lazaret.smmuv3.Command;
import lazaret.smmuv3.Queue;
import lazaret.smmuv3.Reg;

/**
 * One SMMUv3 and its driver. Lock order: group mutex, attachLock, ats_lock, ste_lock or streams_lock or
 * gerror_lock.
 *
 * @kernel arm_smmu_device
 */
public final class SmmuDevice implements IommuOps {
    /** So many page requests a device may have open. */
    private static final int REQUESTS = 8;

    private final Kernel kernel;
    private final SmmuDesign design;
    private final SmmuSetup setup;
    private final SmmuRegs regs;
    private final Lifetime life;
    private final Mutex attachLock;
    /** Written at probe, constant after. */
    private final Ref<Features> features;
    private final Word cmdqBase;
    private final Gerrors gerrors;
    private final Cmdq cmdq;
    private final Streams streams;
    private final Evtq evtq;
    /** Null: page requests are not taken. */
    private final Priq priq;
    private final Strtab strtab;
    private final Tlb tlb;
    private final Atc atc;
    private final Fence fence;
    private final LastResort lastResort;
    private final Tags asids;
    private final Tags vmids;
    private final Tags nests;
    private final Domain.Identity identity;
    private final Domain.Blocked blocked;

    public SmmuDevice(Kernel kernel, SmmuDesign design, SmmuSetup setup) {
        this.kernel = kernel;
        this.design = design;
        this.setup = setup;
        regs = new SmmuRegs(kernel, setup.regs());
        life = new Lifetime(kernel, setup.name());
        attachLock = new Mutex(kernel, "smmu attach_lock");
        features = new Ref<>(kernel.machine().undo(), null);
        cmdqBase = new Word(kernel.machine().undo());
        AtcErrors errors = new AtcErrors(kernel, new Queue(setup.cmdqLog2()), setup.name());
        gerrors = new Gerrors(kernel, design, setup, regs, errors, cmdqBase, life,
                this::find);
        cmdq = new Cmdq(kernel, design, setup, regs, gerrors, errors, cmdqBase);
        streams = new Streams(kernel, life);
        evtq = new Evtq(kernel, setup, regs, streams);
        priq = setup.pri() == null ? null : new Priq(kernel, setup, regs, streams, cmdq, life);
        strtab = new Strtab(kernel, setup, regs);
        tlb = new Tlb(cmdq, setup);
        atc = new Atc(kernel, cmdq, design);
        fence = new Fence(kernel, cmdq, setup);
        lastResort = new LastResort(kernel, setup.name(), regs);
        asids = new Tags(this, "asids", life);
        vmids = new Tags(this, "vmids", life);
        nests = new Tags(this, "nests", life);
        identity = new Domain.Identity(kernel, this);
        blocked = new Domain.Blocked(kernel, this);
    }

    @Override
    public String name() {
        return setup.name();
    }

    public Kernel kernel() {
        return kernel;
    }

    public SmmuDesign design() {
        return design;
    }

    /** The pieces of which designs make a quarantine. */
    public Fence fence() {
        return fence;
    }

    /** What is left when the command queue stands still. */
    public LastResort lastResort() {
        return lastResort;
    }

    public Cmdq cmdq() {
        return cmdq;
    }

    /**
     * Serialises changes of attachment on this SMMU, whatever group they are for.
     *
     * @kernel arm_smmu_asid_lock
     */
    Mutex attachLock() {
        return attachLock;
    }

    Features features() {
        return features.get();
    }

    Tlb tlb() {
        return tlb;
    }

    Atc atc() {
        return atc;
    }

    // ---- the SMMU itself

    /**
     * Finds out what it can do, makes queues and tables, turns it on. Everything refused until devices
     * attach.
     */
    public Errno probe() {
        features.set(Features.of(regs.read(Reg.IDR0), regs.read(Reg.IDR1), regs.read(Reg.IDR5)));
        Features found = features.get();
        if (!found.stage1() || !found.coherent()) {
            kernel.printk(Level.ERR, name() + ": no stage 1 with 4 KiB pages, or not coherent");
            return Errno.ENXIO;
        }
        return new Bringup(kernel, setup, regs, gerrors, cmdq, evtq, priq, strtab,
                cmdqBase).run(found);
    }

    // ---- devices

    @Override
    public Errno probeDevice(Device dev) {
        List<Integer> sids = dev.fwspec().ids();
        if (sids.size() != 1) {
            throw new Unmodelled(dev.name() + " has " + sids.size() + " stream ids");
        }
        if (!strtab.contains(sids.getFirst())) {
            return Errno.ERANGE;
        }
        if (!kernel.alloc(Gfp.KERNEL, "arm_smmu_master")) {
            return Errno.ENOMEM;
        }
        try (Held _ = attachLock.lock()) {
            return enter(new Master(this, dev, sids.getFirst(), pasidBits(dev)));
        }
    }

    private Errno enter(Master master) {
        long ste = strtab.entry(master.sid(), cmdq);
        if (ste == Pages.NONE || !master.cds().alloc()) {
            master.life().free();
            return Errno.ENOMEM;
        }
        master.stePa(ste);
        Errno err = streams.insert(master);
        if (err.failed()) {
            master.cds().free();
            master.life().free();
            return err;
        }
        master.dev().iommu().priv(master);
        master.prepareAts();
        usePasids(master);
        return Errno.OK;
    }

    /** ATS is off. A reset has switched PASIDs off, too. @kernel arm_smmu_enable_pasid @req R53 */
    private static void usePasids(Master master) {
        if (master.cds().bits() > 0 && master.pci().enablePasid().ok()) {
            master.dev().iommu().maxPasids(1 << master.cds().bits());
            if (master.smmu().priq != null) {
                master.pci().enablePri(REQUESTS);
            }
        }
    }

    private int pasidBits(Device dev) {
        int bits = Math.min(setup.ssidBits(), features().ssidBits());
        return bits > 0 && dev instanceof PciDev pci ? Math.min(bits, pci.pasidWidth()) : 0;
    }

    @Override
    public void releaseDevice(Device dev) {
        Master master = master(dev);
        try (Held _ = attachLock.lock()) {
            EntryWriter.write(new SteSlot(master), Stes.abort());
            streams.remove(master);
            dev.iommu().priv(null);
            if (dev.iommu().maxPasids() > 0) {
                master.pci().disablePri();
                master.pci().disablePasid();
            }
            master.cds().free();
            master.life().free();
        }
    }

    Master find(int sid) {
        return streams.find(sid);
    }

    static Master master(Device dev) {
        return (Master) dev.iommu().priv();
    }

    // ---- domains

    @Override
    public Domain.Paging allocPaging(Device dev) {
        try (Held _ = attachLock.lock()) {
            int asid = kernel.alloc(Gfp.KERNEL, "arm_smmu_domain") ? asids.alloc() : 0;
            if (asid == 0) {
                return null;
            }
            long root = kernel.pages().allocZeroed(Gfp.KERNEL, name() + " domain " + asid);
            if (root == Pages.NONE) {
                asids.free(asid);
                return null;
            }
            return new SmmuDomain(this, asid, root);
        }
    }

    @Override
    public Domain.Paging allocSva(Device dev, Mm mm) {
        try (Held _ = attachLock.lock()) {
            int asid = kernel.alloc(Gfp.KERNEL, "arm_smmu_domain") ? asids.alloc() : 0;
            return asid == 0 ? null : new SvaDomain(this, asid, mm);
        }
    }

    @Override
    public Domain.Paging allocNestParent(Device dev) {
        if (!features().stage2()) {
            return null;
        }
        try (Held _ = attachLock.lock()) {
            int vmid = kernel.alloc(Gfp.KERNEL, "arm_smmu_domain") ? vmids.alloc() : 0;
            if (vmid == 0) {
                return null;
            }
            long root = kernel.pages().allocZeroed(Gfp.KERNEL, name() + " vm " + vmid);
            if (root == Pages.NONE) {
                vmids.free(vmid);
                return null;
            }
            return new VmDomain(this, vmid, root);
        }
    }

    /**
     * What a guest over {@code parent} takes for its SMMU.
     *
     * @param parent of {@link #allocNestParent}; outlives it
     * @kernel arm_vsmmu_init
     */
    public Vsmmu vsmmu(Domain.Paging parent) {
        return new Vsmmu((VmDomain) parent);
    }

    /** Page tables for a process, as the CPUs beside this SMMU have them; null without memory. */
    public Mm.Tables processTables(String process) {
        long root = kernel.pages().allocZeroed(Gfp.KERNEL, process);
        return root == Pages.NONE ? null : new ProcessTables(new PageTable(kernel, process, root));
    }

    /** Whoever has {@code domain} walks no table any more, if what was cached is forgotten too. */
    void quiesce(SvaDomain domain) {
        try (Held _ = attachLock.lock()) {
            streams.all().forEach(master -> PasidChange.quiesce(master, domain));
        }
    }

    void freeAsid(int asid) {
        try (Held _ = attachLock.lock()) {
            asids.free(asid);
        }
    }

    void freeVmid(int vmid) {
        try (Held _ = attachLock.lock()) {
            vmids.free(vmid);
        }
    }

    /** 0 without memory, or when there are too many. */
    int allocNest() {
        try (Held _ = attachLock.lock()) {
            return kernel.alloc(Gfp.KERNEL, "arm_smmu_nested_domain") ? nests.alloc() : 0;
        }
    }

    void freeNest(int number) {
        try (Held _ = attachLock.lock()) {
            nests.free(number);
        }
    }

    /** One that has to have ATS even there. @kernel arm_smmu_def_domain_type */
    @Override
    public boolean startsOnIdentity(Device dev) {
        return master(dev).atsAlways();
    }

    @Override
    public boolean defersAttach(Device dev) {
        return setup.afterCrash();
    }

    @Override
    public Domain.Identity identityDomain() {
        return identity;
    }

    @Override
    public Domain.Blocked blockedDomain() {
        return blocked;
    }

    @Override
    public Errno attach(Domain next, Device dev, Domain old) {
        Master master = master(dev);
        try (Held _ = attachLock.lock()) {
            Errno err = Attach.attach(master, next, old);
            master.restored();
            return err;
        }
    }

    @Override
    public Errno attachPasid(Domain next, Device dev, int pasid, Domain old) {
        if (!(next instanceof SmmuDomain domain) || domain.smmu() != this || !domain.isStage1()
                || !leadsToDescriptors(dev)) {
            return Errno.EINVAL;
        }
        try (Held _ = attachLock.lock()) {
            return new PasidChange(master(dev), pasid).to(domain);
        }
    }

    /** Or would an entry do so that has a descriptor for each PASID? */
    private static boolean leadsToDescriptors(Device dev) {
        Stages rid = Stages.of(dev.core().driverDomain(dev));
        return rid == null || rid.isStage1();
    }

    @Override
    public void removePasid(Device dev, int pasid, Domain old) {
        try (Held _ = attachLock.lock()) {
            new PasidChange(master(dev), pasid).toNothing();
        }
    }

    @Override
    public void respond(Iopf.Request request, boolean there) {
        int sid = request.dev().fwspec().ids().getFirst();
        priq.answer(sid, true, request.pasid(), request.group(),
                there ? Command.Resp.SUCCESS : Command.Resp.INVALID);
    }

    @Override
    public void drainRequests() {
        if (priq != null) {
            priq.consume();
        }
    }

    @Override
    public void resetDeviceDone(Device dev) {
        Master master = master(dev);
        try (Held _ = attachLock.lock()) {
            usePasids(master);
            design.resetDone(master);
        }
    }
}
