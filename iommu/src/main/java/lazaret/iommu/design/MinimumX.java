// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.design;

import java.util.List;
import lazaret.iommu.arm.AtcRound;
import lazaret.iommu.arm.CmdqError;
import lazaret.iommu.arm.FenceState;
import lazaret.iommu.arm.Flush;
import lazaret.iommu.arm.Invs;
import lazaret.iommu.arm.Master;
import lazaret.iommu.arm.SmmuDesign;
import lazaret.iommu.arm.SmmuDevice;
import lazaret.iommu.arm.Synced;
import lazaret.smmuv3.Ste;

/**
 * The bare minimum, with a flag: whoever finds in a flush that a device does not answer fences it before the
 * flush returns and mutes it after; nothing but a reset that worked, or its release, lets it use ATS again.
 * No worker, no report to the core, no allocation.
 */
public class MinimumX implements SmmuDesign {
    @Override
    public String name() {
        return "minimumX";
    }

    @Override
    public String inOneLine() {
        return "fence inside the flush, sticky flag; only a reset that worked lifts it";
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

    /**
     * One is guilty; among several each is asked again, alone. When all of them answer, one may have answered
     * what it was asked first, too late: so they are asked once more, after a silence. A device that answers
     * then is healthy. When the queue does not move, nobody can be cleared.
     */
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

    /** The fence first: a flush on another CPU that skips a muted device returns at once. */
    @Override
    public void quarantine(Master master) {
        if (fence(master)) {
            mute(master);
        }
    }

    @Override
    public boolean fence(Master master) {
        master.smmu().fence().order(master);
        return master.smmu().fence().settle(master, makeEffective(master));
    }

    @Override
    public boolean makeEffective(Master master) {
        return master.smmu().fence().invalidateSte(master);
    }

    @Override
    public void mute(Master master) {
        master.smmu().fence().mute(master);
    }

    // ---- attach

    @Override
    public boolean mayUseAts(Master master) {
        return !master.fenced();
    }

    @Override
    public void beforeAts(Master master) {
        // a fenced master does not come here
    }

    @Override
    public long lastLook(Master master, long word) {
        return master.fence() == FenceState.NONE ? word : Ste.EATS.put(word, Ste.Eats.ABT);
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
