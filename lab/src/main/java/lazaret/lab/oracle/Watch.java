// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.oracle;

import lazaret.explore.Ending;
import lazaret.iommu.IommuEntry;
import lazaret.kernel.KernelEntry;
import lazaret.pcie.PcieEntry;
import lazaret.smmuv3.hw.SmmuEntry;

/**
 * One property, fed by the machine's log, a family of entries at a time: each looks only at those that
 * concern it. Its state lives in cells: it is rolled back with the machine.
 */
interface Watch {
    /** Every store of software comes here and nowhere else: it is by far the most frequent entry. */
    default void stored(KernelEntry.Stored store) { }

    default void on(KernelEntry entry) { }

    default void on(IommuEntry entry) { }

    default void on(SmmuEntry entry) { }

    default void on(PcieEntry entry) { }

    /** Judges what can only be judged when the run is over. */
    default void end(Ending ending) { }
}
