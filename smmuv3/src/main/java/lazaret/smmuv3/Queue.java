// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

/**
 * Arithmetic of a circular queue whose producer and consumer index carry a wrap bit above them and, in the
 * queues that the SMMU fills, an overflow flag at bit 31. Index arguments are register values; bits that are
 * neither do not matter.
 *
 * @param log2size log2 of the number of entries, 0 … 19
 * @spec IHI0070 3.5
 * @kernel arm_smmu_ll_queue
 */
public record Queue(int log2size) {
    /** OVFLG of a PROD register, OVACKFLG of a CONS register. */
    public static final int OVERFLOW = 1 << 31;
    /** Bytes of a command. */
    public static final int COMMAND = 16;
    /** Bytes of an event record. */
    public static final int EVENT = 32;
    /** Bytes of a page request. */
    public static final int PRI = 16;

    public Queue {
        if (log2size < 0 || log2size > 19) {
            throw new IllegalArgumentException("a queue of 2^" + log2size);
        }
    }

    /** Number of entries. */
    public int size() {
        return 1 << log2size;
    }

    /** Slot that {@code reg} points at. */
    public int idx(int reg) {
        return reg & size() - 1;
    }

    /** The wrap bit in its place. */
    public int wrap(int reg) {
        return reg & size();
    }

    public boolean empty(int prod, int cons) {
        return ((prod ^ cons) & 2 * size() - 1) == 0;
    }

    public boolean full(int prod, int cons) {
        return ((prod ^ cons) & 2 * size() - 1) == size();
    }

    /**
     * More entries than slots: one side wrote nonsense, and what the SMMU does with the queue is
     * unpredictable.
     */
    public boolean inconsistent(int prod, int cons) {
        return used(prod, cons) > size();
    }

    /**
     * Number of entries between {@code cons} and {@code prod}; more than {@link #size} when they are
     * inconsistent.
     */
    public int used(int prod, int cons) {
        return prod - cons & 2 * size() - 1;
    }

    /** Number of free slots, not below 0. */
    public int space(int prod, int cons) {
        return Math.max(0, size() - used(prod, cons));
    }

    /** {@code reg} moved on by one entry; its overflow flag stays. */
    public int inc(int reg) {
        return add(reg, 1);
    }

    /** {@code reg} moved on by {@code n} entries; its overflow flag stays. */
    public int add(int reg, int n) {
        return reg & OVERFLOW | reg + n & 2 * size() - 1;
    }

    /** Is an overflow reported and not acknowledged? */
    public static boolean overflowed(int prod, int cons) {
        return ((prod ^ cons) & OVERFLOW) != 0;
    }

    /** {@code prod} after an entry was dropped: reports an overflow unless one is reported already. */
    public static int drop(int prod, int cons) {
        return overflowed(prod, cons) ? prod : prod ^ OVERFLOW;
    }

    /** {@code cons} with every overflow that {@code prod} reports acknowledged. */
    public static int ack(int prod, int cons) {
        return cons & ~OVERFLOW | prod & OVERFLOW;
    }

    /**
     * Address of a slot.
     *
     * @param qbase value of the queue's BASE register, aligned here as the SMMU forces it
     * @param bytes bytes of an entry
     */
    public long slot(long qbase, int reg, int bytes) {
        long aligned = QueueBase.ADDR.in(qbase) & -Math.max(32L, (long) bytes << log2size);
        return aligned + (long) idx(reg) * bytes;
    }
}
