// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

import lazaret.kernel.Kernel;
import lazaret.kernel.Shared;

/**
 * Guards what software knows of the queue's consumer index. Whoever waits for a SYNC holds it shared:
 * meanwhile nobody frees slots, so the queue cannot wrap around the waiter's slot unnoticed. Whoever needs
 * room takes it exclusively, if nobody holds it, and moves the index on. Shared holders wait for an exclusive
 * one, which never waits.
 *
 * @kernel arm_smmu_cmdq_shared_lock arm_smmu_cmdq_exclusive_trylock
 * @req R84
 */
final class CmdqLock {
    private static final long EXCLUSIVE = 1L << 32;

    private final Kernel kernel;
    /** Number of shared holders; {@link #EXCLUSIVE} on top while somebody holds it exclusively. */
    private final Shared word;

    CmdqLock(Kernel kernel, String name) {
        this.kernel = kernel;
        word = new Shared(kernel, name, 0);
    }

    /** An increment made while somebody holds it exclusively stays and counts once they let go. */
    void lockShared() {
        if (kernel.forgets().test(() -> word.fetchAddRelaxed(1) >= EXCLUSIVE)) {
            kernel.await(() -> word.peek() < EXCLUSIVE);
        }
    }

    /**
     * Lets go unless the caller is the last one, who may still move the consumer index on before it lets go.
     */
    boolean tryUnlockShared() {
        if (kernel.forgets().test(() -> word.readOnce() == 1)) {
            return false;
        }
        unlockShared();
        return true;
    }

    void unlockShared() {
        word.addRelease(-1);
    }

    boolean tryLockExclusive() {
        return kernel.forgets().test(() -> word.cmpxchgRelaxed(0, EXCLUSIVE) == 0);
    }

    void unlockExclusive() {
        word.addRelease(-EXCLUSIVE);
    }

    /** Could it be taken exclusively? For conditions. */
    boolean peekFree() {
        return word.peek() == 0;
    }
}
