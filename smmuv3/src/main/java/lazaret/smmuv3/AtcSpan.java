// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

/**
 * The naturally aligned power-of-two range that an ATC invalidation needs to cover some pages; it may cover
 * more.
 *
 * @param address first byte
 * @param size    log2 of its 4 KiB pages; {@link #ALL} is everything
 * @spec IHI0070 4.5.1
 * @kernel arm_smmu_atc_inv_to_cmd
 */
public record AtcSpan(long address, int size) {
    /** The size that means the whole address space. */
    public static final int ALL = 52;
    /** Everything. */
    public static final AtcSpan EVERYTHING = new AtcSpan(0, ALL);

    /**
     * The smallest range that holds all pages from that of {@code start} to that of {@code last}: the bits
     * above the highest one in which the two page numbers differ.
     */
    public static AtcSpan of(long start, long last) {
        if (Long.compareUnsigned(start, last) > 0) {
            throw new IllegalArgumentException("start above last: " + Long.toHexString(start));
        }
        int size = Long.SIZE - Long.numberOfLeadingZeros(start >>> 12 ^ last >>> 12);
        return size >= ALL ? EVERYTHING : new AtcSpan(start & -1L << 12 + size, size);
    }
}
