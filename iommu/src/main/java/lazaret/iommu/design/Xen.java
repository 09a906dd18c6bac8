// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.design;

import java.util.List;
import lazaret.iommu.Device;
import lazaret.iommu.Reporting;
import lazaret.iommu.arm.Master;

/**
 * Xen's answer, told in the terms of this stack: devices are asked one by one; who does not answer is told
 * to switch ATS off, if it still listens, is marked as broken, and its owner is killed: all that share its
 * domain are taken out of service, a little later.
 */
public class Xen extends Contained {
    private static final Axes OWN = Axes.USUAL.with(Axes.Isolate.ONE_DEVICE_PER_BATCH);

    public Xen() {
        this(OWN);
    }

    protected Xen(Axes axes) {
        super(axes);
    }

    @Override
    protected Axes usual() {
        return OWN;
    }

    @Override
    protected Contained under(Axes other) {
        return new Xen(other);
    }

    @Override
    protected String plainName() {
        return "xen";
    }

    @Override
    public String inOneLine() {
        return "switches ATS off at the endpoint, marks it as broken and kills the owner of its domain";
    }

    @Override
    public List<String> locks() {
        return List.of("gerror_lock", "work");
    }

    // ---- quarantine

    @Override
    public boolean fence(Master master) {
        master.disableAts();
        return true;
    }

    @Override
    public Reporting reporting() {
        return Reporting.HELD;
    }

    @Override
    public void onReported(Device dev) {
        dev.core().killOwner(dev);
    }

    // ---- attach

    @Override
    public boolean mayUseAts(Master master) {
        return !master.muted();
    }

    @Override
    public void beforeAts(Master master) {
        // nothing is marked
    }

    @Override
    public long lastLook(Master master, long word) {
        return word;
    }
}
