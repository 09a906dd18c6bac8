// SPDX-License-Identifier: Apache-2.0
package lazaret.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import lazaret.iommu.Mm;
import lazaret.kernel.Errno;
import lazaret.machine.Frame;
import lazaret.machine.Ref;

/**
 * A process as scenarios use it: an address space of pages from the page allocator, which devices may be
 * bound to.
 */
public final class Process {
    private final Lab lab;
    private final Mm mm;
    /** The scenario's own book of what is mapped; no part of what is under test. */
    private final Ref<List<Long>> pages;
    private List<Long> heap = List.of();        // wiring

    Process(Lab lab, Mm mm) {
        this.lab = lab;
        this.mm = mm;
        pages = new Ref<>(lab.machine().undo(), List.of());
    }

    /** The PASID under which devices know it; it has one from the first time it is bound. */
    public int pasid() {
        return mm.pasid();
    }

    /** A fresh page at {@code va}, readable and writable. @return its physical address */
    public long map(long va) {
        long pa = lab.page(mm.name() + " page");
        var more = new ArrayList<>(pages.get());
        more.add(va);
        pages.set(List.copyOf(more));
        Errno err = lab.forgets().one(() -> mm.map(va, pa));
        lab.check(err.ok(), "map 0x" + Long.toHexString(va) + ": " + err);
        return pa;
    }

    /** Pages from {@code va} on, so many, come when they are asked for. */
    public Process grows(long va, int count) {
        mm.grows(va, va + count * Frame.SIZE - 1);
        heap = List.copyOf(LongStream.range(0, count).mapToObj(i -> va + i * Frame.SIZE).toList());
        return this;
    }

    /** Gives the page at {@code va} back, when everybody has forgotten it ({@code munmap}). */
    public void unmap(long va) {
        var fewer = new ArrayList<>(pages.get());
        fewer.remove((Long) va);
        pages.set(List.copyOf(fewer));
        long pa = lab.forgets().number(() -> mm.unmap(va));
        if (pa == -1) {
            throw lab.misuse("nothing is mapped at 0x" + Long.toHexString(va));
        }
        lab.free(pa);
    }

    /** It ends, whoever is bound to it; all its pages are given back. */
    public void exits() {
        lab.forgets().run(mm::release);
        pages.get().forEach(this::unmap);
        for (long va : heap) {
            long pa = lab.forgets().number(() -> mm.unmap(va));
            if (pa != -1) {
                lab.free(pa);
            }
        }
        lab.forgets().run(mm::put);
    }

    Mm mm() {
        return mm;
    }
}
