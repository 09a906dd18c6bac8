// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.design;

import java.util.ArrayList;
import java.util.List;
import lazaret.iommu.Reporting;
import lazaret.iommu.arm.AtcRound;
import lazaret.iommu.arm.Fence;
import lazaret.iommu.arm.Flush;
import lazaret.iommu.arm.LastResort;
import lazaret.iommu.arm.Master;
import lazaret.iommu.arm.SmmuDesign;
import lazaret.iommu.arm.Synced;

/**
 * What all designs share that find out inside the flush who does not answer, fence it before the flush
 * returns and mute it after. How long the fence lasts is what they differ on.
 */
public abstract class Contained implements SmmuDesign {
    private final Axes axes;

    /** @param axes the answers it gives; {@link #usual} are those it gives when nobody asks otherwise */
    protected Contained(Axes axes) {
        this.axes = axes;
    }

    /** Its answers when nobody asks for others. */
    protected Axes usual() {
        return Axes.USUAL;
    }

    /** The same design with other answers. */
    protected abstract Contained under(Axes other);

    /** Its name without what differs from its usual answers. */
    protected abstract String plainName();

    public final Axes axes() {
        return axes;
    }

    @Override
    public String name() {
        return plainName() + axes.besides(usual());
    }

    @Override
    public List<Class<?>> parts() {
        List<Class<?>> parts = new ArrayList<>(reporting().parts());
        parts.add(AtcRound.class);
        parts.add(Fence.class);
        if (escalates()) {
            parts.add(LastResort.class);
        }
        return parts;
    }

    /** The issuer handles errors beside the interrupt; the fence stores into STEs beside attach. */
    @Override
    public List<String> locks() {
        List<String> locks = new ArrayList<>(List.of("gerror_lock", "ste_lock"));
        locks.addAll(reporting().locks());
        return locks;
    }

    // ---- flush

    /** When the queue stands still nobody asks it again, and the last resort is taken for each flush. */
    @Override
    public void invalidate(Flush flush) {
        if (!escalates()) {
            SmmuDesign.super.invalidate(flush);
            return;
        }
        LastResort last = flush.smmu().lastResort();
        if (!last.isNeeded()) {
            if (forgot(flush)) {
                flush.atc();
            } else {
                last.need();
            }
        }
        if (last.isNeeded()) {
            escalate(flush);
        }
    }

    @Override
    public boolean escalates() {
        return axes.escalate() != Axes.Escalate.NONE;
    }

    private boolean forgot(Flush flush) {
        boolean forgot = flush.tlbForgot();
        while (!forgot && axes.escalate() == Axes.Escalate.WAIT) {
            flush.smmu().cmdq().awaitMoved();
            forgot = flush.tlbForgot();
        }
        return forgot;
    }

    private void escalate(Flush flush) {
        switch (axes.escalate()) {
            case NONE, WAIT -> { }
            case HOLD -> flush.holdPages();
            case GBPA -> flush.smmu().lastResort().refuseAll();
            case DPC -> flush.containDevices();
            case HOLD_GBPA -> {
                flush.holdPages();
                flush.smmu().lastResort().refuseAll();
            }
            case HOLD_DPC -> {
                flush.holdPages();
                flush.containDevices();
            }
            case SECOND_QUEUE -> throw flush.smmu().lastResort().secondQueue();
        }
    }

    @Override
    public boolean asksOneByOne() {
        return axes.isolate() == Axes.Isolate.ONE_DEVICE_PER_BATCH;
    }

    /** @req R67 R120 */
    @Override
    public boolean skipsInFlush(Master master) {
        return master.muted();
    }

    /** @req R43 R66 */
    @Override
    public boolean skipsInAttach(Master master) {
        return axes.mute() == Axes.Mute.BY_TYPE && master.muted();
    }

    // ---- queue

    /** @req R69 */
    @Override
    public boolean closesChunk(boolean holdsAtcInv) {
        return holdsAtcInv;
    }

    @Override
    public boolean issuerHandlesGerror() {
        return true;
    }

    /** @req R73 */
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
     *
     * @req R74 R118
     */
    @Override
    public List<Master> culprits(AtcRound round) {
        boolean together = axes.isolate() == Axes.Isolate.WHOLE_BATCH;
        if (together || round.asked().size() == 1 || !round.drained()) {
            return round.asked();
        }
        List<Master> culprits = round.silent();
        if (!culprits.isEmpty() || round.explained()) {
            return culprits;
        }
        round.silence();
        return round.silent();
    }

    /**
     * The fence first: a flush on another CPU that skips a muted device returns at once. The core is told
     * last, if it wants to know.
     *
     * @req R41 R80
     */
    @Override
    public void quarantine(Master master) {
        boolean holds = fence(master);
        if (holds && axes.mute() != Axes.Mute.NONE) {
            mute(master);
        }
        if (!holds && escalates()) {
            master.smmu().lastResort().need();
        }
        if (reporting() != Reporting.NONE) {
            master.dev().core().reportDeviceBroken(master.dev());
        }
    }

    /** @req R75 */
    @Override
    public boolean fence(Master master) {
        master.smmu().fence().order(master);
        return master.smmu().fence().settle(master, makeEffective(master));
    }

    @Override
    public boolean makeEffective(Master master) {
        boolean effective = master.smmu().fence().invalidateSte(master);
        while (!effective && axes.escalate() == Axes.Escalate.WAIT) {
            master.smmu().cmdq().awaitMoved();
            effective = master.smmu().fence().invalidateSte(master);
        }
        return effective;
    }

    @Override
    public void mute(Master master) {
        master.smmu().fence().mute(master);
    }

    // ---- reset

    /** @req R30 R96 */
    @Override
    public void resetDone(Master master) {
        master.smmu().fence().lift(master);
        master.expectEmpty();
    }

    @Override
    public boolean doneLooksAtResult() {
        return axes.done() == Axes.Done.RESULT_AWARE;
    }

    @Override
    public boolean blocksPerGroup() {
        return axes.block() == Axes.Block.PER_GROUP;
    }
}
