// SPDX-License-Identifier: Apache-2.0
package lazaret.pcie.hw;

import lazaret.machine.Undo;
import lazaret.machine.Words;
import lazaret.pcie.Config;
import lazaret.pcie.Config.AtsCap;
import lazaret.pcie.Config.CapHeader;
import lazaret.pcie.Config.Command;
import lazaret.pcie.Config.ExpressCap;
import lazaret.pcie.Config.ExtCapHeader;
import lazaret.pcie.Config.PasidCap;
import lazaret.pcie.Config.PriCap;
import lazaret.pcie.Config.Status;
import lazaret.pcie.ConfigSpace;

/**
 * An endpoint's configuration space: a row of 32-bit registers and, beside it, what a reset makes of them,
 * which bits software may write and which a 1 clears. Vendor-specific capabilities come first in both lists,
 * so that nobody gets away with not walking.
 */
final class ConfigRegisters implements ConfigSpace {
    private static final int VENDOR_AND_DEVICE = 0x1a2e_1234;
    private static final int CLASS = 0x0200_0001;           // a network controller
    private static final int ALL_ONES = -1;
    private static final int CAPS = 0x40;
    private static final int EXPRESS = 0x50;
    private static final int MODELLED = 0x180;

    private final Endpoint endpoint;
    private final Words values;
    private final Words initial;
    private final Words writable;
    private final Words clearable;
    private final int ats;
    private final int pri;

    ConfigRegisters(Undo undo, Endpoint endpoint, EndpointParams params) {
        this.endpoint = endpoint;
        values = new Words(undo, MODELLED / 4);
        initial = new Words(undo, MODELLED / 4);
        writable = new Words(undo, MODELLED / 4);
        clearable = new Words(undo, MODELLED / 4);
        header();
        define(CAPS, CapHeader.ID.prep(Config.VENDOR_CAP) | CapHeader.NEXT.prep(EXPRESS) | 0x08 << 16, 0);
        express(params.flr());

        int last = Config.EXT_CAPS;
        extended(last, Config.VENDOR_EXT_CAP, last);
        define(last + 4, 0x010 << 20, 0);                   // a vendor's header: 16 bytes
        ats = params.ats() ? extended(last, AtsCap.ID, last + 0x10) : 0;
        last = params.ats() ? ats : last;
        pri = params.pri() ? extended(last, PriCap.ID, last + 0x10) : 0;
        last = params.pri() ? pri : last;
        int pasid = params.pasidBits() > 0 ? extended(last, PasidCap.ID, last + 0x10) : 0;
        if (ats != 0) {
            ats(params.queue());
        }
        if (pri != 0) {
            pri();
        }
        if (pasid != 0) {
            pasid(pasid, params.pasidBits());
        }
        reset();
    }

    private void header() {
        define(Config.VENDOR_ID, VENDOR_AND_DEVICE, 0);
        long command = Command.IO.mask() | Command.MEM.mask() | Command.BME.mask() | Command.INTX_DIS.mask();
        define(Config.COMMAND, Status.CAP_LIST.mask() << 16, command);
        define(Config.CLASS_REV, CLASS, 0);
        define(Config.BAR0, 0, 0xffff_f000L);
        define(Config.CAP_POINTER, CAPS, 0);
    }

    private void express(boolean flr) {
        define(EXPRESS, CapHeader.ID.prep(ExpressCap.ID) | ExpressCap.VERSION.prep(2) << 16, 0);
        define(EXPRESS + ExpressCap.DEVCAP, ExpressCap.FLR.prep(flr), 0);
        long control = ExpressCap.RELAX_EN.mask() | ExpressCap.PAYLOAD.mask() | ExpressCap.READRQ.mask();
        define(EXPRESS + ExpressCap.DEVCTL, 0, control);
        clearable.set((EXPRESS + ExpressCap.DEVCTL) / 4, ExpressCap.URD.mask() << 16);
    }

    private void ats(int queue) {
        long cap = AtsCap.QDEP.prep(queue & 0x1f) | AtsCap.PAGE_ALIGNED.mask() | AtsCap.GLOBAL.mask();
        define(ats + AtsCap.CAP, cap, (AtsCap.ENABLE.mask() | AtsCap.STU.mask()) << 16);
    }

    private void pri() {
        define(pri + PriCap.CTRL, PriCap.STOPPED.mask() << 16, PriCap.ENABLE.mask());
        clearable.set((pri + PriCap.CTRL) / 4, (PriCap.RF.mask() | PriCap.UPRGI.mask()) << 16);
        define(pri + PriCap.MAX_REQ, 32, 0);
        define(pri + PriCap.ALLOC_REQ, 0, 0xffff_ffffL);
    }

    /** Puts an extended capability behind the one at {@code previous}; returns where, {@code offset}. */
    private int extended(int previous, int id, int offset) {
        if (previous != offset) {
            initial.set(previous / 4, ExtCapHeader.NEXT.put(initial.get(previous / 4), offset));
        }
        define(offset, ExtCapHeader.ID.prep(id) | ExtCapHeader.VERSION.prep(1), 0);
        return offset;
    }

    private void pasid(int offset, int bits) {
        long cap = PasidCap.CAP_EXEC.mask() | PasidCap.CAP_PRIV.mask() | PasidCap.WIDTH.prep(bits);
        long ctrl = PasidCap.ENABLE.mask() | PasidCap.EXEC.mask() | PasidCap.PRIV.mask();
        define(offset + PasidCap.CAP, cap, ctrl << 16);
    }

    private void define(int offset, long value, long mayWrite) {
        initial.set(offset / 4, value);
        writable.set(offset / 4, mayWrite);
    }

    /** Every register as after power-up. */
    void reset() {
        for (int i = 0; i < values.length(); i++) {
            values.set(i, initial.get(i));
        }
    }

    /** May the function send requests? */
    boolean busMaster() {
        return Command.BME.test(values.get(Config.COMMAND / 4));
    }

    boolean atsEnabled() {
        return ats != 0 && AtsCap.ENABLE.test(values.get((ats + AtsCap.CTRL) / 4) >>> 16);
    }

    /** log2 of the smallest translation unit, in pages. */
    int stu() {
        return AtsCap.STU.getInt(values.get((ats + AtsCap.CTRL) / 4) >>> 16);
    }

    /** How many page requests may be outstanding: what software allotted, nothing after a failure. */
    long pageRequests() {
        if (pri == 0) {
            return 0;
        }
        long control = values.get((pri + PriCap.CTRL) / 4);
        boolean on = PriCap.ENABLE.test(control) && !PriCap.STOPPED.test(control >>> 16);
        return on ? values.get((pri + PriCap.ALLOC_REQ) / 4) : 0;
    }

    /** A page request was answered with a failure: no more of them. */
    void prgFailed() {
        int at = (pri + PriCap.CTRL) / 4;
        values.set(at, values.get(at) | (PriCap.RF.mask() | PriCap.STOPPED.mask()) << 16);
    }

    /** A PRG response came that no page request waits for. */
    void unexpectedPrg() {
        if (pri != 0) {
            int at = (pri + PriCap.STATUS) / 4;
            values.set(at, values.get(at) | PriCap.UPRGI.mask() << 16);
        }
    }

    @Override
    public int read32(int offset) {
        check(offset, 4);
        if (!endpoint.ready()) {
            return ALL_ONES;
        }
        if (offset >= MODELLED) {
            return 0;
        }
        long pending = 0;
        if (offset == EXPRESS + ExpressCap.DEVCTL) {
            pending = ExpressCap.TRPND.prep(endpoint.awaitsCompletion()) << 16;
        }
        return (int) (values.get(offset / 4) | pending);
    }

    @Override
    public void write32(int offset, int value) {
        check(offset, 4);
        write(offset, Integer.toUnsignedLong(value), 0xffff_ffffL);
    }

    @Override
    public void write16(int offset, int value) {
        check(offset, 2);
        int shift = (offset & 2) * 8;
        write(offset & ~3, (value & 0xffffL) << shift, 0xffffL << shift);
    }

    private void write(int offset, long value, long lanes) {
        if (!endpoint.ready() || offset >= MODELLED) {
            return;
        }
        int at = offset / 4;
        long old = values.get(at);
        long kept = old & ~(writable.get(at) & lanes) & ~(clearable.get(at) & lanes & value);
        values.set(at, kept | value & writable.get(at) & lanes);
        if (ats != 0 && offset == ats + AtsCap.CAP) {
            atsWritten(old >>> 16, values.get(at) >>> 16);
        } else if (pri != 0 && offset == pri + PriCap.CTRL) {
            priWritten(at, value & lanes);
        } else if (offset == EXPRESS + ExpressCap.DEVCTL && ExpressCap.BCR_FLR.test(value & lanes)
                && ExpressCap.FLR.test(values.get((EXPRESS + ExpressCap.DEVCAP) / 4))) {
            endpoint.functionLevelReset();
        }
    }

    private void atsWritten(long before, long after) {
        if (AtsCap.ENABLE.test(before) != AtsCap.ENABLE.test(after)) {
            endpoint.atsSwitched(AtsCap.ENABLE.test(after));
        }
    }

    private void priWritten(int at, long written) {
        long errors = values.get(at) & (PriCap.RF.mask() | PriCap.UPRGI.mask()) << 16;
        long status = PriCap.RESET.test(written) ? 0 : errors;
        long control = values.get(at) & 0xffff;
        long stopped = PriCap.ENABLE.test(control) ? 0 : PriCap.STOPPED.mask() << 16;
        values.set(at, control | status | stopped);
    }

    private static void check(int offset, int size) {
        if (offset < 0 || offset >= Config.SIZE || offset % size != 0) {
            throw new IllegalArgumentException(size + " bytes at 0x" + Integer.toHexString(offset));
        }
    }
}
