// SPDX-License-Identifier: Apache-2.0
package lazaret.kernel;

import lazaret.kernel.KernelEntry.PageAllocated;
import lazaret.kernel.KernelEntry.PageFreed;
import lazaret.kernel.KernelEntry.PageHeld;
import lazaret.kernel.KernelEntry.UseAfterFree;
import lazaret.machine.Access;
import lazaret.machine.Frame;
import lazaret.machine.Log;
import lazaret.machine.Machine;
import lazaret.machine.Ram;
import lazaret.machine.Undo;
import lazaret.machine.Word;
import lazaret.machine.Words;

/**
 * The page allocator. The page freed last is handed out first, so a page is reused as soon as anybody
 * could; each new owner begins a new epoch of the frame, by which a late DMA write is recognised. Contents
 * stay until somebody clears them.
 */
public final class Pages {
    /** No page: the allocation failed. */
    public static final long NONE = -1;
    /** Physical address of the first page handed out. */
    public static final long BASE = 0x8000_0000L;
    private static final int COUNT = 8192;

    private final Kernel kernel;
    private final Ram ram;
    private final Log log;
    private final long id;
    /** Below each free page lies the one freed before it: its number + 1, 0 at the bottom. */
    private final Words below;
    private final Word top;
    private final Word fresh;
    /** Not 0: nobody gets this page any more, freed or not. */
    private final Words held;

    Pages(Kernel kernel) {
        this.kernel = kernel;
        Machine machine = kernel.machine();
        ram = machine.ram();
        log = machine.log();
        id = kernel.newId();
        Undo undo = machine.undo();
        below = new Words(undo, COUNT);
        top = new Word(undo);
        fresh = new Word(undo);
        held = new Words(undo, COUNT);
    }

    /**
     * A page, or {@link #NONE} where allocations fail.
     *
     * @param owner a word for people
     */
    public long alloc(Gfp gfp, String owner) {
        return kernel.alloc(gfp, owner) ? alloc(owner) : NONE;
    }

    /** As {@link #alloc(Gfp, String)}, and cleared. */
    public long allocZeroed(Gfp gfp, String owner) {
        long pa = alloc(gfp, owner);
        if (pa != NONE) {
            ram.clear(pa);
        }
        return pa;
    }

    /** A page; never fails. For whoever is not under test. */
    public long alloc(String owner) {
        kernel.point(Access.UPDATE, id);
        int number = (int) top.get() - 1;
        if (number >= 0) {
            top.set(below.get(number));
        } else {
            number = fresh(1);
        }
        return hand(number, owner);
    }

    /**
     * Pages in a row that start at a multiple of their rounded-up size, cleared; or {@link #NONE}.
     *
     * @param count how many; rounded up to a power of two
     */
    public long allocContiguous(Gfp gfp, int count, String owner) {
        if (!kernel.alloc(gfp, owner)) {
            return NONE;
        }
        kernel.point(Access.UPDATE, id);
        int rounded = Integer.highestOneBit(Math.max(1, count * 2 - 1));
        int first = fresh(rounded);
        for (int i = 0; i < rounded; i++) {
            ram.clear(hand(first + i, owner));
        }
        return pa(first);
    }

    /** Gives one page back. From now on touching it is a use after free, until it is handed out again. */
    public void free(long pa) {
        kernel.point(Access.UPDATE, id);
        kernel.forgets().run(() -> giveBack(pa));
    }

    /** Nobody gets this page any more, though its owner may free it. Any context, allocates nothing. */
    public void hold(long pa) {
        kernel.point(Access.UPDATE, id);
        held.set(number(pa), 1);
        if (log.hears()) {
            log.add(new PageHeld(pa, ram.frame(pa).owner()));
        }
    }

    private void giveBack(long pa) {
        int number = number(pa);
        if (held.get(number) != 0) {
            return;
        }
        Frame frame = ram.frame(pa);
        if (frame.owner().isEmpty()) {
            if (log.hears()) {
                log.add(new UseAfterFree("page 0x" + Long.toHexString(pa), true));
            }
            return;
        }
        if (log.hears()) {
            log.add(new PageFreed(pa, frame.owner()));
        }
        frame.release();
        below.set(number, top.get());
        top.set(number + 1);
    }

    private long hand(int number, String owner) {
        long pa = pa(number);
        Frame frame = ram.frame(pa);
        frame.assign(owner);
        if (log.hears()) {
            log.add(new PageAllocated(pa, owner, frame.epoch()));
        }
        return pa;
    }

    /** Pages never used before, aligned to their number, a power of two. */
    private int fresh(int count) {
        int first = (fresh.asInt() + count - 1) & -count;
        if (first + count > COUNT) {
            throw new IllegalStateException("out of pages: " + COUNT + " handed out and not freed");
        }
        fresh.set(first + count);
        return first;
    }

    private static long pa(int number) {
        return BASE + (long) number * Frame.SIZE;
    }

    private static int number(long pa) {
        long number = pa - BASE >> Frame.SHIFT;
        if ((pa & Frame.SIZE - 1) != 0 || number < 0 || number >= COUNT) {
            throw new IllegalArgumentException("not a page of this allocator: 0x" + Long.toHexString(pa));
        }
        return (int) number;
    }
}
