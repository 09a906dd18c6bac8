// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.design;

import lazaret.iommu.Device;
import lazaret.iommu.Reporting;
import lazaret.iommu.arm.CmdqError;
import lazaret.iommu.arm.Master;
import lazaret.iommu.pci.PciDev;
import lazaret.iommu.pci.PciReset;
import lazaret.kernel.Errno;
import lazaret.kernel.Gfp;
import lazaret.kernel.Level;

/**
 * The first version on the list, March 2026: the interrupt handler takes the command before the SYNC that
 * failed for the culprit's, and a worker resets that device. The flush is as it was: it returns as soon as
 * the error is acknowledged.
 */
public class V1 extends Mainline {
    @Override
    public String name() {
        return "v1";
    }

    @Override
    public String inOneLine() {
        return "the error interrupt guesses the culprit from the queue, a worker resets it later";
    }

    @Override
    public void onCmdqError(CmdqError error) {
        error.record();
        Master suspect = error.asked();
        if (suspect != null && suspect.smmu().kernel().alloc(Gfp.ATOMIC, "broken device")) {
            suspect.dev().core().reportDeviceBroken(suspect.dev());
        }
        error.acknowledge();
    }

    @Override
    public boolean doneLooksAtResult() {
        return true;
    }

    @Override
    public Reporting reporting() {
        return Reporting.HELD;
    }

    @Override
    public void onReported(Device dev) {
        if (dev instanceof PciDev pci) {
            pci.clearMaster();
            Errno err = new PciReset(dev.core()).function(pci);
            if (err.failed()) {
                dev.printk(Level.ERR, "reset of a device that does not answer failed: " + err);
            }
        }
    }
}
