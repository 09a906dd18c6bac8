// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu;

import lazaret.kernel.Kernel;
import lazaret.kernel.Shared;
import lazaret.kernel.Work;

/** A driver's word that a device does not answer, raised in any context, and the work that acts on it. */
final class Report {
    private final Shared raised;
    private final Work work;

    Report(Kernel kernel, String device, Runnable body) {
        raised = new Shared(kernel, device + " reported", 0);
        work = new Work(kernel, "broken report", body);
    }

    void raise() {
        raised.writeOnce(1);
    }

    /** Was it raised? From here on it is not. @req R40 */
    boolean take() {
        return raised.xchg(0) != 0;
    }

    Work work() {
        return work;
    }
}
