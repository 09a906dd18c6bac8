// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.design;

import lazaret.iommu.Reporting;

/**
 * {@link MinimumX}, and besides the core is told: a work item of the device's own, cancelled before that is
 * freed, blocks the device under the mutex. The fence does not rely on it.
 */
public class DevIommuWorker extends MinimumX {
    public DevIommuWorker() {
        this(Axes.USUAL);
    }

    protected DevIommuWorker(Axes axes) {
        super(axes);
    }

    @Override
    protected Contained under(Axes other) {
        return new DevIommuWorker(other);
    }

    @Override
    protected String plainName() {
        return "devIommu";
    }

    @Override
    public String inOneLine() {
        return "minimumX, and a worker on dev_iommu tells the core, which blocks the device";
    }

    @Override
    public Reporting reporting() {
        return Reporting.IN_DEV_IOMMU;
    }
}
