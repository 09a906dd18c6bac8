// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.design;

import java.util.List;
import lazaret.iommu.arm.AtcRound;
import lazaret.iommu.arm.CmdqError;
import lazaret.iommu.arm.Flush;
import lazaret.iommu.arm.Invs;
import lazaret.iommu.arm.Master;
import lazaret.iommu.arm.SmmuDesign;
import lazaret.iommu.arm.SmmuDevice;
import lazaret.iommu.arm.Synced;
import lazaret.smmuv3.Ste;

/**
 * The bare minimum without a flag: the fence is what stands in the STE and nothing else. The next attach
 * writes a new STE, and if the device still does not answer, the next time-out fences it again. Violates P5
 * by design: between that attach and that time-out a device with a stale ATC is free.
 */
public class MinimumY implements SmmuDesign {
    /** A fence that an attach keeps undoing is ordered again so often. */
    private static final int AGAIN = 3;

    @Override
    public String name() {
        return "minimumY";
    }

    @Override
    public String inOneLine() {
        return "fence inside the flush, no flag; the next attach lifts it (P5 does not hold by design)";
    }

    // ---- flush

    @Override
    public void invalidate(Flush flush) {
        flush.tlb();
        flush.atc();
    }

    @Override
    public boolean skipsInFlush(Master master) {
        return master.muted();
    }

    @Override
    public boolean skipsInAttach(Master master) {
        return master.muted();
    }

    // ---- queue

    @Override
    public boolean closesChunk(boolean holdsAtcInv) {
        return holdsAtcInv;
    }

    @Override
    public boolean issuerHandlesGerror() {
        return true;
    }

    @Override
    public void onCmdqError(CmdqError error) {
        error.record();
        error.acknowledge();
    }

    @Override
    public boolean positive(Synced synced) {
        return synced == Synced.OK;
    }

    // ---- quarantine

    @Override
    public void onAtcTimeout(AtcRound round) {
        List<Master> culprits = culprits(round);
        for (int i = 0; i < culprits.size(); i++) {
            quarantine(culprits.get(i));
        }
    }

    @Override
    public List<Master> culprits(AtcRound round) {
        if (round.asked().size() == 1 || !round.drained()) {
            return round.asked();
        }
        List<Master> culprits = round.silent();
        if (!culprits.isEmpty() || round.explained()) {
            return culprits;
        }
        round.silence();
        return round.silent();
    }

    @Override
    public void quarantine(Master master) {
        if (fence(master)) {
            mute(master);
        }
    }

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

    @Override
    public boolean makeEffective(Master master) {
        return master.smmu().fence().invalidateSte(master);
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
     */
    @Override
    public long lastLook(Master master, long word) {
        if (Ste.EATS.test(word)) {
            master.smmu().fence().liftLocked(master);
        }
        return word;
    }

    @Override
    public void retire(SmmuDevice smmu, Invs old) {
        smmu.kernel().rcu().call(old);
    }

    // ---- reset

    @Override
    public void resetDone(Master master) {
        master.smmu().fence().lift(master);
        master.expectEmpty();
    }

    @Override
    public boolean doneLooksAtResult() {
        return true;
    }
}
