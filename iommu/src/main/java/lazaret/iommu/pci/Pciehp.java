// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.pci;

import lazaret.kernel.Held;
import lazaret.kernel.Kernel;
import lazaret.kernel.Level;
import lazaret.kernel.Shared;
import lazaret.machine.Word;
import lazaret.pcie.Config.ExpressCap;
import lazaret.pcie.ConfigSpace;

/**
 * A slot into which devices are put and out of which they are pulled. A change of presence or of the link
 * means that the device is no longer the one it was: (1) unless containment did it and was recovered from,
 * (2) what was there is removed, (3) what is there now is added.
 *
 * <p>Whoever resets the slot holds reset_lock, mutes both kinds of event and throws away what came meanwhile.
 * It is taken here to look at the slot, and never over a driver that comes or goes: a reset has the lock of a
 * device when it asks for reset_lock, and a driver comes and goes with that lock held.
 *
 * @kernel pciehp_ist
 * @req R112
 */
final class Pciehp implements PortService {
    private static final long MS = 1000;
    private static final int LINK_MS = 1000;
    private static final int POLL_MS = 100;
    private static final int CHANGES = (int) (ExpressCap.PDC.mask() | ExpressCap.DLLSC.mask());

    private final PciBridge port;
    private final PciTree tree;
    private final Kernel kernel;
    private final ConfigSpace config;
    private final int express;
    /** Null: the port cannot be contained. */
    private final Dpc dpc;
    /** Changes that nobody has acted on. @kernel pending_events */
    private final Shared pending;
    /** Of the thread alone: has the slot something in use? */
    private final Word on;

    Pciehp(PciBridge port, PciTree tree, int express, Dpc dpc) {
        this.port = port;
        this.tree = tree;
        this.express = express;
        this.dpc = dpc;
        kernel = port.kernel();
        config = port.config();
        pending = new Shared(kernel, "pending_events");
        on = new Word(kernel.machine().undo(), 1);
        config.write16(express + ExpressCap.SLTCTL,
                (int) (ExpressCap.HPIE.mask() | ExpressCap.DLLSCE.mask() | ExpressCap.PDCE.mask()));
    }

    @Override
    public String name() {
        return "pciehp";
    }

    /** @kernel pciehp_isr */
    @Override
    public boolean noted() {
        int events = config.read16(express + ExpressCap.SLTSTA) & CHANGES;
        if (events == 0) {
            return false;
        }
        config.write16(express + ExpressCap.SLTSTA, events);
        pending.fetchOr(events);
        return true;
    }

    @Override
    public void handle() {
        int events = (int) pending.xchg(0);
        if (ExpressCap.DLLSC.test(events) && dpc != null && dpc.recovered() && on.test()) {
            events = ignored(events);
        }
        if (events != 0) {
            turnOff(events);
            turnOn();
        }
    }

    /**
     * Containment took the link down and up: no change of the link counts that came until now, noted by an
     * interrupt or still to be, unless it is not up after all.
     *
     * @kernel pciehp_ignore_link_change
     */
    private int ignored(int events) {
        kernel.printk(Level.INFO, "pciehp: link down/up ignored");
        config.write16(express + ExpressCap.SLTSTA, (int) ExpressCap.DLLSC.mask());
        pending.fetchAndNot(ExpressCap.DLLSC.mask());
        try (Held _ = port.resetLock().lock()) {
            return linkUp() ? (int) (events & ~ExpressCap.DLLSC.mask()) : events;
        }
    }

    /** @kernel pciehp_disable_slot */
    private void turnOff(int events) {
        if (!on.test()) {
            return;
        }
        kernel.printk(Level.INFO, ExpressCap.PDC.test(events) ? "pciehp: card not present"
                : "pciehp: link down");
        on.set(0);
        try (Held _ = tree.lock()) {
            port.walk(PciDev::disconnect);
            port.present().forEach(tree::goes);
        }
    }

    /** @kernel pciehp_enable_slot */
    private void turnOn() {
        if (!occupied() || !linkComesUp()) {
            return;
        }
        kernel.printk(Level.INFO, "pciehp: card present");
        on.set(1);
        try (Held _ = tree.lock()) {
            for (PciDev dev : port.places()) {
                if (answers(dev)) {
                    tree.comes(dev);
                }
            }
        }
    }

    /** @kernel pci_bus_check_dev */
    private boolean answers(PciDev dev) {
        for (int ms = 0; ms <= LINK_MS; ms += POLL_MS) {
            if (dev.present()) {
                return true;
            }
            kernel.msleep(POLL_MS * MS);
        }
        return false;
    }

    /** Not while somebody resets the slot, who takes the link down himself. */
    private boolean occupied() {
        try (Held _ = port.resetLock().lock()) {
            return linkUp() || ExpressCap.PDS.test(config.read16(express + ExpressCap.SLTSTA));
        }
    }

    private boolean linkComesUp() {
        for (int ms = 0; ms <= LINK_MS; ms += POLL_MS) {
            if (linkUp()) {
                return true;
            }
            kernel.msleep(POLL_MS * MS);
        }
        kernel.printk(Level.ERR, "pciehp: no link");
        return false;
    }

    private boolean linkUp() {
        return ExpressCap.DLLLA.test(config.read16(express + ExpressCap.LNKSTA));
    }
}
