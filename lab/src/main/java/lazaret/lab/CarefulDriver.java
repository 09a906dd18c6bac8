// SPDX-License-Identifier: Apache-2.0
package lazaret.lab;

import lazaret.iommu.pci.ChannelState;
import lazaret.iommu.pci.ErsResult;
import lazaret.iommu.pci.PciDev;
import lazaret.iommu.pci.PciDriver;
import lazaret.kernel.Errno;
import lazaret.machine.Machine;
import lazaret.machine.Word;

/**
 * A driver that knows what to do when its function is reset by others, or pulled out: it keeps config space
 * as it was when it took the function, and lets go of the domain of its group when it leaves.
 */
final class CarefulDriver implements PciDriver {
    private final String name;
    private final Machine machine;
    private final Word leftAt;
    /** Has it a function which it had let go of? */
    private final Word back;

    CarefulDriver(Machine machine, String name) {
        this.machine = machine;
        this.name = name;
        leftAt = new Word(machine.undo(), Long.MAX_VALUE);
        back = new Word(machine.undo());
    }

    /** Had it to let go of its function before this time, in microseconds of the machine's clock? */
    boolean leftBefore(long us) {
        return leftAt.get() < us;
    }

    /** Has it the function again, after it had to let go of it? */
    boolean isBack() {
        return back.test();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Errno probe(PciDev dev) {
        dev.setMaster();
        dev.saveState();
        back.set(leftBefore(Long.MAX_VALUE));
        return Errno.OK;
    }

    @Override
    public void remove(PciDev dev) {
        leftAt.set(Math.min(leftAt.get(), machine.clock().now()));
        back.set(0);
        dev.group().detach();
        dev.clearMaster();
    }

    /** What was put back has to be kept again; it need not be what this driver wants. */
    @Override
    public void resetDone(PciDev dev) {
        dev.setMaster();
        dev.saveState();
    }

    @Override
    public ErsResult errorDetected(PciDev dev, ChannelState state) {
        return switch (state) {
            case NORMAL -> ErsResult.CAN_RECOVER;
            case FROZEN -> ErsResult.NEED_RESET;
            case PERM_FAILURE -> ErsResult.DISCONNECT;
        };
    }

    @Override
    public ErsResult mmioEnabled(PciDev dev) {
        return dev.present() ? ErsResult.RECOVERED : ErsResult.NEED_RESET;
    }

    @Override
    public ErsResult slotReset(PciDev dev) {
        if (!dev.present()) {
            return ErsResult.DISCONNECT;
        }
        dev.restoreState();
        dev.saveState();
        return ErsResult.RECOVERED;
    }
}
