// SPDX-License-Identifier: Apache-2.0
package lazaret.machine;

/**
 * One 4 KiB frame of physical memory: 512 words, who owns it, how often it changed hands, and whether
 * touching it is a bug.
 */
public final class Frame {
    /** Bytes in a frame. */
    public static final int SIZE = 4096;
    /** log2 of {@link #SIZE}. */
    public static final int SHIFT = 12;

    final Words words;
    private final Word epoch;
    private final Ref<String> owner;
    private final Word poison;

    Frame(Undo undo) {
        words = new Words(undo, SIZE / Long.BYTES);
        epoch = new Word(undo);
        owner = new Ref<>(undo, "");
        poison = new Word(undo);
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
