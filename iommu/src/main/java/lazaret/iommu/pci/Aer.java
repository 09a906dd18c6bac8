// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.pci;

import lazaret.kernel.Kernel;
import lazaret.kernel.Level;
import lazaret.kernel.Shared;
import lazaret.pcie.Bdf;
import lazaret.pcie.Config.AerCap;
import lazaret.pcie.ConfigSpace;

/**
 * A function below reported an uncorrectable error, and the port was not contained. A fatal one means that
 * the way to it is frozen: the link is reset, all of what is below with it.
 *
 * @kernel aer_isr
 * @req R111
 */
final class Aer implements PortService {
    private static final int RECEIVED = (int) (AerCap.UNCOR_RCV.mask() | AerCap.MULTI_UNCOR_RCV.mask()
            | AerCap.NONFATAL_RCV.mask() | AerCap.FATAL_RCV.mask());

    private final PciBridge port;
    private final PciReset reset;
    private final Kernel kernel;
    private final ConfigSpace config;
    private final int at;
    private final PciRecovery recovery;
    /** What was received and nobody has acted on. @kernel aer_fifo */
    private final Shared received;

    /** @param at where the port has the capability */
    Aer(PciBridge port, PciReset reset, int at) {
        this.port = port;
        this.reset = reset;
        this.at = at;
        kernel = port.kernel();
        config = port.config();
        recovery = new PciRecovery(port);
        received = new Shared(kernel, "aer_fifo");
        enable(true);
    }

    private void enable(boolean on) {
        config.write16(at + AerCap.ROOT_COMMAND,
                (int) (AerCap.NONFATAL_EN.prep(on) | AerCap.FATAL_EN.prep(on)));
    }

    @Override
    public String name() {
        return "aer";
    }

    /** @kernel aer_irq */
    @Override
    public boolean noted() {
        int status = config.read16(at + AerCap.ROOT_STATUS) & RECEIVED;
        if (status == 0) {
            return false;
        }
        int source = config.read16(at + AerCap.UNCOR_SOURCE);
        config.write16(at + AerCap.ROOT_STATUS, status);
        kernel.printk(Level.WARN, "pcieport: AER: uncorrectable error message received from 0000:"
                + new Bdf(source));
        received.fetchOr(status);
        return true;
    }

    @Override
    public void handle() {
        long errors = received.xchg(0);
        if (AerCap.FATAL_RCV.test(errors)) {
            recovery.recover(ChannelState.FROZEN, this::resetLink);
        } else if (AerCap.NONFATAL_RCV.test(errors)) {
            recovery.recover(ChannelState.NORMAL, this::resetLink);
        }
    }

    /** What the reset itself makes functions report is nobody's concern. @kernel aer_root_reset */
    private ErsResult resetLink() {
        enable(false);
        port.resetSlot();
        boolean answers = reset.firstAnswers(port, "AER");
        config.write16(at + AerCap.ROOT_STATUS, RECEIVED);
        enable(true);
        kernel.printk(Level.INFO, "pcieport: AER: root port link has been reset");
        return answers ? ErsResult.RECOVERED : ErsResult.DISCONNECT;
    }
}
