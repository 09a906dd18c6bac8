// SPDX-License-Identifier: Apache-2.0
package lazaret.pcie.hw;

import lazaret.machine.Field;
import lazaret.machine.Undo;
import lazaret.machine.Unmodelled;
import lazaret.pcie.Config;
import lazaret.pcie.Config.AcsCap;
import lazaret.pcie.Config.AerCap;
import lazaret.pcie.Config.BridgeControl;
import lazaret.pcie.Config.Buses;
import lazaret.pcie.Config.CapHeader;
import lazaret.pcie.Config.Command;
import lazaret.pcie.Config.DpcCap;
import lazaret.pcie.Config.ExpressCap;
import lazaret.pcie.Config.ExtCapHeader;
import lazaret.pcie.Config.Status;

/**
 * Configuration space of a root port or of a switch's downstream port: a bridge's header, the link and slot
 * registers, access control services, downstream port containment, and a root port's end of error reporting.
 * It is there whatever becomes of what is below.
 */
final class PortRegisters implements Lanes {
    static final int EXPRESS = 0x40;
    static final int ACS = Config.EXT_CAPS;
    static final int DPC = Config.EXT_CAPS + 0x10;
    static final int AER = Config.EXT_CAPS + 0x20;

    private static final int VENDOR_AND_DEVICE = 0x1a2f_1234;
    private static final long BRIDGE = 0x0604_0001;
    private static final int ROOT_PORT = 4;
    private static final int DOWNSTREAM_PORT = 6;
    private static final int SIZE = 0x170;

    private final DownPort port;
    private final RegisterRow row;
    private final boolean root;

    PortRegisters(Undo undo, DownPort port, boolean root, int secondary) {
        this.port = port;
        this.root = root;
        row = new RegisterRow(undo, SIZE);
        header(secondary);
        express();
        long services = AcsCap.SV.mask() | AcsCap.TB.mask() | AcsCap.RR.mask() | AcsCap.CR.mask()
                | AcsCap.UF.mask() | AcsCap.DT.mask();
        row.define(ACS, ExtCapHeader.ID.prep(AcsCap.ID) | ExtCapHeader.VERSION.prep(1)
                | ExtCapHeader.NEXT.prep(DPC), 0);
        row.define(ACS + AcsCap.CAP, services, services << 16);
        row.define(DPC, ExtCapHeader.ID.prep(DpcCap.ID) | ExtCapHeader.VERSION.prep(1)
                | ExtCapHeader.NEXT.prep(root ? AER : 0), 0);
        row.define(DPC + DpcCap.CAP, DpcCap.SW_TRIGGER.mask() | DpcCap.DL_ACTIVE.mask(),
                (DpcCap.TRIGGER_ENABLE.mask() | DpcCap.INT_EN.mask()) << 16);
        row.clearedByOne(DPC + DpcCap.STATUS, DpcCap.INTERRUPT.mask());
        if (root) {
            errors();
        }
        row.reset();
    }

    private void errors() {
        row.define(AER, ExtCapHeader.ID.prep(AerCap.ID) | ExtCapHeader.VERSION.prep(1), 0);
        row.define(AER + AerCap.ROOT_COMMAND, 0, AerCap.NONFATAL_EN.mask() | AerCap.FATAL_EN.mask());
        row.clearedByOne(AER + AerCap.ROOT_STATUS, AerCap.UNCOR_RCV.mask() | AerCap.MULTI_UNCOR_RCV.mask()
                | AerCap.NONFATAL_RCV.mask() | AerCap.FATAL_RCV.mask());
    }

    private void header(int secondary) {
        row.define(Config.VENDOR_ID, VENDOR_AND_DEVICE, 0);
        row.define(Config.COMMAND, Status.CAP_LIST.mask() << 16, Command.MEM.mask() | Command.BME.mask());
        row.define(Config.CLASS_REV, BRIDGE, 0);
        row.define(Config.HEADER_TYPE & ~3, 1L << 16, 0);
        row.define(Config.BUSES, Buses.SECONDARY.prep(secondary) | Buses.SUBORDINATE.prep(secondary),
                Buses.PRIMARY.mask() | Buses.SECONDARY.mask() | Buses.SUBORDINATE.mask());
        row.define(Config.CAP_POINTER, EXPRESS, 0);
        row.define(Config.BRIDGE_CONTROL, 0, BridgeControl.SBR.mask() << 16);
    }

    private void express() {
        long flags = ExpressCap.VERSION.prep(2) | ExpressCap.TYPE.prep(root ? ROOT_PORT : DOWNSTREAM_PORT);
        row.define(EXPRESS, CapHeader.ID.prep(ExpressCap.ID) | flags << 16, 0);
        row.define(EXPRESS + ExpressCap.LNKCTL, ExpressCap.DLLLA.mask() << 16, ExpressCap.LD.mask());
        row.define(EXPRESS + ExpressCap.SLTCTL, ExpressCap.PDS.mask() << 16,
                ExpressCap.PDCE.mask() | ExpressCap.HPIE.mask() | ExpressCap.DLLSCE.mask());
        row.clearedByOne(EXPRESS + ExpressCap.SLTCTL,
                (ExpressCap.PDC.mask() | ExpressCap.DLLSC.mask()) << 16);
    }

    // For the port.

    /** Is this service on? */
    boolean acs(Field service) {
        return service.test(row.get(ACS + AcsCap.CTRL) >>> 16);
    }

    boolean busMaster() {
        return Command.BME.test(row.get(Config.COMMAND));
    }

    /** Is this bus one of those below? */
    boolean below(int bus) {
        long buses = row.get(Config.BUSES);
        return bus >= Buses.SECONDARY.get(buses) && bus <= Buses.SUBORDINATE.get(buses);
    }

    boolean resetBelow() {
        return BridgeControl.SBR.test(row.get(Config.BRIDGE_CONTROL) >>> 16);
    }

    boolean linkDisabled() {
        return ExpressCap.LD.test(row.get(EXPRESS + ExpressCap.LNKCTL));
    }

    boolean contained() {
        return DpcCap.TRIGGER.test(row.get(DPC + DpcCap.STATUS));
    }

    /** What triggers containment: one of {@link DpcCap}'s. */
    int triggers() {
        return DpcCap.TRIGGER_ENABLE.getInt(row.get(DPC + DpcCap.CTL) >>> 16);
    }

    /** The port is contained from now on. Returns whether an interrupt is wanted. */
    boolean contain(int reason, int extension, int source) {
        boolean interrupt = DpcCap.INT_EN.test(row.get(DPC + DpcCap.CTL) >>> 16);
        row.set(DPC + DpcCap.STATUS, DpcCap.TRIGGER.mask() | DpcCap.REASON.prep(reason)
                | DpcCap.REASON_EXT.prep(extension) | DpcCap.INTERRUPT.prep(interrupt) | (long) source << 16);
        return interrupt;
    }

    /** A message of an uncorrectable error came from {@code source}. Returns: is an interrupt wanted? */
    boolean received(boolean fatal, int source) {
        int status = AER + AerCap.ROOT_STATUS;
        long before = row.get(status);
        boolean another = AerCap.UNCOR_RCV.test(before);
        Field kind = fatal ? AerCap.FATAL_RCV : AerCap.NONFATAL_RCV;
        Field first = another ? AerCap.MULTI_UNCOR_RCV : AerCap.UNCOR_RCV;
        row.set(status, before | kind.mask() | first.mask());
        if (!another) {
            row.set(AER + (AerCap.UNCOR_SOURCE & ~3), (long) source << 16);
        }
        return (fatal ? AerCap.FATAL_EN : AerCap.NONFATAL_EN).test(row.get(AER + AerCap.ROOT_COMMAND));
    }

    /** The link is up or down from now on; says so as a change if it is to be {@code told}. */
    boolean link(boolean up, boolean told) {
        int at = EXPRESS + ExpressCap.LNKSTA;
        long before = row.get(at);
        row.set(at, ExpressCap.DLLLA.put(before >>> 16, up ? 1 : 0) << 16 | before & 0xffff);
        return row.get(at) != before && told && changed(ExpressCap.DLLSC.mask(), ExpressCap.DLLSCE.mask());
    }

    /** The slot is empty from now on. Returns whether an interrupt is wanted. */
    boolean pulled() {
        int at = EXPRESS + ExpressCap.SLTSTA;
        row.set(at, row.get(at) & ~(ExpressCap.PDS.mask() << 16));
        return changed(ExpressCap.PDC.mask(), ExpressCap.PDCE.mask());
    }

    /** Is something in the slot? */
    boolean occupied() {
        return ExpressCap.PDS.test(row.get(EXPRESS + ExpressCap.SLTSTA) >>> 16);
    }

    private boolean changed(long what, long enable) {
        int at = EXPRESS + ExpressCap.SLTCTL;
        row.set(at, row.get(at) | what << 16);
        return ExpressCap.HPIE.test(row.get(at)) && (row.get(at) & enable) != 0;
    }

    // For software.

    @Override
    public int read32(int offset) {
        RegisterRow.check(offset, 4);
        long busy = offset == DPC + DpcCap.STATUS && root ? DpcCap.RP_BUSY.prep(port.busy()) : 0;
        return (int) (row.get(offset) | busy);
    }

    @Override
    public void write(int offset, long value, long lanes) {
        row.write(offset, value, lanes);
        long written = value & lanes;
        if (offset == DPC + DpcCap.CAP && DpcCap.TRIGGER_NOW.test(written >>> 16)) {
            port.softwareTrigger();
        } else if (offset == DPC + DpcCap.STATUS && DpcCap.TRIGGER.test(written) && contained()) {
            release();
        }
        port.reviewed();
    }

    private void release() {
        if (root && port.busy()) {
            throw new Unmodelled("the release of a root port from containment while it is busy");
        }
        row.set(DPC + DpcCap.STATUS, row.get(DPC + DpcCap.STATUS) & ~DpcCap.TRIGGER.mask());
    }
}
