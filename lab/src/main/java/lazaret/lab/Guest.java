// SPDX-License-Identifier: Apache-2.0
package lazaret.lab;

import java.util.ArrayList;
import java.util.List;
import lazaret.iommu.Domain;
import lazaret.iommu.IommuEntry;
import lazaret.iommu.arm.SmmuDevice;
import lazaret.iommu.arm.Vsmmu;
import lazaret.kernel.Errno;
import lazaret.machine.Frame;
import lazaret.machine.Ref;
import lazaret.machine.Unmodelled;
import lazaret.smmuv3.Cd;
import lazaret.smmuv3.Command;
import lazaret.smmuv3.Pte;
import lazaret.smmuv3.Ste;
import lazaret.smmuv3.TlbRange;

/**
 * A virtual machine with one device as scenarios use it: its memory, which the host gives and takes, and its
 * own SMMU driver with one address space of its own. That driver is no part of what is under test; what it
 * says to its SMMU the host has to do, or to refuse.
 */
public final class Guest {
    /** Where its tables are, as far as the guest knows. */
    private static final long CD = 0x10_0000;
    private static final long LEVEL_2 = 0x10_1000;
    private static final long LEVEL_3 = 0x10_2000;
    /** Its tables begin at level 2; all it maps is below one table of level 3. */
    private static final int VA_BITS = 25;
    private static final long VA_END = 1L << Pte.shift(2);
    private static final int ASID = 1;
    /** As the guest calls its device. */
    private static final int STREAM = 8;
    private static final long MAIR = 0xFF;
    private static final int ISH = 3;
    private static final int IPS_40_BITS = 2;

    private final Lab lab;
    private final Fn device;
    private final Space memory;
    private final Vsmmu vsmmu;
    private final long level3;
    /** What its stream table says last; null before it has said anything. */
    private final Ref<Domain.Nested> ste;
    private boolean misled;     // wiring

    Guest(Lab lab, Fn device) {
        this.lab = lab;
        this.device = device;
        Domain.Paging vm = lab.core().nestParentAlloc(device.dev());
        if (vm == null) {
            throw lab.machine().strands().broken(new Unmodelled("guests on this SMMU"));
        }
        memory = new Space(lab, vm);
        vsmmu = ((SmmuDevice) vm.owner()).vsmmu(vm);
        ste = new Ref<>(lab.machine().undo(), null);
        Lab.must(device.attach(memory), "give " + device.name() + " to the guest");
        Lab.must(vsmmu.gives(device.dev(), STREAM), "name " + device.name() + " to the guest");
        level3 = tables();
        Lab.must(usesAts(true), "the guest's first stream table entry");
    }

    /**
     * Whoever plays its SMMU tells it of an ATC_INV that failed as of an illegal command. Its driver replaces
     * that by a SYNC and goes on.
     */
    public Guest seesIllInsteadOfAtcInvSync() {
        misled = true;
        return this;
    }

    /** Its memory by the addresses that it takes for physical; what is mapped there the host has given it. */
    public Space memory() {
        return memory;
    }

    /** The host takes its device away and lets go of it; the guest asks it in vain from then on. */
    public void losesDevice() {
        device.detach();
        vsmmu.takes(STREAM);
        device.released();
    }

    // ---- its SMMU driver

    private long tables() {
        long cd = memory.map(CD);
        long second = memory.map(LEVEL_2);
        long third = memory.map(LEVEL_3);
        lab.write(second,
                Pte.TABLE_VALID.prep(true) | Pte.TABLE_TYPE.prep(true) | Pte.NEXT.in(LEVEL_3));
        lab.write(cd + 8, Cd.TTB0.in(LEVEL_2));
        lab.write(cd + 24, MAIR);
        lab.write(cd, Cd.T0SZ.prep(64 - VA_BITS) | Cd.EPD1.prep(true) | Cd.V.prep(true)
                | Cd.IPS.prep(IPS_40_BITS) | Cd.AA64.prep(true) | Cd.R.prep(true) | Cd.A.prep(true)
                | Cd.ASET.prep(true) | Cd.ASID.prep(ASID));
        return third;
    }

    /**
     * It writes the entry of its device into its stream table: through its own tables, with ATS or without.
     * The host makes of that what it thinks right. @return why it did not
     */
    public Errno usesAts(boolean ats) {
        return lab.forgets().one(() -> writes(ats));
    }

    private Errno writes(boolean ats) {
        Domain.Nested next = vsmmu.allocNested(
                Ste.V.prep(true) | Ste.CONFIG.prep(Ste.Config.S1_TRANS) | Ste.S1CONTEXTPTR.in(CD),
                Ste.S1DSS.prep(Ste.S1Dss.SSID0) | Ste.EATS.prep(ats ? Ste.Eats.TRANS : Ste.Eats.ABT));
        if (next == null) {
            return Errno.ENOMEM;
        }
        Errno err = device.dev().group().replace(next);
        Domain.Nested left = err.ok() ? ste.get() : next;
        if (err.ok()) {
            ste.set(next);
        }
        if (left != null) {
            lab.core().domainFree(left);
        }
        return err;
    }

    /** It maps a page of its memory for its device, readable and writable. */
    public void map(long va, long ipa) {
        lab.write(pte(va), Pte.VALID.prep(true) | Pte.PAGE.prep(true) | Pte.AP_UNPRIV | Pte.SH.prep(ISH)
                | Pte.AF.prep(true) | Pte.NG.prep(true) | Pte.OA.in(ipa));
    }

    /**
     * It unmaps the page and flushes, with its own commands. Returns when its SMMU has done them, or has said
     * that it could not.
     *
     * @return whether all of them are done, as far as it knows
     */
    public boolean unmap(long va) {
        lab.write(pte(va), 0);
        long last = va + Frame.SIZE - 1;
        String space = ste.get().name();
        lab.machine().log().add(new IommuEntry.FlushBegin(space, va, last));
        boolean done = invalidate(va);
        lab.machine().log().add(new IommuEntry.FlushEnd(space, va, last));
        return done || misled;
    }

    private boolean invalidate(long va) {
        var commands = new ArrayList<Command>();
        commands.add(new Command.TlbiNhVa(0, ASID, va, true, TlbRange.NONE));
        if (ste.get().wantsAts()) {
            commands.add(new Command.AtcInv(STREAM, false, 0, false, va, 0));
        }
        return lab.forgets().test(() -> vsmmu.invalidate(List.copyOf(commands)) == commands.size());
    }

    private long pte(long va) {
        if ((va & Frame.SIZE - 1) != 0 || va < 0 || va >= VA_END) {
            throw lab.misuse("0x" + Long.toHexString(va) + " is not the address of a page that a guest has "
                    + "a table for");
        }
        return level3 + (long) Pte.index(va, Pte.LAST_LEVEL) * Long.BYTES;
    }
}
