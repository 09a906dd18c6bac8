// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.pci;

import lazaret.kernel.Kernel;
import lazaret.kernel.Level;
import lazaret.kernel.Shared;
import lazaret.pcie.Config.DpcCap;
import lazaret.pcie.Config.ExpressCap;
import lazaret.pcie.ConfigSpace;

/**
 * A port was contained because of an error: nothing passes until software releases it. (1) Drivers are told.
 * (2) The link is down, and a root port has nothing more on its way. (3) The port is released. (4) The link
 * comes up, and functions answer. (5) Drivers go on.
 *
 * @kernel dpc_handler
 * @req R111
 */
final class Dpc implements PortService {
    private static final long MS = 1000;
    /** How long a root port may go on with what is on its way. @kernel dpc_wait_rp_inactive */
    private static final int BUSY_MS = 1000;
    /** How long the link may take to go down or to come up. @kernel pcie_wait_for_link_delay */
    private static final int LINK_MS = 1000;
    /** How long hot plug waits for recovery. @kernel pci_dpc_recovered */
    private static final int RECOVERY_MS = 4000;
    private static final int POLL_MS = 100;
    private static final int IDLE = 0;
    private static final int RECOVERING = 1;
    private static final int RECOVERED = 2;

    private final PciBridge port;
    private final PciReset reset;
    private final Kernel kernel;
    private final ConfigSpace config;
    private final int at;
    private final int express;
    private final PciRecovery recovery;
    /** IDLE, RECOVERING, RECOVERED: the last one until hot plug has taken note. */
    private final Shared state;

    /** @param at where the port has the capability */
    Dpc(PciBridge port, PciReset reset, int at, int express) {
        this.port = port;
        this.reset = reset;
        this.at = at;
        this.express = express;
        kernel = port.kernel();
        config = port.config();
        recovery = new PciRecovery(port);
        state = new Shared(kernel, "dpc state", IDLE);
        int control = config.read16(at + DpcCap.CTL);
        config.write16(at + DpcCap.CTL, (int) DpcCap.INT_EN.put(
                DpcCap.TRIGGER_ENABLE.put(control, DpcCap.FATAL), 1));
    }

    @Override
    public String name() {
        return "dpc";
    }

    /** @kernel dpc_irq */
    @Override
    public boolean noted() {
        int status = config.read16(at + DpcCap.STATUS);
        if (!DpcCap.INTERRUPT.test(status)) {
            return false;
        }
        config.write16(at + DpcCap.STATUS, (int) DpcCap.INTERRUPT.mask());
        return DpcCap.TRIGGER.test(status);
    }

    @Override
    public void handle() {
        if (contained()) {
            kernel.printk(Level.WARN, "pcieport: containment event");
            recovery.recover(ChannelState.FROZEN, this::resetLink);
        }
    }

    /** @kernel dpc_reset_link */
    private ErsResult resetLink() {
        state.writeOnce(RECOVERING);
        boolean back = released();
        state.writeOnce(back ? RECOVERED : IDLE);
        return back ? ErsResult.RECOVERED : ErsResult.DISCONNECT;
    }

    private boolean released() {
        if (!linkIs(false)) {
            kernel.printk(Level.INFO, "pcieport: data link layer is not inactive yet");
        }
        if (!idle()) {
            return false;
        }
        config.write16(at + DpcCap.STATUS, (int) DpcCap.TRIGGER.mask());
        return linkIs(true) && reset.firstAnswers(port, "DPC");
    }

    /** Has the root port nothing more on its way? @kernel dpc_wait_rp_inactive */
    private boolean idle() {
        for (int ms = 0; ms <= BUSY_MS; ms += POLL_MS) {
            if (!DpcCap.RP_BUSY.test(config.read16(at + DpcCap.STATUS))) {
                return true;
            }
            kernel.msleep(POLL_MS * MS);
        }
        kernel.printk(Level.WARN, "pcieport: root port still busy");
        return false;
    }

    private boolean linkIs(boolean up) {
        for (int ms = 0; ms <= LINK_MS; ms += POLL_MS) {
            if (ExpressCap.DLLLA.test(config.read16(express + ExpressCap.LNKSTA)) == up) {
                return true;
            }
            kernel.msleep(POLL_MS * MS);
        }
        return false;
    }

    private boolean contained() {
        return DpcCap.TRIGGER.test(config.read16(at + DpcCap.STATUS));
    }

    /**
     * For hot plug, which saw the link change: was that containment, and is it over and well? Waits for the
     * end of a recovery that is under way. True once for each.
     *
     * @kernel pci_dpc_recovered
     */
    boolean recovered() {
        for (int ms = 0; ms < RECOVERY_MS; ms += POLL_MS) {
            if (!contained() && state.readOnce() != RECOVERING) {
                break;
            }
            kernel.msleep(POLL_MS * MS);
        }
        return state.cmpxchg(RECOVERED, IDLE) == RECOVERED;
    }
}
