// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

import lazaret.pcie.At;

/**
 * What a {@link Translation} of one stage says, in words that change: a walk writes here what it finds, and
 * caches keep the same words in cells.
 */
public final class Mapping {
    private static final int LEAF = 8;
    private static final int RIGHTS = 16;
    private static final int ATTR = 32;
    private static final long SIZE = 0x7f;
    private static final long GLOBAL = 1L << 24;
    private static final long CLEAN = 1L << 25;
    private static final long BY_LEAF = 1L << 26;

    private long va;
    private long pa;
    private long facts;
    private long at;
    private long word;

    /** First address. */
    public long va() {
        return va;
    }

    /** Where that goes. */
    public long pa() {
        return pa;
    }

    /** All but addresses, for {@link #set} and for those who ask {@link #log2size(long)} and the like. */
    public long facts() {
        return facts;
    }

    /** Where the descriptor was read. */
    public long at() {
        return at;
    }

    /** What it said. */
    public long word() {
        return word;
    }

    /** The words of a mapping that somebody kept. */
    public void set(long newVa, long newPa, long newFacts, long newAt, long newWord) {
        va = newVa;
        pa = newPa;
        facts = newFacts;
        at = newAt;
        word = newWord;
    }

    void set(Mapping other) {
        set(other.va, other.pa, other.facts, other.at, other.word);
    }

    /** Everything goes where it is. */
    void identity() {
        set(0, 0, Translation.EVERYTHING | (long) Rights.EVERY << RIGHTS | GLOBAL, 0, 0);
    }

    /** A leaf that was read at {@code at} maps 2<sup>log2size</sup> bytes. */
    void leaf(long newVa, long newPa, int log2size, int rights, long newAt, long pte) {
        long first = -1L << log2size;
        set(newVa & first, newPa & first,
                (long) rights << RIGHTS | BY_LEAF | (long) log2size << LEAF | log2size, newAt, pte);
    }

    /** Of a leaf: what else it says. */
    void says(boolean global, boolean clean, int attr) {
        facts |= (global ? GLOBAL : 0) | (clean ? CLEAN : 0) | (long) attr << ATTR;
    }

    /** With {@code stage2} behind it: their common range, around {@code address}. */
    void above(Mapping stage2, long address) {
        int log2size = Math.min(log2size(), stage2.log2size());
        long first = -1L << log2size;
        pa = stage2.pa(pa(address)) & first;
        va = address & first;
        facts = facts & ~SIZE | log2size;
    }

    /** The whole contiguous group that the leaf says to be part of; nothing without such a mark. */
    public void widen() {
        if (byLeaf() && Pte.CONT.test(word)) {
            int wide = leafSize(facts) + Granule.contiguous(leafSize(facts));
            va &= -1L << wide;
            pa &= -1L << wide;
            facts = facts & ~SIZE | wide;
        }
    }

    int log2size() {
        return log2size(facts);
    }

    /** log2 of the range in bytes. */
    public static int log2size(long facts) {
        return (int) (facts & SIZE);
    }

    /** log2 of the range that the leaf maps. */
    public static int leafSize(long facts) {
        return (int) (facts >>> LEAF & SIZE);
    }

    /** Does it serve every address space of its world? */
    public static boolean global(long facts) {
        return (facts & GLOBAL) != 0;
    }

    /** Did a walk end at a leaf, or did nothing translate? */
    public boolean byLeaf() {
        return (facts & BY_LEAF) != 0;
    }

    boolean clean() {
        return (facts & CLEAN) != 0;
    }

    /** {@link Rights} as a number. */
    int rights() {
        return (int) (facts >>> RIGHTS) & Rights.EVERY;
    }

    /** Do the rights let a walk's transaction pass? A request for rights is content with those there are. */
    boolean allows(Walk w) {
        return w.at == At.TRANSLATION_REQUEST || Rights.allow(rights(), w.access);
    }

    /** Of those that pass: will somebody access the page? */
    boolean usedBy(Walk w) {
        return w.at != At.TRANSLATION_REQUEST || Rights.of(rights()).mode(w.access.privileged()).any();
    }

    /** Of those that pass: will somebody write to the page? */
    boolean dirtiedBy(Walk w) {
        return w.type.write() && Rights.of(rights()).mode(w.access.privileged()).write();
    }

    int attr() {
        return (int) (facts >>> ATTR);
    }

    /** Where {@code address} goes. */
    long pa(long address) {
        return pa | address & offsets();
    }

    /** Bits of an address that stay as they are. */
    long offsets() {
        return log2size() == Translation.EVERYTHING ? -1L : (1L << log2size()) - 1;
    }

    void set(Translation t) {
        Translation.Leaf leaf = t.leaf();
        if (leaf == null) {
            identity();
            va = t.va();
            pa = t.pa();
            facts = facts & ~SIZE | t.log2size();
        } else {
            set(t.va(), t.pa(), (long) t.rights().number() << RIGHTS | BY_LEAF
                    | (long) leaf.log2size() << LEAF | t.log2size(), leaf.at(), leaf.word());
            says(t.global(), leaf.clean(), t.attr());
        }
    }

    /** As a value. @param stage2 what it has gone through, or null */
    public Translation translation(Translation stage2) {
        var leaf = byLeaf() ? new Translation.Leaf(at, word, leafSize(facts), clean()) : null;
        return new Translation(va, pa, log2size(), Rights.of(rights()), global(facts), attr(), leaf, stage2);
    }
}
