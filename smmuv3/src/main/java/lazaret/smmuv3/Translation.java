// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

/**
 * Where a naturally aligned range of addresses goes and who may go there: the result of a walk, and what a
 * TLB remembers of it. One of stage 2 has IPAs for addresses. One of both stages goes all the way, has the
 * rights of stage 1, and knows the one of stage 2 that it used last.
 *
 * @param va       first address, sign-extended; addresses with a tag lose it first
 * @param pa       where that goes
 * @param log2size of the range in bytes; {@link #EVERYTHING} for identity
 * @param global   true if the entry serves every address space of its world
 * @param attr     the byte of MAIR it selects; in stage 2 MemAttr
 * @param leaf     what says so; null for identity
 * @param stage2   null where stage 2 does not translate, and in what stage 2 itself says
 */
public record Translation(long va, long pa, int log2size, Rights rights, boolean global, int attr, Leaf leaf,
        Translation stage2) {
    /** The size of the whole address space. */
    public static final int EVERYTHING = 64;
    /** No translation at all. */
    public static final Translation IDENTITY =
            new Translation(0, 0, EVERYTHING, Rights.ALL, true, 0, null, null);

    /**
     * The descriptor that ended a walk.
     *
     * @param at       where it was read
     * @param word     what it said
     * @param log2size of the range that it maps; what comes out of both stages may be less
     * @param clean    the rights include writing, and before the first write hardware has to mark the
     *                 descriptor
     */
    public record Leaf(long at, long word, int log2size, boolean clean) { }

    /** A translation of stage 1 with stage 2 behind it: their common range, around {@code address}. */
    static Translation both(Translation stage1, Translation stage2, long address) {
        int log2size = Math.min(stage1.log2size, stage2.log2size);
        long first = -1L << log2size;
        return new Translation(address & first, stage2.pa(stage1.ipa(address)) & first, log2size,
                stage1.rights, stage1.global, stage1.attr, stage1.leaf, stage2);
    }

    /**
     * With a leaf that is marked contiguous, the whole group of which it says to be part: naturally aligned,
     * as the format has it. Itself without such a mark, and where both stages are in it.
     */
    public Translation group() {
        if (leaf == null || stage2 != null || !Pte.CONT.test(leaf.word)) {
            return this;
        }
        int wide = leaf.log2size + Granule.contiguous(leaf.log2size);
        long first = -1L << wide;
        return new Translation(va & first, pa & first, wide, rights, global, attr, leaf, null);
    }

    /** Where {@code address} goes; it must be covered. */
    public long pa(long address) {
        return pa | address & offsets();
    }

    /** Where stage 1 alone sends {@code address}. */
    public long ipa(long address) {
        return stage2 == null ? pa(address) : stage2.va | pa(address) & stage2.offsets();
    }

    /** What all stages permit. */
    public Rights permits() {
        return stage2 == null ? rights : rights.and(stage2.rights);
    }

    /** Must a descriptor be marked before the first write? */
    public boolean clean() {
        return leaf != null && leaf.clean || stage2 != null && stage2.clean();
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
        String range = "0x" + Long.toHexString(va) + "→0x" + Long.toHexString(pa) + " 2^" + log2size;
        return range + " " + permits();
    }
}
