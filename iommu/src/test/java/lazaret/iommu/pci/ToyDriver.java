// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.pci;

import java.util.ArrayList;
import java.util.List;
import lazaret.kernel.Errno;
import lazaret.machine.Machine;
import lazaret.machine.Ref;
import lazaret.machine.Word;

/** A driver that switches bus mastering and remembers what it was asked. */
final class ToyDriver implements PciDriver {
    private final String name;
    private final Word probeFails;
    private final Ref<List<String>> seen;
    private final Ref<ErsResult> needs;

    ToyDriver(Machine machine, String name) {
        this.name = name;
        probeFails = new Word(machine.undo());
        seen = new Ref<>(machine.undo(), List.of());
        needs = new Ref<>(machine.undo(), ErsResult.NEED_RESET);
    }

    void probeFails(boolean yes) {
        probeFails.set(yes);
    }

    List<String> seen() {
        return seen.get();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Errno probe(PciDev dev) {
        if (probeFails.test()) {
            return Errno.EIO;
        }
        see("probe");
        dev.setMaster();
        return Errno.OK;
    }

    @Override
    public void remove(PciDev dev) {
        see("remove");
        dev.clearMaster();
    }

    @Override
    public void resetPrepare(PciDev dev) {
        see("reset_prepare");
    }

    @Override
    public void resetDone(PciDev dev) {
        see("reset_done");
    }

    /** What it says to {@link #errorDetected}. */
    void needs(ErsResult what) {
        needs.set(what);
    }

    @Override
    public ErsResult errorDetected(PciDev dev, ChannelState state) {
        see("error_detected " + state);
        return needs.get();
    }

    @Override
    public ErsResult mmioEnabled(PciDev dev) {
        see("mmio_enabled");
        return dev.present() ? ErsResult.RECOVERED : ErsResult.NEED_RESET;
    }

    @Override
    public ErsResult slotReset(PciDev dev) {
        see("slot_reset");
        return dev.present() ? ErsResult.RECOVERED : ErsResult.DISCONNECT;
    }

    @Override
    public void resume(PciDev dev) {
        see("resume");
    }

    private void see(String what) {
        List<String> more = new ArrayList<>(seen.get());
        more.add(what);
        seen.set(List.copyOf(more));
    }
}
