// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

/**
 * Where a naturally aligned range of addresses goes and who may go there: the result of a walk, and what a
 * TLB remembers of it.
 *
 * @param va       first address, sign-extended; addresses with a tag lose it first
 * @param pa       where that goes
 * @param log2size of the range in bytes: 12, 21 or 30 for page and blocks, {@link #EVERYTHING} for identity
 * @param global   true if the entry serves every address space of its world
 * @param attr     the byte of MAIR it selects
 */
public record Translation(long va, long pa, int log2size, Rights rights, boolean global, int attr) {
    /** The size of the whole address space. */
    public static final int EVERYTHING = 64;
    /** No translation at all. */
    public static final Translation IDENTITY = new Translation(0, 0, EVERYTHING, Rights.ALL, true, 0);

    /** Where {@code address} goes; it must be covered. */
    public long pa(long address) {
        return pa | address & offsets();
    }

    public boolean covers(long address) {
        return ((address ^ va) & ~offsets()) == 0;
    }

    /** Has it an address in common with {@code start} … {@code last}? */
    public boolean meets(long start, long last) {
        return Long.compareUnsigned(va, last) <= 0 && Long.compareUnsigned(va | offsets(), start) >= 0;
    }

    private long offsets() {
        return log2size == EVERYTHING ? -1L : (1L << log2size) - 1;
    }

    @Override
    public String toString() {
        return "0x" + Long.toHexString(va) + "→0x" + Long.toHexString(pa) + " 2^" + log2size + " " + rights;
    }
}
