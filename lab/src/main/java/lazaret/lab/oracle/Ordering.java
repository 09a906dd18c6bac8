// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.oracle;

import java.util.List;
import java.util.function.Consumer;
import lazaret.iommu.IommuEntry;
import lazaret.kernel.KernelEntry;
import lazaret.machine.Entry;
import lazaret.machine.Machine;
import lazaret.pcie.PcieEntry;
import lazaret.smmuv3.Command;
import lazaret.smmuv3.Ste;
import lazaret.smmuv3.hw.SmmuEntry;

/**
 * P14.
 * <ol>
 * <li>The strand of a flush has a TLBI executed and a SYNC behind it complete before its first ATC_INV goes
 *     out. A flush of a domain that nobody is attached to, when it begins or since, is not judged: there is
 *     nothing that a TLB could have kept, because who left had it forget.
 * <li>A flush asks nobody who is attached elsewhere by then.
 * <li>A page does not go back to the allocator while it is mapped, or unmapped and not flushed.
 * <li>A device's ATS is switched on when its STE lets it through, and off before the STE stops to: except
 *     for a device that is suspected, where the STE goes first.
 * </ol>
 */
final class Ordering implements Watch {
    private static final int PAGES = 16;

    /** How far the flush of a strand got with the TLB. */
    private enum Tlb { ASKED, DONE }

    private final Hardware hardware;
    private final Flushes flushes;
    private final Attachments attachments;
    private final Issuers issuers;
    private final Containment containment;
    private final Guilt guilt;
    private final AtsState ats;
    private final Consumer<Violation> report;
    private final Book<String, Tlb> progress;

    Ordering(Machine machine, Hardware hardware, Flushes flushes, Attachments attachments, Issuers issuers,
            Containment containment, Guilt guilt, AtsState ats, Consumer<Violation> report) {
        this.hardware = hardware;
        this.flushes = flushes;
        this.attachments = attachments;
        this.issuers = issuers;
        this.containment = containment;
        this.guilt = guilt;
        this.ats = ats;
        this.report = report;
        progress = new Book<>(machine, PAGES);
    }

    @Override
    public List<Ear<?>> ears() {
        return List.of(Ear.of(IommuEntry.FlushBegin.class, this::began),
                Ear.of(IommuEntry.Attached.class, _ -> flushes.all().forEach(this::relieve)),
                Ear.of(IommuEntry.PasidAttached.class, _ -> flushes.all().forEach(this::relieve)),
                Ear.of(IommuEntry.FlushEnd.class, _ -> progress.remove(flushes.strand())),
                Ear.of(SmmuEntry.Fetched.class, this::fetched),
                Ear.of(SmmuEntry.SyncDone.class, _ -> synced()),
                Ear.of(SmmuEntry.AtcInvSent.class, this::sent),
                Ear.of(KernelEntry.PageFreed.class, this::freed),
                Ear.of(PcieEntry.AtsControl.class, this::switched));
    }

    private void began(IommuEntry.FlushBegin flush) {
        relieve(flushes.strand(), flush.domain());
    }

    private void relieve(Book.Line<String, Flushes.Open> flush) {
        relieve(flush.key(), flush.value().begin().domain());
    }

    private void relieve(String strand, String domain) {
        if (attachments.of(domain).isEmpty()) {
            progress.put(strand, Tlb.DONE);
        }
    }

    private void fetched(SmmuEntry.Fetched f) {
        if (isTlbi(f.command()) && flushing()) {
            progress.put(issuers.current(), Tlb.ASKED);
        }
    }

    private void synced() {
        if (progress.has(issuers.current())) {
            progress.put(issuers.current(), Tlb.DONE);
        }
    }

    private void sent(SmmuEntry.AtcInvSent s) {
        if (!flushing()) {
            return;
        }
        Flushes.Open flush = flushes.of(issuers.current());
        if (flush.sids().contains(s.sid()) && attachments.home(s.sid(), s.pasid()) != null
                && !attachments.of(flush.begin().domain()).contains(s.sid())) {
            broken(s.sid(), "a flush of a domain asked it after it had left that domain", s);
        }
        if (progress.get(issuers.current(), null) != Tlb.DONE) {
            broken(s.sid(), "the device was asked to forget before the TLB had forgotten", s);
        }
    }

    private boolean flushing() {
        return flushes.isOpen(issuers.current());
    }

    private static boolean isTlbi(Command command) {
        return switch (command) {
            case Command.TlbiNhAll _, Command.TlbiNhAsid _, Command.TlbiNhVa _, Command.TlbiNhVaa _,
                    Command.TlbiEl2All _, Command.TlbiEl2Asid _, Command.TlbiEl2Va _, Command.TlbiEl2Vaa _,
                    Command.TlbiS12Vmall _, Command.TlbiS2Ipa _, Command.TlbiNsnhAll _ -> true;
            case Command.PrefetchConfig _, Command.PrefetchAddr _, Command.CfgiSte _,
                    Command.CfgiSteRange _, Command.CfgiAll _, Command.CfgiCd _, Command.CfgiCdAll _,
                    Command.CfgiVmsPidm _, Command.AtcInv _, Command.PriResp _, Command.Resume _,
                    Command.StallTerm _, Command.Sync _, Command.Dpti _, Command.Illegal _ -> false;
        };
    }

    private void freed(KernelEntry.PageFreed page) {
        if (containment.inUse(page.pa())) {
            report.accept(new Violation(Property.P14, "frame 0x" + Long.toHexString(page.pa() >>> 12),
                    "it was given back before a flush that unmaps it had returned", null, page));
        }
    }

    private void switched(PcieEntry.AtsControl c) {
        if (c.on() && !guilt.suspect(c.rid()) && hardware.refusesAts(c.rid())) {
            broken(c.rid(), "ATS was switched on in the device while the hardware refuses it", c);
        }
    }

    /** Something was stored, and not into the command queue. */
    void stored(KernelEntry.Stored store) {
        if (!Ste.EATS.test(store.before()) || Ste.EATS.test(store.after())) {
            return;
        }
        List<Integer> streams = hardware.streams();
        for (int i = 0; i < streams.size(); i++) {
            int sid = streams.get(i);
            if (store.pa() == hardware.ste(sid) + 8L * Ste.EATS.word() && ats.isOn(sid)
                    && !guilt.suspect(sid) && !ats.isGone(sid)) {
                broken(sid, "its STE refuses ATS while the device has it on", store);
            }
        }
    }

    private void broken(int sid, String what, Entry entry) {
        report.accept(new Violation(Property.P14, "sid 0x" + Integer.toHexString(sid), what, null, entry));
    }
}
