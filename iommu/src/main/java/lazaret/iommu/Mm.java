// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu;

import java.util.ArrayList;
import java.util.List;
import lazaret.kernel.Errno;
import lazaret.kernel.Gfp;
import lazaret.kernel.Held;
import lazaret.kernel.Kernel;
import lazaret.kernel.Lifetime;
import lazaret.kernel.Mutex;
import lazaret.kernel.Pages;
import lazaret.kernel.Shared;
import lazaret.kernel.SharedRef;
import lazaret.kernel.Spinlock;
import lazaret.machine.Log;

/**
 * The address space of a process. Its CPUs walk its page tables; so does whoever else was shown them, and
 * then caches what they said: such a one is told, from any context and knowing of no group and no reset.
 *
 * <p>The process ends with {@link #release}; what is left of the address space ends with its last reference.
 *
 * @kernel mm_struct
 * @req R130
 */
public final class Mm {
    /** Whoever caches what the tables say. @kernel mmu_notifier */
    public interface Notifier {
        /**
         * The range was taken out of the tables. When this returns the caller gives the pages back. Any
         * context.
         *
         * @param last inclusive
         */
        void invalidate(long start, long last);

        /**
         * The process ends: nobody walks the tables any more when this returns. Sleeps.
         *
         * @kernel mmu_notifier_ops.release
         */
        void release();
    }

    /** Page tables as the CPUs of this machine have them. */
    public interface Tables {
        long root();

        Errno map(long va, long pa);

        /** The address of the page that was there, or -1. */
        long unmap(long va);

        void free();
    }

    /** Where pages come by themselves when they are asked for. */
    private record Heap(long start, long last) { }

    private static final long PAGE = 4096;

    private final Iommu core;
    private final Kernel kernel;
    private final String name;
    private final Tables tables;
    private final Lifetime life;
    /** References; the process has one until it ends. @kernel mm_count */
    private final Shared count;
    private final Spinlock lock;
    /** Changed under lock, read under RCU. */
    private final SharedRef<List<Notifier>> notifiers;
    /** Held while a page is brought in, and while the process says that it ends. @kernel mmap_lock */
    private final Mutex mmapLock;
    private final SharedRef<Heap> heap;
    /** Of itself. Not 0: the process has ended. */
    private final Shared ended;
    /** Of itself. 0: it has none yet. Given back with the last reference. @kernel iommu_mm_data */
    private final Shared pasid;

    public Mm(Iommu core, String name, Tables tables) {
        this.core = core;
        kernel = core.kernel();
        this.name = name;
        this.tables = tables;
        life = new Lifetime(kernel, name);
        count = new Shared(kernel, name + " mm_count", 1);
        lock = new Spinlock(kernel, "mmu_notifier lock");
        notifiers = new SharedRef<>(kernel, "mmu_notifiers", List.of());
        mmapLock = new Mutex(kernel, "mmap_lock");
        heap = new SharedRef<>(kernel, name + " heap", new Heap(0, -1));
        ended = new Shared(kernel, name + " ended", 0);
        pasid = new Shared(kernel, name + " pasid", 0);
    }

    public String name() {
        return name;
    }

    /** Physical address of the first table. */
    public long root() {
        life.touch();
        return tables.root();
    }

    /** Whoever has one keeps tables and PASID from going. @kernel mmgrab */
    public void get() {
        life.touch();
        count.fetchAdd(1);
    }

    /** @kernel mmdrop */
    public void put() {
        life.touch();
        if (count.addReturn(-1) == 0) {
            core.sva().giveBack((int) pasid.readOnce());
            tables.free();
            life.free();
        }
    }

    /** 0 before it is bound for the first time. */
    public int pasid() {
        life.touch();
        return (int) pasid.readOnce();
    }

    void pasid(int next) {
        pasid.writeOnce(next);
    }

    // ---- pages

    public Errno map(long va, long pa) {
        life.touch();
        Errno err = tables.map(va, pa);
        if (err.ok()) {
            log(new IommuEntry.Mapped(name, va, pa, PAGE));
        }
        return err;
    }

    /**
     * Takes a page out and has everybody forget it. Its address, or -1 if there was none.
     *
     * @kernel mmu_notifier_invalidate_range
     */
    public long unmap(long va) {
        life.touch();
        long pa = tables.unmap(va);
        if (pa != -1) {
            log(new IommuEntry.Unmapped(name, va, pa, PAGE));
            invalidate(va, va + PAGE - 1);
        }
        return pa;
    }

    private void invalidate(long start, long last) {
        log(new IommuEntry.FlushBegin(name, start, last));
        kernel.smpMb();     // pairs with register: it sees the cleared entry, or is seen
        try (Held _ = kernel.rcu().readLock()) {
            List<Notifier> all = notifiers.rcuDereference();
            for (int i = 0; i < all.size(); i++) {
                all.get(i).invalidate(start, last);
            }
        }
        log(new IommuEntry.FlushEnd(name, start, last));
    }

    /** From now on pages of the range come when they are asked for. @param last inclusive */
    public void grows(long start, long last) {
        heap.writeOnce(new Heap(start, last));
    }

    /** Is there a page now? None comes once the process has ended. @kernel handle_mm_fault */
    public boolean fault(long va) {
        life.touch();
        try (Held _ = mmapLock.lock()) {
            Heap range = heap.readOnce();
            if (released() || va < range.start() || va > range.last()) {
                return false;
            }
            long pa = kernel.pages().allocZeroed(Gfp.KERNEL, name + " page");
            return pa != Pages.NONE && bring(va & -PAGE, pa);
        }
    }

    /** Somebody else may have brought it before. */
    private boolean bring(long va, long pa) {
        Errno err = map(va, pa);
        if (err.failed()) {
            kernel.pages().free(pa);
        }
        return err.ok() || err == Errno.EEXIST;
    }

    // ---- who is told

    /** From here on it is told. @kernel mmu_notifier_register */
    public void register(Notifier notifier) {
        life.touch();
        try (Held _ = lock.irqsave()) {
            List<Notifier> more = new ArrayList<>(notifiers.peek());
            more.add(notifier);
            notifiers.rcuAssign(List.copyOf(more));
        }
        kernel.smpMb();
    }

    /**
     * When this returns it is not told any more, and not being told. Sleeps.
     *
     * @kernel mmu_notifier_unregister
     */
    public void unregister(Notifier notifier) {
        life.touch();
        try (Held _ = lock.irqsave()) {
            List<Notifier> fewer = new ArrayList<>(notifiers.peek());
            fewer.remove(notifier);
            notifiers.rcuAssign(List.copyOf(fewer));
        }
        kernel.rcu().synchronize();
    }

    /**
     * The process ends, with devices that use its tables or without. Its pages are still mapped: they go
     * next, one by one, and its reference last.
     *
     * @kernel mmu_notifier_release
     */
    public void release() {
        life.touch();
        core.sva().release(this);
    }

    /** Nobody that is told can go meanwhile. */
    void tellReleased() {
        try (Held _ = mmapLock.lock()) {
            ended.writeOnce(1);
        }
        List<Notifier> all = notifiers.readOnce();
        for (int i = 0; i < all.size(); i++) {
            all.get(i).release();
        }
    }

    boolean released() {
        return ended.readOnce() != 0;
    }

    private void log(IommuEntry entry) {
        Log log = kernel.machine().log();
        if (log.hears()) {
            log.add(entry);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
