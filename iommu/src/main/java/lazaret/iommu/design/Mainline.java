// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.design;

import java.util.List;
import lazaret.iommu.arm.AtcRound;
import lazaret.iommu.arm.Master;
import lazaret.iommu.arm.SmmuDesign;
import lazaret.iommu.arm.Synced;

/**
 * What the kernel did before anybody cared: the interrupt handler prints the error and acknowledges it, the
 * SYNC then completes, and the flush returns as if the device had answered. A reset gives the device back
 * however it ended.
 */
public class Mainline implements SmmuDesign {
    @Override
    public String name() {
        return "mainline";
    }

    @Override
    public String inOneLine() {
        return "logs the time-out and hopes: the flush returns, the device goes on (the baseline)";
    }

    // ---- flush

    @Override
    public boolean skipsInFlush(Master master) {
        return false;
    }

    @Override
    public boolean skipsInAttach(Master master) {
        return false;
    }

    // ---- queue

    @Override
    public boolean closesChunk(boolean holdsAtcInv) {
        return false;
    }

    @Override
    public boolean issuerHandlesGerror() {
        return false;
    }

    @Override
    public boolean positive(Synced synced) {
        return true;
    }

    // ---- quarantine

    @Override
    public void onAtcTimeout(AtcRound round) {
        // nobody looks at the answer
    }

    @Override
    public List<Master> culprits(AtcRound round) {
        return List.of();
    }

    @Override
    public void quarantine(Master master) {
        // there is none
    }

    @Override
    public boolean fence(Master master) {
        return false;
    }

    @Override
    public boolean makeEffective(Master master) {
        return false;
    }

    @Override
    public void mute(Master master) {
        // there is none
    }

    // ---- attach

    @Override
    public boolean mayUseAts(Master master) {
        return true;
    }

    @Override
    public void beforeAts(Master master) {
        // nothing is marked
    }

    @Override
    public long lastLook(Master master, long word) {
        return word;
    }

    // ---- reset

    @Override
    public void resetDone(Master master) {
        // nothing is marked
    }

    @Override
    public boolean doneLooksAtResult() {
        return false;
    }
}
