// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

/**
 * An error at which the command queue has stopped, as a design is handed it: two steps whose order matters.
 */
public final class CmdqError {
    private final Gerrors gerrors;
    private final int cons;
    private final int gerror;

    CmdqError(Gerrors gerrors, int cons, int gerror) {
        this.gerrors = gerrors;
        this.cons = cons;
        this.gerror = gerror;
    }

    /** Says what happened, notes whose error it is, repairs what can be repaired. */
    public void record() {
        gerrors.skipErr(cons);
    }

    /** As {@link #record}, for everybody who waits for a SYNC: when nobody can tell whose error it is. */
    public void recordForAll() {
        gerrors.recordAll(cons);
    }

    /** Whom the command before the failing one asks, as far as that is an ATC_INV; else null. */
    public Master asked() {
        return gerrors.askedBefore(cons);
    }

    /** From here on the hardware goes on, and the SYNC that failed may be consumed at any moment. */
    public void acknowledge() {
        gerrors.acknowledge(gerror);
    }
}
