// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu;

import lazaret.kernel.Kernel;
import lazaret.kernel.Lifetime;
import lazaret.machine.Ref;
import lazaret.machine.Word;

/**
 * What the core and the driver keep of a device, whatever group it is in. Lives from probe to release.
 *
 * @kernel dev_iommu
 * @req R3
 */
public final class DevIommu {
    private final IommuOps ops;
    private final Lifetime life;
    /** Written by probeDevice and releaseDevice, under {@code Iommu.probeLock}; in between constant. */
    private final Ref<Object> priv;
    /** Written by probeDevice; in between constant. */
    private final Word maxPasids;
    /** Null in designs that do not report. */
    private final Report report;

    DevIommu(Kernel kernel, String device, IommuOps ops, Report report) {
        this.ops = ops;
        this.report = report;
        life = new Lifetime(kernel, device + " dev_iommu");
        priv = new Ref<>(kernel.machine().undo(), null);
        maxPasids = new Word(kernel.machine().undo());
    }

    public IommuOps ops() {
        life.touch();
        return ops;
    }

    /** The driver's own object for the device. @kernel dev_iommu_priv_get */
    public Object priv() {
        life.touch();
        return priv.get();
    }

    /** Called by the driver's probeDevice and releaseDevice. @kernel dev_iommu_priv_set */
    public void priv(Object next) {
        life.touch();
        priv.set(next);
    }

    /** PASIDs of the device are below this; 0: it has none. @kernel dev_iommu.max_pasids */
    public int maxPasids() {
        life.touch();
        return maxPasids.asInt();
    }

    /** Called by the driver's probeDevice. */
    public void maxPasids(int limit) {
        life.touch();
        maxPasids.set(limit);
    }

    Report report() {
        life.touch();
        return report;
    }

    /** What was reported does not count any more. @req R40 */
    void dropReport() {
        if (report != null) {
            report.take();
        }
    }

    void free() {
        life.free();
    }
}
