// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.pci;

import java.util.function.BiFunction;
import java.util.function.Supplier;
import lazaret.kernel.Held;
import lazaret.kernel.Kernel;
import lazaret.kernel.Level;
import lazaret.machine.Ref;

/**
 * Recovery of what is below a port from an error. (1) Each driver is told, and says what it needs. (2) If the
 * way is frozen, the link is reset; the IOMMU is not told of that: invalidations which meet it time out, and
 * are contained like any others. (3) Drivers that need no reset look whether their functions work; (4) the
 * others set theirs up again. (5) All go on; or all are told that it failed.
 *
 * @kernel pcie_do_recovery
 * @req R111
 */
final class PciRecovery {
    private final PciBridge port;
    private final Kernel kernel;
    /** The answers so far. Of who recovers this port alone: one at a time. */
    private final Ref<ErsResult> said;

    PciRecovery(PciBridge port) {
        this.port = port;
        kernel = port.kernel();
        said = new Ref<>(kernel.machine().undo(), ErsResult.NONE);
    }

    /** @param resetLink RECOVERED if the link is up again and somebody answers */
    ErsResult recover(ChannelState state, Supplier<ErsResult> resetLink) {
        ErsResult need = ask((driver, dev) -> driver.errorDetected(dev, state));
        if (state == ChannelState.FROZEN && resetLink.get() != ErsResult.RECOVERED) {
            return failed();
        }
        if (need == ErsResult.CAN_RECOVER) {
            need = ask(PciDriver::mmioEnabled);
        }
        if (need == ErsResult.NEED_RESET) {
            need = ask(PciDriver::slotReset);
        }
        if (need != ErsResult.RECOVERED) {
            return failed();
        }
        ask((driver, dev) -> {
            driver.resume(dev);
            return ErsResult.NONE;
        });
        kernel.printk(Level.INFO, "device recovery successful");
        return ErsResult.RECOVERED;
    }

    private ErsResult failed() {
        ask((driver, dev) -> driver.errorDetected(dev, ChannelState.PERM_FAILURE));
        kernel.printk(Level.INFO, "device recovery failed");
        return ErsResult.DISCONNECT;
    }

    /** One step of all drivers below, each under the lock of its device. @kernel pci_walk_bridge */
    private ErsResult ask(BiFunction<PciDriver, PciDev, ErsResult> step) {
        said.set(ErsResult.NONE);
        port.walk(dev -> {
            try (Held _ = dev.lock().lock()) {
                said.set(said.get().and(answer(dev, step)));
            }
        });
        return said.get();
    }

    /** A function that is being removed is nobody's business any more. */
    private static ErsResult answer(PciDev dev, BiFunction<PciDriver, PciDev, ErsResult> step) {
        if (!dev.isThere()) {
            return ErsResult.NONE;
        }
        return dev.driver() == null ? ErsResult.NO_AER_DRIVER : step.apply(dev.driver(), dev);
    }
}
