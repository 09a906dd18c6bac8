// SPDX-License-Identifier: Apache-2.0
package lazaret.kernel;

import java.util.function.LongPredicate;
import lazaret.kernel.KernelEntry.Arrived;
import lazaret.kernel.KernelEntry.Buffered;
import lazaret.kernel.KernelEntry.Stored;
import lazaret.kernel.KernelEntry.UseAfterFree;
import lazaret.machine.Access;
import lazaret.machine.Frame;
import lazaret.machine.Log;
import lazaret.machine.Memory;
import lazaret.machine.Ram;

/** Memory as a CPU sees it. Each access is a scheduling point; touching a page that was freed is reported. */
public final class CpuMemory implements Memory {
    private final Kernel kernel;
    private final Ram ram;
    private final Log log;

    CpuMemory(Kernel kernel) {
        this.kernel = kernel;
        ram = kernel.machine().ram();
        log = kernel.machine().log();
    }

    @Override
    public long load(long pa) {
        kernel.open();
        kernel.point(Access.LOAD, pa);
        watch(pa);
        long word = seen(pa);
        kernel.close(word);
        return word;
    }

    /**
     * A plain load, no {@code READ_ONCE}: of memory that only the caller's lock changes. It has no scheduling
     * point, because nobody could make a difference there.
     */
    public long plain(long pa) {
        watch(pa);
        return seen(pa);
    }

    private long seen(long pa) {
        StoreBuffer buffer = kernel.storeBuffer();
        return buffer == null ? ram.load(pa) : buffer.forward(pa, ram.load(pa));
    }

    @Override
    public void store(long pa, long word) {
        kernel.open();
        kernel.point(Access.STORE, pa);
        watch(pa);
        put(pa, word);
        kernel.close(0);
    }

    @Override
    public void store32(long pa, int half) {
        kernel.open();
        kernel.point(Access.STORE, pa & ~7L);
        watch(pa);
        kernel.orderStores();       // half a word is not buffered
        long before = ram.load(pa & ~7L);
        ram.store32(pa, half);
        tell(pa & ~7L, before, kernel.machine().strands().current().name());
        kernel.close(0);
    }

    @Override
    public boolean backs(long pa) {
        return ram.backs(pa);
    }

    /** The word at {@code pa} without a scheduling point: for conditions that are waited for. */
    public long peek(long pa) {
        return ram.load(pa);
    }

    /** Spins until the word at {@code pa} satisfies {@code done}, at most {@code timeoutUs}. Did it? */
    public boolean poll(long pa, LongPredicate done, long timeoutUs) {
        return kernel.poll(() -> done.test(ram.load(pa)), timeoutUs);
    }

    private void put(long pa, long word) {
        StoreBuffer buffer = kernel.storeBuffer();
        if (buffer == null) {
            arrive(pa, word, kernel.machine().strands().current().name());
        } else {
            buffer.add(new StoreBuffer.ToMemory(pa, word, kernel.machine().strands().current().name()));
            if (log.narrates()) {
                log.add(new Buffered(pa, word));
            }
        }
    }

    /** A store of the strand {@code by} leaves the store buffer. */
    void leave(long pa, long word, String by) {
        if (log.narrates()) {
            log.add(new Arrived(pa, word));
        }
        arrive(pa, word, by);
    }

    /** A store of the strand {@code by} reaches memory. */
    void arrive(long pa, long word, String by) {
        long before = ram.load(pa);
        ram.store(pa, word);
        tell(pa, before, by);
    }

    private void tell(long pa, long before, String by) {
        if (log.hears()) {
            log.add(new Stored(by, pa, before, ram.load(pa)));
        }
    }

    private void watch(long pa) {
        if (ram.frame(pa).poisoned() && log.hears()) {
            log.add(new UseAfterFree("page 0x" + Long.toHexString(pa & -Frame.SIZE), false));
        }
    }
}
