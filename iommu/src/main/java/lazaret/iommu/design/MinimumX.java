// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.design;

import lazaret.iommu.arm.FenceState;
import lazaret.iommu.arm.Master;
import lazaret.smmuv3.Ste;

/**
 * The bare minimum, with a flag: whoever finds in a flush that a device does not answer fences it before the
 * flush returns and mutes it after; nothing but a reset that worked, or its release, lets it use ATS again.
 * No worker, no report to the core, no allocation.
 */
public class MinimumX extends Contained {
    public MinimumX() {
        this(Axes.USUAL);
    }

    protected MinimumX(Axes axes) {
        super(axes);
    }

    @Override
    protected Contained under(Axes other) {
        return new MinimumX(other);
    }

    @Override
    protected String plainName() {
        return "minimumX";
    }

    @Override
    public String inOneLine() {
        return "fence inside the flush, sticky flag; only a reset that worked lifts it";
    }

    /** @req R94 */
    @Override
    public boolean mayUseAts(Master master) {
        return !master.fenced();
    }

    @Override
    public void beforeAts(Master master) {
        // a fenced master does not come here
    }

    /** @req R51 R94 */
    @Override
    public long lastLook(Master master, long word) {
        return master.fence() == FenceState.NONE ? word : Ste.EATS.put(word, Ste.Eats.ABT);
    }
}
