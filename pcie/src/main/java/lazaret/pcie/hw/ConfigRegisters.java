// SPDX-License-Identifier: Apache-2.0
package lazaret.pcie.hw;

import lazaret.machine.Undo;
import lazaret.machine.Unmodelled;
import lazaret.pcie.Config;
import lazaret.pcie.Config.AfCap;
import lazaret.pcie.Config.AtsCap;
import lazaret.pcie.Config.CapHeader;
import lazaret.pcie.Config.Command;
import lazaret.pcie.Config.ExpressCap;
import lazaret.pcie.Config.ExtCapHeader;
import lazaret.pcie.Config.PasidCap;
import lazaret.pcie.Config.PmCap;
import lazaret.pcie.Config.PriCap;
import lazaret.pcie.Config.SriovCap;
import lazaret.pcie.Config.Status;
import lazaret.pcie.Pasid;
import lazaret.pcie.hw.EndpointParams.Sleep;

/**
 * An endpoint's configuration space. Vendor-specific capabilities come first in both lists, so that nobody
 * gets away with not walking.
 */
final class ConfigRegisters implements Lanes {
    private static final int VENDOR_AND_DEVICE = 0x1a2e_1234;
    private static final int CLASS = 0x0200_0001;           // a network controller
    private static final int ALL_ONES = -1;
    private static final int CAPS = 0x40;
    private static final int EXPRESS = 0x50;
    private static final int PM = 0x90;
    private static final int AF = 0x98;
    private static final int MODELLED = 0x180;

    private final Endpoint endpoint;
    private final RegisterRow row;
    private final int ats;
    private final int pri;
    private final int pasid;
    private final int pm;
    private final int af;
    private final int sriov;
    private final boolean virtual;

    ConfigRegisters(Undo undo, Endpoint endpoint, EndpointParams params) {
        this.endpoint = endpoint;
        row = new RegisterRow(undo, MODELLED);
        header();
        pm = params.sleep() == Sleep.NONE ? 0 : PM;
        af = params.af() ? AF : 0;
        define(CAPS, CapHeader.ID.prep(Config.VENDOR_CAP) | CapHeader.NEXT.prep(EXPRESS) | 0x08 << 16, 0);
        express(params.flr());
        power(params.sleep());
        advanced();

        int last = Config.EXT_CAPS;
        virtual = endpoint.isVirtual();
        extended(last, Config.VENDOR_EXT_CAP, last);
        define(last + 4, 0x010 << 20, 0);                   // a vendor's header: 16 bytes
        ats = params.ats() ? extended(last, AtsCap.ID, last + 0x10) : 0;
        last = params.ats() ? ats : last;
        pri = params.pri() ? extended(last, PriCap.ID, last + 0x10) : 0;
        last = params.pri() ? pri : last;
        pasid = params.pasidBits() > 0 ? extended(last, PasidCap.ID, last + 0x10) : 0;
        sriov = virtual || params.vfs() == 0 ? 0 : extended(Math.max(last, pasid), SriovCap.ID, 0x140);
        if (sriov != 0) {
            define(sriov + SriovCap.CTRL, 0, SriovCap.VF_ENABLE.mask());
            define(sriov + SriovCap.INITIAL, params.vfs() | (long) params.vfs() << 16, 0);
        }
        if (ats != 0) {
            ats(virtual ? 0 : params.queue());
        }
        if (pri != 0) {
            pri();
        }
        if (pasid != 0) {
            pasid(params.pasidBits());
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
        int next = pm != 0 ? pm : af;
        define(EXPRESS, CapHeader.ID.prep(ExpressCap.ID) | CapHeader.NEXT.prep(next)
                | ExpressCap.VERSION.prep(2) << 16, 0);
        define(EXPRESS + ExpressCap.DEVCAP, ExpressCap.FLR.prep(flr), 0);
        long control = ExpressCap.RELAX_EN.mask() | ExpressCap.PAYLOAD.mask() | ExpressCap.READRQ.mask();
        define(EXPRESS + ExpressCap.DEVCTL, 0, control);
        row.clearedByOne(EXPRESS + ExpressCap.DEVCTL, ExpressCap.URD.mask() << 16);
    }

    private void power(Sleep sleep) {
        if (pm != 0) {
            define(pm, CapHeader.ID.prep(PmCap.ID) | CapHeader.NEXT.prep(af) | 0x3 << 16, 0);
            define(pm + PmCap.PMCSR, PmCap.NO_SOFT_RESET.prep(sleep == Sleep.KEEPS),
                    PmCap.POWER_STATE.mask());
        }
    }

    private void advanced() {
        if (af != 0) {
            long cap = AfCap.CAP_TP.mask() | AfCap.CAP_FLR.mask();
            define(af, CapHeader.ID.prep(AfCap.ID) | 0x6 << 16 | cap << 24, 0);
        }
    }

    private void ats(int queue) {
        long cap = AtsCap.QDEP.prep(queue & 0x1f) | AtsCap.PAGE_ALIGNED.mask() | AtsCap.GLOBAL.mask();
        long control = virtual ? AtsCap.ENABLE.mask() : AtsCap.ENABLE.mask() | AtsCap.STU.mask();
        define(ats + AtsCap.CAP, cap, control << 16);
    }

    private void pri() {
        define(pri + PriCap.CTRL, PriCap.STOPPED.mask() << 16, PriCap.ENABLE.mask());
        row.clearedByOne(pri + PriCap.CTRL, (PriCap.RF.mask() | PriCap.UPRGI.mask()) << 16);
        define(pri + PriCap.MAX_REQ, 32, 0);
        define(pri + PriCap.ALLOC_REQ, 0, 0xffff_ffffL);
    }

    /** Puts an extended capability behind the one at {@code previous}; returns where, {@code offset}. */
    private int extended(int previous, int id, int offset) {
        if (previous != offset) {
            define(previous, ExtCapHeader.NEXT.put(row.initial(previous), offset), 0);
        }
        define(offset, ExtCapHeader.ID.prep(id) | ExtCapHeader.VERSION.prep(1), 0);
        return offset;
    }

    private void pasid(int bits) {
        long cap = PasidCap.CAP_EXEC.mask() | PasidCap.CAP_PRIV.mask() | PasidCap.WIDTH.prep(bits);
        long ctrl = PasidCap.ENABLE.mask() | PasidCap.EXEC.mask() | PasidCap.PRIV.mask();
        define(pasid + PasidCap.CAP, cap, ctrl << 16);
    }

    private void define(int offset, long value, long mayWrite) {
        row.define(offset, value, mayWrite);
    }

    /** Every register as after power-up. Virtual functions go. */
    void reset() {
        boolean others = sriov != 0 && SriovCap.VF_ENABLE.test(row.get(sriov + SriovCap.CTRL));
        row.reset();
        if (others) {
            endpoint.family().virtual(false);
        }
    }

    /** May the function send requests? */
    boolean busMaster() {
        return Command.BME.test(row.get(Config.COMMAND));
    }

    /** Is this address in BAR 0, where one was put, and decoding on? */
    boolean decodes(long address) {
        long bar = row.get(Config.BAR0);
        return bar != 0 && (address & ~0xfffL) == bar && Command.MEM.test(row.get(Config.COMMAND));
    }

    boolean atsEnabled() {
        return ats != 0 && AtsCap.ENABLE.test(row.get(ats + AtsCap.CTRL) >>> 16);
    }

    /** log2 of the smallest translation unit, in pages. */
    int stu() {
        return AtsCap.STU.getInt(row.get(ats + AtsCap.CTRL) >>> 16);
    }

    /** Can the function have this address space now? */
    boolean has(int space) {
        if (space == Pasid.NONE) {
            return true;
        }
        return pasidEnabled() && space >>> PasidCap.WIDTH.getInt(row.get(pasid + PasidCap.CAP)) == 0;
    }

    private boolean pasidEnabled() {
        return pasid != 0 && PasidCap.ENABLE.test(row.get(pasid + PasidCap.CTRL) >>> 16);
    }

    /** In D3hot: only configuration space answers. */
    boolean asleep() {
        return pm != 0 && PmCap.POWER_STATE.get(row.get(pm + PmCap.PMCSR)) == PmCap.D3_HOT;
    }

    /** How many page requests may be outstanding: what software allotted, nothing after a failure. */
    long pageRequests() {
        if (pri == 0) {
            return 0;
        }
        long control = row.get(pri + PriCap.CTRL);
        boolean on = PriCap.ENABLE.test(control) && !PriCap.STOPPED.test(control >>> 16);
        return on ? row.get(pri + PriCap.ALLOC_REQ) : 0;
    }

    /** A page request was answered with a failure: no more of them. */
    void prgFailed() {
        int at = pri + PriCap.CTRL;
        row.set(at, row.get(at) | (PriCap.RF.mask() | PriCap.STOPPED.mask()) << 16);
    }

    /** A PRG response came that no page request waits for. */
    void unexpectedPrg() {
        if (pri != 0) {
            int at = pri + PriCap.CTRL;
            row.set(at, row.get(at) | PriCap.UPRGI.mask() << 16);
        }
    }

    @Override
    public int read32(int offset) {
        RegisterRow.check(offset, 4);
        if (!endpoint.ready()) {
            return ALL_ONES;
        }
        if (virtual && offset == Config.VENDOR_ID) {
            return ALL_ONES;
        }
        return (int) (row.get(offset) | pending(offset));
    }

    /** What says that transactions are pending, where that is said. */
    private long pending(int offset) {
        if (offset == EXPRESS + ExpressCap.DEVCTL) {
            return ExpressCap.TRPND.prep(endpoint.awaitsCompletion()) << 16;
        }
        return af != 0 && offset == af + AfCap.CTRL ? AfCap.TP.prep(endpoint.awaitsCompletion()) << 8 : 0;
    }

    @Override
    public void write(int offset, long value, long lanes) {
        if (endpoint.throttled()) {
            throw new Unmodelled("a configuration write that waits behind posted requests");
        }
        if (!endpoint.ready()) {
            return;
        }
        long old = row.write(offset, value, lanes);
        written(offset, old, value & lanes);
    }

    /** What follows from a write. */
    private void written(int offset, long old, long value) {
        if (ats != 0 && offset == ats + AtsCap.CAP) {
            atsWritten(old >>> 16, row.get(offset) >>> 16);
        } else if (pri != 0 && offset == pri + PriCap.CTRL) {
            priWritten(value);
        } else if (sriov != 0 && offset == sriov + SriovCap.CTRL) {
            long now = row.get(offset);
            if (now != old) {
                endpoint.family().virtual(SriovCap.VF_ENABLE.test(now));
            }
        } else if (pm != 0 && offset == pm + PmCap.PMCSR) {
            powerWritten(old);
        } else if (af != 0 && offset == af + AfCap.CTRL && AfCap.INITIATE_FLR.test(value)) {
            endpoint.functionLevelReset();
        } else if (offset == EXPRESS + ExpressCap.DEVCTL && ExpressCap.BCR_FLR.test(value)
                && ExpressCap.FLR.test(row.get(EXPRESS + ExpressCap.DEVCAP))) {
            endpoint.functionLevelReset();
        }
    }

    /** States that the function has not are not entered. Waking up may be a reset. */
    private void powerWritten(long old) {
        int at = pm + PmCap.PMCSR;
        long state = PmCap.POWER_STATE.get(row.get(at));
        if (state != PmCap.D0 && state != PmCap.D3_HOT) {
            row.set(at, PmCap.POWER_STATE.put(row.get(at), PmCap.POWER_STATE.get(old)));
        } else if (state != PmCap.POWER_STATE.get(old)) {
            endpoint.powered(state == PmCap.D0, PmCap.NO_SOFT_RESET.test(old));
        }
    }

    private void atsWritten(long before, long after) {
        if (AtsCap.ENABLE.test(before) != AtsCap.ENABLE.test(after)) {
            endpoint.atsSwitched(AtsCap.ENABLE.test(after));
        }
    }

    private void priWritten(long written) {
        int at = pri + PriCap.CTRL;
        long errors = row.get(at) & (PriCap.RF.mask() | PriCap.UPRGI.mask()) << 16;
        long status = PriCap.RESET.test(written) ? 0 : errors;
        long control = row.get(at) & 0xffff;
        row.set(at, control | status);
        pagesAnswered();
    }

    /** Page requests are stopped once they are off and none is outstanding. */
    void pagesAnswered() {
        int at = pri + PriCap.CTRL;
        if (pri != 0 && !PriCap.ENABLE.test(row.get(at)) && !endpoint.awaitsPages()) {
            row.set(at, row.get(at) | PriCap.STOPPED.mask() << 16);
        }
    }
}
