// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu;

import lazaret.kernel.Kernel;
import lazaret.kernel.Lifetime;
import lazaret.kernel.Shared;
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
    /** Changes under group.mutex, is read without it. Not 0: nobody has pointed the hardware anywhere yet. */
    private final Shared deferred;

    DevIommu(Kernel kernel, String device, IommuOps ops, Report report) {
        this.ops = ops;
        this.report = report;
        life = new Lifetime(kernel, device + " dev_iommu");
        priv = new Ref<>(kernel.machine().undo(), null);
        maxPasids = new Word(kernel.machine().undo());
        deferred = new Shared(kernel, device + " attach_deferred", 0);
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

    /** Is its first attach put off until DMA is mapped? @kernel dev_iommu.attach_deferred */
    boolean attachDeferred() {
        life.touch();
        return deferred.readOnce() != 0;
    }

    /** The same under group.mutex, where it does not change. */
    boolean isDeferred() {
        life.touch();
        return deferred.peek() != 0;
    }

    void attachDeferred(boolean next) {
        life.touch();
        if (next != isDeferred()) {
            deferred.writeOnce(next ? 1 : 0);
        }
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
