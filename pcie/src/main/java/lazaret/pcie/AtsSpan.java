// SPDX-License-Identifier: Apache-2.0
package lazaret.pcie;

/**
 * A naturally aligned range of 4 KiB pages and its coding inside an address, shared by translation
 * completions and invalidate requests: bit 11 (S) clear means one page; else the lowest clear bit k from bit
 * 12 up gives 2<sup>k+1</sup> bytes. The static methods work on the coded word and do not allocate.
 *
 * @param address first byte, aligned to the size
 * @param size    log2 of the number of pages, 0 … 52, as in the Size field of CMD_ATC_INV
 * @spec IHI0070 4.5.1
 */
public record AtsSpan(long address, int size) {
    /** Everything: 2<sup>52</sup> pages. */
    public static final int ALL = 52;

    private static final long S = 1L << 11;
    private static final int PAGE = 12;

    public AtsSpan {
        if (size < 0 || size > ALL) {
            throw new IllegalArgumentException("size " + size);
        }
        if ((address & offsets(size)) != 0) {
            throw new IllegalArgumentException(Long.toHexString(address) + " cannot have size " + size);
        }
    }

    /** The range that {@code word} codes; bits outside address and S do not matter. */
    public static AtsSpan decode(long word) {
        return new AtsSpan(base(word), size(word));
    }

    /** Bits 63:11 of an entry or request body for the range of that size around {@code address}. */
    public static long encode(long address, int size) {
        if (size < 0 || size > ALL) {
            throw new IllegalArgumentException("size " + size);
        }
        long base = address & ~offsets(size);
        return size == 0 ? base : base | offsets(size) >>> 1 & -1L << PAGE | S;
    }

    /** The size coded in {@code word}. All ones, which mean nothing in this coding, count as everything. */
    public static int size(long word) {
        if ((word & S) == 0) {
            return 0;
        }
        return Math.min(Long.numberOfTrailingZeros(~(word >>> PAGE)) + 1, ALL);
    }

    /** The first byte of the range coded in {@code word}. */
    public static long base(long word) {
        return word & ~offsets(size(word));
    }

    /** Does the range coded in {@code word} hold this byte? */
    public static boolean covers(long word, long address) {
        return ((word ^ address) & ~offsets(size(word))) == 0;
    }

    /** Do two coded ranges have a page in common? */
    public static boolean overlap(long word, long other) {
        return ((word ^ other) & ~offsets(Math.max(size(word), size(other)))) == 0;
    }

    /** The mask of the address bits inside a range of that size: 0xfff for one page. */
    public static long offsets(int size) {
        return size == ALL ? -1L : (1L << PAGE + size) - 1;
    }

    public long encode() {
        return encode(address, size);
    }

    /** The last byte. */
    public long last() {
        return address | offsets(size);
    }

    @Override
    public String toString() {
        return "0x" + Long.toHexString(address) + "…0x" + Long.toHexString(last());
    }
}
