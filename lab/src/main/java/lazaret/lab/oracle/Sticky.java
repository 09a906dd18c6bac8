// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.oracle;

import java.util.List;
import java.util.function.Consumer;
import lazaret.iommu.IommuEntry;
import lazaret.kernel.KernelEntry;
import lazaret.machine.Entry;
import lazaret.machine.Machine;
import lazaret.pcie.PcieEntry;
import lazaret.smmuv3.Ste;

/** P5. Sees every store of software; one that sets EATS in the STE of a fenced stream is a violation. */
final class Sticky implements Watch {
    private static final int PAGES = 64;

    private final Hardware hardware;
    private final Consumer<Violation> report;
    /** By stream: the entry that said it was fenced. */
    private final Book<Integer, Entry> fences;

    Sticky(Machine machine, Hardware hardware, Consumer<Violation> report) {
        this.hardware = hardware;
        this.report = report;
        fences = new Book<>(machine, PAGES);
    }

    /** Has the stack said that the stream is fenced, and has nothing ended that since? */
    boolean fenced(int sid) {
        return fences.has(sid);
    }

    @Override
    public List<Ear<?>> ears() {
        return List.of(Ear.of(IommuEntry.Fenced.class, this::fenced),
                Ear.of(IommuEntry.Released.class, r -> r.sids().forEach(fences::remove)),
                Ear.of(PcieEntry.FunctionReset.class, this::reset));
    }

    /** The newest is the one to show, also if it says the same. */
    private void fenced(IommuEntry.Fenced f) {
        fences.remove(f.sid());
        fences.put(f.sid(), f);
    }

    private void reset(PcieEntry.FunctionReset r) {
        if (r.ready()) {
            fences.remove(r.rid());
        }
    }

    /** Something was stored, and not into the command queue. */
    void stored(KernelEntry.Stored store) {
        if (!Ste.EATS.test(store.after())) {
            return;
        }
        List<Integer> streams = hardware.streams();
        for (int i = 0; i < streams.size(); i++) {
            int sid = streams.get(i);
            if (store.pa() == hardware.ste(sid) + 8L * Ste.EATS.word()) {
                judge(sid, store);
            }
        }
    }

    private void judge(int sid, KernelEntry.Stored store) {
        Entry cause = fences.get(sid, null);
        if (cause != null) {
            report.accept(new Violation(Property.P5, "sid 0x" + Integer.toHexString(sid),
                    "its STE lets ATS through again without a successful reset", cause, store));
        }
    }
}
