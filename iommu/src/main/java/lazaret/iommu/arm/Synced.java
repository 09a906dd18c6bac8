// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

import lazaret.kernel.Errno;

/** How waiting for a CMD_SYNC ended. @req R70 R73 */
public enum Synced {
    /** It was consumed and no error was reported at it. */
    OK,
    /**
     * It was consumed and no error was reported at it, but a time-out reported at another one has not been
     * dealt with yet: an answer to an ATC invalidation may have been a late one, meant for another. What it
     * promises about other commands holds.
     */
    DOUBTFUL,
    /**
     * It was consumed in the end, but an ATC invalidation before it was not answered in time. What it
     * promises about other commands holds.
     */
    ATC_TIMEOUT,
    /** It was not consumed within the software limit. Nothing it promises holds. */
    EXPIRED;

    /** Does what the SYNC promises about commands other than ATC_INV hold? */
    public boolean consumed() {
        return this != EXPIRED;
    }

    /** As the kernel's function returns it. */
    public Errno errno() {
        return this == OK || this == DOUBTFUL ? Errno.OK : Errno.ETIMEDOUT;
    }

    /** What is left of two: the worse. */
    Synced and(Synced other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
