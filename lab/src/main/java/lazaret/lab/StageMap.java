// SPDX-License-Identifier: Apache-2.0
package lazaret.lab;

import java.util.List;
import lazaret.iommu.IommuEntry;
import lazaret.kernel.KernelEntry;
import lazaret.lab.oracle.Hardware;
import lazaret.lab.story.AddressMap;
import lazaret.machine.Entry;
import lazaret.machine.Ram;
import lazaret.pcie.PcieEntry;
import lazaret.smmuv3.CmdqCons;
import lazaret.smmuv3.Command;
import lazaret.smmuv3.Reg;
import lazaret.smmuv3.Ste;
import lazaret.smmuv3.hw.SmmuEntry;

/**
 * What lies where in a stage, for stories: stores into STEs and pages are told as what they mean, the rest is
 * left out.
 */
final class StageMap implements AddressMap {
    private static final int STE_BYTES = 64;
    private static final String AGAIN = ", executed again: what timed out is forgotten";
    private static final String ACKNOWLEDGED = "acknowledges the error";

    private final Ram ram;
    private final Hardware hardware;
    /** Index of the command at which the queue stopped last. */
    private int failed = -1;
    /** The command that is executed now has sent a request, and that was told. */
    private boolean sent;

    StageMap(Ram ram, Hardware hardware) {
        this.ram = ram;
        this.hardware = hardware;
    }

    @Override
    public String tell(Entry entry) {
        return switch (entry) {
            case KernelEntry kernel -> tell(kernel);
            case IommuEntry.Chosen _ -> null;
            case IommuEntry.EventTold _ -> null;
            case IommuEntry iommu -> iommu.text();
            case SmmuEntry smmu -> tell(smmu);
            case PcieEntry pcie -> tell(pcie);
            default -> entry.text();
        };
    }

    private String tell(KernelEntry entry) {
        return switch (entry) {
            case KernelEntry.Stored s -> stored(s);
            case KernelEntry.Buffered b -> "store to " + owner(b.pa()) + " waits in the store buffer";
            case KernelEntry.Arrived a -> "store to " + owner(a.pa()) + " reaches memory";
            case KernelEntry.PageAllocated p -> buffer(p.owner()) ? p.text() : null;
            case KernelEntry.PageFreed p -> buffer(p.owner()) ? p.text() : null;
            case KernelEntry.PageHeld p -> p.text();
            case KernelEntry.Printk _, KernelEntry.Warned _, KernelEntry.UseAfterFree _,
                    KernelEntry.BrokenContext _,
                    KernelEntry.Faulted _, KernelEntry.IrqTaken _ -> entry.text();
            case KernelEntry.RegisterRead _, KernelEntry.RegisterWrite _ -> null;
        };
    }

    private String owner(long pa) {
        return ram.frame(pa).owner() + " 0x" + Long.toHexString(pa);
    }

    private String stored(KernelEntry.Stored store) {
        for (int sid : streams()) {
            long ste = hardware.ste(sid);
            if (store.pa() >= ste && store.pa() < ste + STE_BYTES) {
                return "sid=0x" + Integer.toHexString(sid) + " " + steChange(ste, store);
            }
        }
        String owner = ram.frame(store.pa()).owner();
        return buffer(owner) ? "CPU writes 0x" + Long.toHexString(store.after()) + " to " + owner + " 0x"
                + Long.toHexString(store.pa()) : null;
    }

    private String steChange(long ste, KernelEntry.Stored store) {
        long[] before = new long[Ste.STE.words()];
        for (int i = 0; i < before.length; i++) {
            before[i] = ram.load(ste + 8L * i);
        }
        long[] after = before.clone();
        before[(int) (store.pa() - ste) / 8] = store.before();
        after[(int) (store.pa() - ste) / 8] = store.after();
        return store.before() == store.after() ? "STE stored as it was" : Ste.STE.diff(before, after);
    }

    private List<Integer> streams() {
        return hardware.streams();
    }

    /** Does the page belong to the scenario, not to a table or queue of the stack? */
    private static boolean buffer(String owner) {
        return owner.endsWith("buffer") || owner.endsWith("cache");
    }

    private static String tell(PcieEntry entry) {
        return switch (entry) {
            case PcieEntry.AtcFilled _, PcieEntry.AtcDropped _, PcieEntry.AtsControl _, PcieEntry.DmaFailed _,
                    PcieEntry.FunctionReset _, PcieEntry.Broke _, PcieEntry.LinkDown _, PcieEntry.Removed _,
                    PcieEntry.InvalidateAnswered _, PcieEntry.InvalidateForgotten _, PcieEntry.Stopped _,
                    PcieEntry.PeerReached _, PcieEntry.PortChanged _ ->
                    entry.text();
            case PcieEntry.DmaIssued d -> d.text();
            case PcieEntry.InvalidateReceived _, PcieEntry.TranslationAsked _, PcieEntry.ReadDone _,
                    PcieEntry.Unexpected _ -> null;
        };
    }

    private String tell(SmmuEntry entry) {
        return switch (entry) {
            case SmmuEntry.CmdqError e -> {
                failed = CmdqCons.RD.getInt(e.cons());
                yield e.text();
            }
            case SmmuEntry.SyncDone d -> d.text() + (failed == d.index() ? AGAIN : "");
            case SmmuEntry.RegisterWritten w -> w.reg() == Reg.GERRORN ? acknowledged() : null;
            case SmmuEntry.Consumed c -> consumed(c);
            case SmmuEntry.AtcInvSent s -> {
                sent = true;
                yield "executes ATC_INV: " + s.text();
            }
            case SmmuEntry.SyncWaits w -> w.text();
            case SmmuEntry.DmaLanded _, SmmuEntry.DmaRefused _,
                    SmmuEntry.AtcInvAnswered _,
                    SmmuEntry.AtcInvUnsupported _, SmmuEntry.AtcInvTimedOut _, SmmuEntry.AtcInvLate _,
                    SmmuEntry.AtcInvUnexpected _, SmmuEntry.Frozen _, SmmuEntry.Failed _,
                    SmmuEntry.UsedStale _, SmmuEntry.EventRecorded _,
                    SmmuEntry.PageRequested _, SmmuEntry.PageAnswered _ -> entry.text();
            case SmmuEntry.Fetched _, SmmuEntry.Cached _, SmmuEntry.TranslationServed _ -> null;
        };
    }

    private String acknowledged() {
        return failed < 0 ? ACKNOWLEDGED : ACKNOWLEDGED + ": the queue goes on";
    }

    /** A SYNC tells of itself, and an ATC_INV by what it sends. */
    private String consumed(SmmuEntry.Consumed entry) {
        boolean told = entry.command() instanceof Command.Sync || sent;
        sent = false;
        return told ? null : "executes " + entry.text();
    }
}
