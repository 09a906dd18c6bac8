// SPDX-License-Identifier: Apache-2.0
package lazaret.machine;

import java.util.Arrays;

/**
 * The machine's memory: sparse 4 KiB frames of 64-bit words below a limit. A frame comes into being, zeroed,
 * when something is first stored there or somebody asks for it; reading elsewhere gives zeros and leaves no
 * trace, so that hardware which walks random words does not fill the heap. Looking up the frame used last
 * costs a compare.
 */
public final class Ram implements Memory {
    private static final long NONE = -1;

    private final Undo undo;
    private final long limit;
    private long[] numbers = new long[64];
    private Frame[] frames = new Frame[64];
    private int count;
    private long lastNumber = NONE;
    private Frame last;

    /** @param limit first byte address without memory, a multiple of 4096 */
    public Ram(Undo undo, long limit) {
        if ((limit & Frame.SIZE - 1) != 0 || limit <= 0) {
            throw new IllegalArgumentException("limit is not a positive multiple of 4096: " + limit);
        }
        this.undo = undo;
        this.limit = limit;
        Arrays.fill(numbers, NONE);
    }

    /** First byte address without memory. */
    public long limit() {
        return limit;
    }

    @Override
    public boolean backs(long pa) {
        return pa >= 0 && pa < limit;
    }

    @Override
    public long load(long pa) {
        int slot = slot(pa);
        Frame frame = undo.watching == 0 ? known(pa) : frame(pa);   // who watches needs a cell to look at
        if (frame == null) {
            if (undo.attentive) {
                undo.look(Frame.idOf(pa >>> Frame.SHIFT) + 1 + slot, 0);
            }
            return 0;
        }
        return frame.words.get(slot);
    }

    @Override
    public void store(long pa, long word) {
        int slot = slot(pa);
        Frame frame = word == 0 ? known(pa) : frame(pa);
        if (frame != null) {
            frame.words.set(slot, word);
        } else if (undo.attentive) {
            undo.silent(Frame.idOf(pa >>> Frame.SHIFT) + 1 + slot, 0);
        }
    }

    /** The frame that holds {@code pa}. */
    public Frame frame(long pa) {
        long number = number(pa);
        return number == lastNumber ? last : find(number);
    }

    /** How many frames came into being. */
    public int frames() {
        return count;
    }

    /** First addresses of the frames that came into being, in ascending order. */
    public long[] places() {
        long[] places = Arrays.stream(numbers).filter(number -> number != NONE).sorted().toArray();
        Arrays.setAll(places, i -> places[i] << Frame.SHIFT);
        return places;
    }

    /** Zeroes the frame that holds {@code pa}. */
    public void clear(long pa) {
        Frame frame = known(pa);
        if (frame != null) {
            frame.words.fill(0);
        }
    }

    private long number(long pa) {
        if (pa < 0 || pa >= limit) {
            throw new IndexOutOfBoundsException("no memory at 0x" + Long.toHexString(pa));
        }
        return pa >>> Frame.SHIFT;
    }

    /** The frame that holds {@code pa}, or null if it did not come into being yet. */
    private Frame known(long pa) {
        long number = number(pa);
        if (number == lastNumber) {
            return last;
        }
        int i = probe(number);
        if (numbers[i] == NONE) {
            return null;
        }
        lastNumber = number;
        last = frames[i];
        return last;
    }

    private static int slot(long pa) {
        if ((pa & 7) != 0) {
            throw new IllegalArgumentException("unaligned word at 0x" + Long.toHexString(pa));
        }
        return (int) (pa & Frame.SIZE - 1) >>> 3;
    }

    private Frame find(long number) {
        int i = probe(number);
        if (numbers[i] == NONE) {
            i = add(number, i);
        }
        lastNumber = number;
        last = frames[i];
        return last;
    }

    private int probe(long number) {
        int mask = numbers.length - 1;
        int i = (int) (number * 0x9E3779B97F4A7C15L >>> 40) & mask;
        while (numbers[i] != number && numbers[i] != NONE) {
            i = i + 1 & mask;
        }
        return i;
    }

    private int add(long number, int free) {
        if (count * 2 >= numbers.length) {
            grow();
            return add(number, probe(number));
        }
        numbers[free] = number;
        frames[free] = new Frame(undo, number);
        count++;
        return free;
    }

    private void grow() {
        long[] oldNumbers = numbers;
        Frame[] oldFrames = frames;
        numbers = new long[oldNumbers.length * 2];
        frames = new Frame[numbers.length];
        Arrays.fill(numbers, NONE);
        for (int i = 0; i < oldNumbers.length; i++) {
            if (oldNumbers[i] != NONE) {
                int at = probe(oldNumbers[i]);
                numbers[at] = oldNumbers[i];
                frames[at] = oldFrames[i];
            }
        }
    }
}
