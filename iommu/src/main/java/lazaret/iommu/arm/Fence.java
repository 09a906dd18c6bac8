// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

import java.util.List;
import lazaret.iommu.IommuEntry;
import lazaret.kernel.Held;
import lazaret.kernel.Kernel;
import lazaret.kernel.Level;
import lazaret.smmuv3.Command;

/**
 * The pieces of which designs make a quarantine. The fence is for the hardware: EATS=0 in memory, the cached
 * entry forgotten, and a SYNC, whose consumption also says that nothing which had passed the check is still
 * on its way. The mute is for software and comes after: a flush that skips a muted device relies on the
 * fence. Any context, no allocation, any number of times, on several CPUs at once.
 *
 * @req R8 R75 R116
 */
public final class Fence {
    private final Kernel kernel;
    private final Cmdq cmdq;
    private final int rounds;

    Fence(Kernel kernel, Cmdq cmdq, SmmuSetup setup) {
        this.kernel = kernel;
        this.cmdq = cmdq;
        rounds = setup.fenceRounds();
    }

    /** EATS=0 by one store, and the note that it is so, which later stores of the word heed. @req R79 */
    public void order(Master master) {
        kernel.forgets().run(() -> clear(master));
    }

    private void clear(Master master) {
        try (Held _ = master.steLock().irqsave()) {
            if (master.fence() != FenceState.HOLDS) {
                master.fence(FenceState.ORDERED);
            }
            master.clearEats();
        }
    }

    /**
     * CFGI_STE and SYNC, until one was consumed or the patience is over. Interrupts are as the caller has
     * them between the rounds.
     *
     * @return whether hardware acts on the STE as it is in memory
     * @req R76 R119
     */
    public boolean invalidateSte(Master master) {
        for (int round = 0; round < rounds; round++) {
            if (cmdq.submit(List.of(new Command.CfgiSte(master.sid(), true))).consumed()) {
                return true;
            }
        }
        return false;
    }

    /**
     * The fence was ordered and the cached entry is forgotten, or could not be.
     *
     * @return whether the fence holds; not if somebody opened the STE meanwhile
     */
    public boolean settle(Master master, boolean forgotten) {
        return kernel.forgets().test(() -> confirm(master, forgotten));
    }

    private boolean confirm(Master master, boolean forgotten) {
        try (Held _ = master.steLock().irqsave()) {
            if (forgotten && master.fence() != FenceState.NONE) {
                master.fence(FenceState.HOLDS);
                log(new IommuEntry.Fenced(master.sid()));
                return true;
            }
            if (master.fence() == FenceState.ORDERED) {
                master.fence(FenceState.UNCONFIRMED);
            }
        }
        if (!forgotten) {
            kernel.printk(Level.ERR, master + ": cannot confirm that ATS is fenced, the command queue is"
                    + " stuck; memory given back from now on is not safe from this device");
        }
        return false;
    }

    /** No more ATC_INV to it. @req R65 R79 R133 */
    public void mute(Master master) {
        if (!master.mute(true)) {
            kernel.printk(Level.ERR, master + ": ATC invalidation timed out, ATS is off until a reset works");
            log(new IommuEntry.Muted(master.sid()));
        }
    }

    /** As {@link #mute}, unless the fence is gone. */
    public void muteIfHolds(Master master) {
        try (Held _ = master.steLock().irqsave()) {
            if (master.fence() == FenceState.HOLDS) {
                mute(master);
            }
        }
    }

    /** Forgets both. What the STE says is for the caller to change, afterwards. @req R68 R96 */
    public void lift(Master master) {
        try (Held _ = master.steLock().irqsave()) {
            liftLocked(master);
        }
    }

    /** Under the master's steLock. */
    public void liftLocked(Master master) {
        master.fence(FenceState.NONE);
        if (master.mute(false)) {
            log(new IommuEntry.Unmuted(master.sid()));
        }
    }

    private void log(IommuEntry entry) {
        if (kernel.machine().log().hears()) {
            kernel.machine().log().add(entry);
        }
    }
}
