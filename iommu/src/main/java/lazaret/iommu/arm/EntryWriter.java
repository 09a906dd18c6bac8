// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

/**
 * Brings a table entry from what it is to what it shall be while hardware may read it, word by word, in any
 * order and at any moment. Hardware sees the old entry, the new one, or one that refuses everything.
 *
 * <p>What hardware does not look at, in the old entry, changes first and unseen. Then
 * <ol>
 * <li>no word that it looks at has to change: done;
 * <li>one word has to: a single store switches from old to new;
 * <li>more: the entry is made invalid, rebuilt, and made valid again.
 * </ol>
 * Between any two of these hardware is made to forget what it read, so that no reader mixes words from two of
 * them. Last, what only the old entry needed is cleared.
 *
 * @kernel arm_smmu_write_entry
 */
final class EntryWriter {
    private EntryWriter() { }

    /** @param target has no bit set that hardware would not look at @req R49 R52 */
    static void write(EntrySlot slot, long[] target) {
        long[] quiet = quiet(slot, target);
        int pending = pending(slot, quiet, target);
        if (Integer.bitCount(pending) > 1) {
            rebuild(slot, target);
            return;
        }
        int critical = Integer.numberOfTrailingZeros(pending);
        if (storeAll(slot, quiet, critical)) {
            slot.sync();
        }
        if (pending != 0) {
            slot.store(critical, target[critical]);
            slot.sync();
        }
        if (storeAll(slot, target, EntrySlot.WORDS)) {
            slot.sync();
        }
    }

    /**
     * The entry with every bit already as it shall be that hardware does not look at now, or that may change
     * at any time.
     */
    private static long[] quiet(EntrySlot slot, long[] target) {
        long[] now = new long[EntrySlot.WORDS];
        for (int i = 0; i < now.length; i++) {
            now[i] = slot.load(i);
        }
        long[] quiet = new long[EntrySlot.WORDS];
        for (int i = 0; i < quiet.length; i++) {
            long held = slot.used(i, now) & ~slot.updateSafe(i);
            quiet[i] = now[i] & held | target[i] & ~held;
        }
        return quiet;
    }

    /** One bit for each word that still differs where hardware will look. */
    private static int pending(EntrySlot slot, long[] quiet, long[] target) {
        int pending = 0;
        for (int i = 0; i < quiet.length; i++) {
            if ((quiet[i] & slot.used(i, target)) != target[i]) {
                pending |= 1 << i;
            }
        }
        return pending;
    }

    private static void rebuild(EntrySlot slot, long[] target) {
        slot.store(0, slot.load(0) & ~slot.valid());
        slot.sync();
        if (storeAll(slot, target, 0)) {
            slot.sync();
        }
        slot.store(0, target[0]);
        slot.sync();
    }

    /** Stores the words that differ, except one. Says whether there were any. */
    private static boolean storeAll(EntrySlot slot, long[] words, int except) {
        boolean any = false;
        for (int i = 0; i < words.length; i++) {
            if (i != except && slot.load(i) != words[i]) {
                slot.store(i, words[i]);
                any = true;
            }
        }
        return any;
    }
}
