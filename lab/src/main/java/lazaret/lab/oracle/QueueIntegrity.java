// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.oracle;

import java.util.function.Consumer;
import lazaret.explore.Ending;
import lazaret.kernel.KernelEntry;
import lazaret.machine.Entry;
import lazaret.machine.Machine;
import lazaret.smmuv3.hw.SmmuEntry;

/**
 * P12. Between two executions of a slot software stores each of its two words once, the hardware fetches the
 * slot with both of them, and at rest nothing waits to be fetched. A slot at which the queue stopped may be
 * written again, or not, before it is fetched again.
 */
final class QueueIntegrity implements Watch {
    private static final int PAGES = 64;
    private static final int WHOLE = 3;
    private static final int STOPPED = 4;

    private final Issuers issuers;
    private final Hardware hardware;
    private final Consumer<Violation> report;
    /** By slot: a bit for each word stored since it was fetched, or {@link #STOPPED}. */
    private final Book<Integer, Integer> slots;
    private final Guilt guilt;

    QueueIntegrity(Machine machine, Hardware hardware, Issuers issuers, Guilt guilt,
            Consumer<Violation> report) {
        this.hardware = hardware;
        this.issuers = issuers;
        this.report = report;
        slots = new Book<>(machine, PAGES);
        this.guilt = guilt;
    }

    @Override
    public void stored(KernelEntry.Stored store) {
        int slot = issuers.slot(store.pa());
        if (slot < 0) {
            return;
        }
        int word = 1 << (store.pa() >>> 3 & 1);
        int state = slots.get(slot, 0);
        if (state != STOPPED) {
            if ((state & word) != 0) {
                broken(slot, "it was written again before it was executed", store);
            }
            slots.put(slot, state | word);
        }
    }

    @Override
    public void on(SmmuEntry entry) {
        switch (entry) {
            case SmmuEntry.Fetched f -> {
                int slot = f.index() & hardware.cmdqSize() - 1;
                int state = slots.get(slot, 0);
                if (state < WHOLE) {
                    broken(slot, state == 0 ? "it was executed again" : "it was executed half written", f);
                }
                slots.remove(slot);
            }
            case SmmuEntry.CmdqError e -> slots.put(e.cons() & hardware.cmdqSize() - 1, STOPPED);
            case SmmuEntry.Frozen _, SmmuEntry.DmaLanded _, SmmuEntry.DmaRefused _,
                    SmmuEntry.AtcInvSent _,
                    SmmuEntry.AtcInvAnswered _, SmmuEntry.AtcInvUnsupported _, SmmuEntry.AtcInvTimedOut _,
                    SmmuEntry.AtcInvLate _, SmmuEntry.AtcInvUnexpected _, SmmuEntry.SyncDone _,
                    SmmuEntry.Consumed _, SmmuEntry.SyncWaits _, SmmuEntry.Cached _, SmmuEntry.UsedStale _,
                    SmmuEntry.TranslationServed _, SmmuEntry.EventRecorded _, SmmuEntry.PageRequested _,
                    SmmuEntry.PageAnswered _,
                    SmmuEntry.RegisterWritten _ -> { }
        }
    }

    @Override
    public void end(Ending ending) {
        if (ending instanceof Ending.Rest && !guilt.halted()) {
            for (var line : slots.lines()) {
                if (line.value() != STOPPED) {
                    broken(line.key(), "it was written and never executed", null);
                }
            }
        }
    }

    private void broken(int slot, String what, Entry entry) {
        report.accept(new Violation(Property.P12, "command queue slot " + slot, what, null, entry));
    }
}
