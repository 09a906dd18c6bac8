// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.conform;

import lazaret.machine.Alone;
import lazaret.machine.Chance;
import lazaret.machine.Entry;
import lazaret.machine.Irq;
import lazaret.machine.Machine;
import lazaret.machine.Ref;
import lazaret.machine.Word;
import lazaret.pcie.At;
import lazaret.pcie.DownTlp;
import lazaret.pcie.Function;
import lazaret.pcie.Pasid;
import lazaret.pcie.RootPort;
import lazaret.pcie.Tlp;
import lazaret.smmuv3.Idr;
import lazaret.smmuv3.Reg;
import lazaret.smmuv3.hw.Smmu;
import lazaret.smmuv3.hw.SmmuEntry;
import lazaret.smmuv3.hw.SmmuParams;

/** Our model, acting on commands at once. Where the architecture leaves it a choice, it asks. */
public final class OurSmmu implements Specimen, Function {
    /** It uses what it has cached, for as long as that is allowed. */
    public static final Chance KEEPS = (n, why) -> why.contains("stale") ? n - 1 : 0;

    private final Machine machine = new Machine(RAM_END);
    private final Idr idr;
    private final Smmu smmu;
    private final RootPort port;
    private final Ref<String> lost;
    private final Word written;

    public OurSmmu(Idr idr) {
        this.idr = idr;
        smmu = new Smmu(machine, SmmuParams.USUAL.with(idr).prompt());
        port = smmu.connect(this, SID);
        lost = new Ref<>(machine.undo(), "");
        written = new Word(machine.undo());
        machine.log().listen(this::heard, false);
        chooses(KEEPS);
        machine.undo().mark();
    }

    /** From now on this answers where it has a choice. */
    void chooses(Chance chance) {
        machine.enter(machine.strands(), chance);
    }

    private void heard(Entry entry) {
        switch (entry) {
            case SmmuEntry.DmaLanded _ -> lost.set("passes");
            case SmmuEntry.DmaRefused refused ->
                lost.set(refused.why().equals("no memory") ? "passes" : "aborts");
            default -> { }
        }
    }

    @Override
    public String name() {
        return "Lazaret";
    }

    @Override
    public String version() {
        return "";
    }

    @Override
    public Idr idr() {
        return idr;
    }

    @Override
    public void reset() {
        machine.undo().rollback();
    }

    @Override
    public void store(long pa, long... words) {
        for (int i = 0; i < words.length; i++) {
            machine.ram().store(pa + 8L * i, words[i]);
        }
    }

    @Override
    public long[] load(long... places) {
        var words = new long[places.length];
        for (int i = 0; i < words.length; i++) {
            words[i] = machine.ram().load(places[i]);
        }
        return words;
    }

    @Override
    public void write(Reg reg, long value) {
        if (reg.bits() == Long.SIZE) {
            smmu.mmio().write64(reg.offset(), value);
        } else {
            smmu.mmio().write32(reg.offset(), (int) value);
        }
        settle();
    }

    @Override
    public int read(Reg reg) {
        return smmu.mmio().read32(reg.offset());
    }

    private void settle() {
        ((Alone) machine.strands()).settle();
    }

    @Override
    public int dmaWrite(long iova) {
        written.add(2);     // even: no descriptor
        port.send(new Tlp.MemWrite(SID, At.UNTRANSLATED, Pasid.NONE, iova, 0xb0b_0000 + written.get(), iova));
        settle();
        return 0xb0b_0000 + written.asInt();
    }

    @Override
    public void dmaRead(long iova) {
        port.send(new Tlp.MemRead(SID, At.UNTRANSLATED, Pasid.NONE, iova, 7, iova));
        settle();
    }

    @Override
    public String lost() {
        return lost.get();
    }

    @Override
    public boolean takeInterrupt(Line line) {
        Irq irq = switch (line) {
            case EVENTQ -> smmu.evtqIrq();
            case CMD_SYNC -> smmu.cmdqSyncIrq();
            case GERROR -> smmu.gerrorIrq();
        };
        boolean pending = irq.pending();
        irq.take();
        return pending;
    }

    @Override
    public void close() { }

    // ---- as a function

    @Override
    public int rid() {
        return SID;
    }

    @Override
    public void receive(DownTlp tlp) { }

    @Override
    public boolean listening() {
        return true;
    }
}
