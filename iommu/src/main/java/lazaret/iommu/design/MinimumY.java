// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.design;

import lazaret.iommu.arm.Master;
import lazaret.smmuv3.Ste;

/**
 * The bare minimum without a flag: the fence is what stands in the STE and nothing else. The next attach
 * writes a new STE, and if the device still does not answer, the next time-out fences it again. Violates P5
 * by design: between that attach and that time-out a device with a stale ATC is free.
 */
public class MinimumY extends Contained {
    /** A fence that an attach keeps undoing is ordered again so often. */
    private static final int AGAIN = 3;

    public MinimumY() {
        this(Axes.USUAL);
    }

    protected MinimumY(Axes axes) {
        super(axes);
    }

    @Override
    protected Contained under(Axes other) {
        return new MinimumY(other);
    }

    @Override
    protected String plainName() {
        return "minimumY";
    }

    @Override
    public String inOneLine() {
        return "fence inside the flush, no flag; the next attach lifts it (P5 does not hold by design)";
    }

    // ---- quarantine

    @Override
    public boolean fence(Master master) {
        for (int i = 0; i < AGAIN; i++) {
            master.smmu().fence().order(master);
            if (master.smmu().fence().settle(master, makeEffective(master))) {
                return true;
            }
        }
        return false;
    }

    /** An attach may have opened the STE since. */
    @Override
    public void mute(Master master) {
        master.smmu().fence().muteIfHolds(master);
    }

    // ---- attach

    @Override
    public boolean mayUseAts(Master master) {
        return true;
    }

    @Override
    public void beforeAts(Master master) {
        master.smmu().fence().lift(master);
    }

    /**
     * A fence that came between is gone with this store; whoever put it up finds that out and orders it
     * again.
     *
     * @req R94
     */
    @Override
    public long lastLook(Master master, long word) {
        if (Ste.EATS.test(word)) {
            master.smmu().fence().liftLocked(master);
        }
        return word;
    }
}
