// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

/**
 * One table entry of eight words where hardware may be reading it: how software reads and changes a word, how
 * hardware is told to look again, and which bits hardware looks at. Word 0 holds the valid bit.
 *
 * @kernel arm_smmu_entry_writer_ops
 */
interface EntrySlot {
    int WORDS = 8;

    long load(int word);

    /** One 64-bit store. */
    void store(int word, long value);

    /** Hardware has dropped what it had cached of the entry when this returns, unless the queue is stuck. */
    void sync();

    /** The valid bit in word 0. */
    long valid();

    /** The bits of {@code word} that hardware looks at in this entry. */
    long used(int word, long[] entry);

    /**
     * Bits of {@code word} that hardware uses and that may change at any time, together with nothing else.
     */
    long updateSafe(int word);
}
