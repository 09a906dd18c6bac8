// SPDX-License-Identifier: Apache-2.0
package lazaret.lab;

import java.util.ArrayList;
import java.util.List;
import lazaret.iommu.pci.CpuConfig;
import lazaret.iommu.pci.PciBridge;
import lazaret.iommu.pci.PortDriver;
import lazaret.kernel.Errno;
import lazaret.pcie.Bdf;
import lazaret.pcie.Config;
import lazaret.pcie.Config.Command;
import lazaret.pcie.Config.DpcCap;
import lazaret.pcie.Config.ExpressCap;
import lazaret.pcie.ConfigSpace;
import lazaret.pcie.hw.DownPort;
import lazaret.pcie.hw.Switch;
import lazaret.pcie.hw.Switch.Place;

/**
 * A root port with a slot as scenarios use it: what becomes of its link, and what software does to it, both
 * called from an actor. Interrupts of the slot and of containment (DPC) are on.
 */
public final class Slot {
    private static final int EXPRESS = 0x40;
    private static final int DPC = 0x110;

    private final Lab lab;
    private final String name;
    private final Switch complex;
    private final DownPort port;
    private final ConfigSpace config;
    private final PciBridge bridge;
    private final List<Fn> functions = new ArrayList<>();

    Slot(Lab lab, String name, int bus) {
        this.lab = lab;
        this.name = name;
        complex = new Switch(lab.machine(), name, Place.ROOT);
        port = complex.port(name, Bdf.of(0, bus, 0), bus);
        port.config().write16(Config.COMMAND, (int) (Command.MEM.mask() | Command.BME.mask()));
        port.config().write16(EXPRESS + ExpressCap.SLTCTL,
                (int) (ExpressCap.HPIE.mask() | ExpressCap.DLLSCE.mask() | ExpressCap.PDCE.mask()));
        port.config().write16(DPC + DpcCap.CTL,
                (int) (DpcCap.TRIGGER_ENABLE.prep(DpcCap.FATAL) | DpcCap.INT_EN.mask()));
        config = new CpuConfig(lab.kernel(), port.bdf().rid(), port.config());
        bridge = new PciBridge(lab.kernel(), config);
    }

    public String name() {
        return name;
    }

    /** A healthy endpoint in this slot; see {@link Lab#endpoint}. Its bus is that of the slot. */
    public Fn endpoint(String word, String bdf) {
        functions.add(lab.endpoint(word, bdf, bdf, this, List.of()));
        return functions.getLast();
    }

    /** Software handles what the port tells: errors, containment, changes of the slot. Before endpoints. */
    public Slot handled() {
        new PortDriver(bridge, lab.reset(), lab.tree(), port.irq(), lab.irqCpu());
        return this;
    }

    /** Errors do not contain the port: the root is told of them. After {@link #handled}. */
    public Slot withoutContainment() {
        port.config().write16(DPC + DpcCap.CTL, 0);
        return this;
    }

    // ---- what becomes of it

    /** The link fails; the port is contained, and interrupts. */
    public void linkFails() {
        port.linkFails(DownPort.Event.TOLD);
    }

    /** The link fails, and nobody is told. */
    public void linkFailsSilently() {
        port.linkFails(DownPort.Event.UNTOLD);
    }

    /** The link works again; what is below has been reset. */
    public void linkRecovers() {
        port.linkRecovers();
    }

    /** Somebody pulls the device out of the slot. */
    public void isEmptied() {
        port.pulledOut();
    }

    /** The device reports a fatal error: the port is contained, or tells the root, and interrupts. */
    public void fatalError(Fn of) {
        port.error(of.endpoint(), true);
    }

    /** From the start of the run it holds back what rises through it for so long, in microseconds. */
    public Slot holdsBack(long us) {
        complex.holdsBack(us);
        return this;
    }

    // ---- what software does

    /** The actor waits until the slot interrupts. */
    public void awaitEvent() {
        lab.machine().strands().await(port.irq()::pending);
        port.irq().take();
    }

    /** Ends containment: the link comes up, what is below has been reset. @kernel dpc_reset_link */
    public void release() {
        config.write16(DPC + DpcCap.STATUS, (int) (DpcCap.TRIGGER.mask() | DpcCap.INTERRUPT.mask()));
    }

    /** Resets everything below, saved and restored; the IOMMU is not told. */
    public Errno resetBelow() {
        return lab.reset().bus(bridge, functions.stream().map(Fn::dev).toList());
    }

    /** Is the link up, as far as the port's registers say? */
    public boolean linkActive() {
        return ExpressCap.DLLLA.test(config.read16(EXPRESS + ExpressCap.LNKSTA));
    }

    /** The port, as the stack knows it. */
    PciBridge bridge() {
        return bridge;
    }

    DownPort port() {
        return port;
    }
}
