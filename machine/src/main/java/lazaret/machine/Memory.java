// SPDX-License-Identifier: Apache-2.0
package lazaret.machine;

/**
 * Physical memory as somebody sees it: a CPU, a device, QEMU behind a socket. One load or store moves one
 * aligned 64-bit little-endian word and is single-copy atomic.
 */
public interface Memory {
    /** The word at {@code pa}, which must be a multiple of 8. */
    long load(long pa);

    /** Stores the word at {@code pa}, which must be a multiple of 8. */
    void store(long pa, long word);

    /**
     * Is there memory behind {@code pa}? An access elsewhere is an external abort for hardware and an oops
     * for software.
     */
    boolean backs(long pa);

    /** The 32-bit word at {@code pa}, a multiple of 4. */
    default int load32(long pa) {
        half(pa);
        long word = load(pa & ~7L);
        return (int) ((pa & 4) == 0 ? word : word >>> 32);
    }

    /** Stores 32 bits at {@code pa}, a multiple of 4, as one change of the word that holds them. */
    default void store32(long pa, int half) {
        half(pa);
        long word = load(pa & ~7L);
        long low = half & 0xffff_ffffL;
        store(pa & ~7L, (pa & 4) == 0
                ? word & 0xffff_ffff_0000_0000L | low
                : word & 0xffff_ffffL | low << 32);
    }

    private static void half(long pa) {
        if ((pa & 3) != 0) {
            throw new IllegalArgumentException("unaligned half-word at 0x" + Long.toHexString(pa));
        }
    }
}
