// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.pci;

import java.util.ArrayList;
import java.util.List;
import lazaret.machine.Machine;
import lazaret.machine.Ref;
import lazaret.machine.Word;
import lazaret.machine.Words;
import lazaret.pcie.Config;
import lazaret.pcie.Config.AtsCap;
import lazaret.pcie.Config.ExpressCap;
import lazaret.pcie.Config.PasidCap;
import lazaret.pcie.Config.PriCap;
import lazaret.pcie.Config.Status;
import lazaret.pcie.ConfigSpace;

/**
 * A function that is all config space: real capability lists, and a level reset that takes as long as it is
 * told.
 */
final class ToyFunction implements ConfigSpace {
    static final int EXPRESS = 0x60;
    /** Where {@link #offersOnly} puts it. */
    static final int OTHER = 0x90;
    static final int ATS = 0x140;
    static final int PRI = 0x180;
    static final int PASID = 0x1c0;
    static final int DEVCTL_DEFAULT = 0x2810;
    static final long NEVER = Long.MAX_VALUE;

    private final Machine machine;
    /** One 32-bit register a word. */
    private final Words regs;
    private final Word absent;
    /** Microseconds from the trigger of a reset until it answers again. */
    private final Word resetTakes;
    private final Word readyAt;
    /** So many reads of device status still say "transactions pending". */
    private final Word pendingReads;
    private final Word reads;
    private final Ref<List<String>> writes;

    ToyFunction(Machine machine) {
        this.machine = machine;
        regs = new Words(machine.undo(), Config.SIZE / 4);
        absent = new Word(machine.undo());
        resetTakes = new Word(machine.undo());
        readyAt = new Word(machine.undo());
        pendingReads = new Word(machine.undo());
        reads = new Word(machine.undo());
        writes = new Ref<>(machine.undo(), List.of());
        put(0, 0x1234_8086);
        put(4, (int) Status.CAP_LIST.prep(true) << 16);
        put(Config.CAP_POINTER, 0x40);
        put(0x40, EXPRESS << 8 | Config.VENDOR_CAP);
        put(EXPRESS, 2 << 16 | ExpressCap.ID);
        put(EXPRESS + ExpressCap.DEVCAP, (int) ExpressCap.FLR.prep(true));
        ext(0x100, Config.VENDOR_EXT_CAP, ATS);
        ext(ATS, AtsCap.ID, PRI);
        ext(PRI, PriCap.ID, PASID);
        ext(PASID, PasidCap.ID, 0);
        forgetAll();
    }

    private void ext(int at, int id, int next) {
        put(at, next << 20 | 1 << 16 | id);
    }

    /** Raw, whatever state the function is in. */
    void put(int offset, int value) {
        regs.set(offset / 4, value);
    }

    /** No FLR, but another capability behind that of PCIe, with these bits in its header. */
    void offersOnly(int id, int bits) {
        put(EXPRESS, 2 << 16 | OTHER << 8 | ExpressCap.ID);
        put(EXPRESS + ExpressCap.DEVCAP, 0);
        put(OTHER, bits | id);
    }

    int peek16(int offset) {
        return (int) regs.get(offset / 4) >>> (offset & 2) * 8 & 0xffff;
    }

    void resetTakes(long us) {
        resetTakes.set(us);
    }

    void absent(boolean now) {
        absent.set(now);
    }

    /** Ends a reset that never ended. */
    void revive() {
        readyAt.set(0);
    }

    void pendingReads(int reads) {
        pendingReads.set(reads);
    }

    /** How often it was asked. */
    long reads() {
        return reads.get();
    }

    /** Writes that arrived, {@code offset=value} in hex, in order. */
    List<String> writes() {
        return writes.get();
    }

    private boolean answers() {
        return !absent.test() && machine.clock().now() >= readyAt.get();
    }

    @Override
    public int read32(int offset) {
        reads.add(1);
        if (!answers()) {
            return -1;
        }
        int value = (int) regs.get(offset / 4);
        if (offset == EXPRESS + ExpressCap.DEVCTL && pendingReads.get() > 0) {
            pendingReads.add(-1);
            value |= (int) ExpressCap.TRPND.mask() << 16;
        }
        return value;
    }

    @Override
    public void write32(int offset, int value) {
        if (answers()) {
            note(offset, value);
            put(offset, value);
        }
    }

    @Override
    public void write16(int offset, int value) {
        if (!answers()) {
            return;
        }
        note(offset, value);
        int shift = (offset & 2) * 8;
        put(offset & ~3, (int) regs.get(offset / 4) & ~(0xffff << shift) | value << shift);
        if (offset == EXPRESS + ExpressCap.DEVCTL && ExpressCap.BCR_FLR.test(value)) {
            forgetAll();
            readyAt.set(resetTakes.get() == NEVER ? NEVER : machine.clock().now() + resetTakes.get());
        }
    }

    private void forgetAll() {
        put(4, (int) regs.get(1) & 0xffff_0000);
        put(Config.BAR0, 0);
        put(EXPRESS + ExpressCap.DEVCTL, DEVCTL_DEFAULT);
        put(ATS + AtsCap.CAP, 0);
        put(PRI + PriCap.CTRL, 1 << 24);
        put(PRI + PriCap.ALLOC_REQ, 0);
        put(PASID + PasidCap.CAP, 0);
    }

    private void note(int offset, int value) {
        List<String> more = new ArrayList<>(writes.get());
        more.add(Integer.toHexString(offset) + "=" + Integer.toHexString(value));
        writes.set(List.copyOf(more));
    }
}
