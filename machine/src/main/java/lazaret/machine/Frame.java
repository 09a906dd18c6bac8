// SPDX-License-Identifier: Apache-2.0
package lazaret.machine;

/**
 * One 4 KiB frame of physical memory: 512 words, who owns it, how often it changed hands, and whether
 * touching it is a bug.
 *
 * @req R124
 */
public final class Frame {
    /** Bytes in a frame. */
    public static final int SIZE = 4096;
    /** log2 of {@link #SIZE}. */
    public static final int SHIFT = 12;

    private static final int WORDS = SIZE / Long.BYTES;
    private static final long IDS = 1L << 62;

    final Words words;
    private final Word epoch;
    private final Ref<String> owner;
    private final Word poison;

    Frame(Undo undo, long number) {
        long id = idOf(number);
        words = new Words(undo, WORDS, id);
        epoch = new Word(undo, 0, id + WORDS + 1);
        owner = new Ref<>(undo, "", id + WORDS + 2);
        poison = new Word(undo, 0, id + WORDS + 3);
    }

    /** Names the cells of a frame by its number: frames come into being when they are first touched. */
    static long idOf(long number) {
        return IDS | number << 10;
    }

    /** How many times the frame was handed to a new owner; 0 before the first. */
    public long epoch() {
        return epoch.get();
    }

    /** Who holds it, a word for people; empty when free. */
    public String owner() {
        return owner.get();
    }

    /**
     * True between {@link #release} and the next {@link #assign}: software that touches it uses freed memory.
     */
    public boolean poisoned() {
        return poison.test();
    }

    public void assign(String newOwner) {
        owner.set(newOwner);
        poison.set(0);
        epoch.add(1);
    }

    public void release() {
        owner.set("");
        poison.set(1);
    }
}
