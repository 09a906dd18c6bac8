// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

/**
 * What software knows of a queue in one word, so that one compare-and-exchange changes all of it: how far
 * slots are reserved (low half), whether an owner is still collecting reservations (bit 31), how far hardware
 * is known to have consumed (high half).
 *
 * @kernel arm_smmu_ll_queue
 */
final class Llq {
    /**
     * Whoever finds it clear while reserving becomes the owner: it will publish its own and all later
     * reservations.
     */
    static final long OWNED = 1L << 31;

    private Llq() { }

    static int prod(long llq) {
        return (int) (llq & OWNED - 1);
    }

    static int cons(long llq) {
        return (int) (llq >>> 32);
    }

    static boolean owned(long llq) {
        return (llq & OWNED) != 0;
    }

    static long reserved(long llq, int prod) {
        return llq & 0xffff_ffff_0000_0000L | OWNED | prod;
    }

    static long consumed(long llq, int cons) {
        return llq & 0xffff_ffffL | (long) cons << 32;
    }
}
