// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.oracle;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import lazaret.iommu.IommuEntry;
import lazaret.machine.Entry;
import lazaret.machine.Machine;
import lazaret.machine.Ref;
import lazaret.smmuv3.hw.SmmuEntry;

/**
 * P1. Every mapping is live from map until a flush that began after its unmap has returned; then it is a
 * tombstone. A DMA is explained by a live mapping of that IOVA to that address, or by the tables in memory;
 * anything else is a violation.
 */
final class Containment implements Watch {
    private static final int TOMBSTONES = 64;

    /** @param unmapped when its descriptors were cleared, in the oracle's count; 0 while mapped */
    private record Mapping(String domain, long iova, long pa, long size, long made, long unmapped,
            Entry flushed) {
        boolean live() {
            return flushed == null;
        }

        boolean explains(long dmaIova, long dmaPa) {
            return live() && dmaIova >= iova && dmaIova < iova + size && dmaPa - pa == dmaIova - iova;
        }

        boolean holds(long dmaPa) {
            return dmaPa >= pa && dmaPa < pa + size;
        }

        boolean same(String otherDomain, long otherIova) {
            return domain.equals(otherDomain) && iova == otherIova;
        }

        boolean within(IommuEntry.FlushEnd flush) {
            return domain.equals(flush.domain()) && iova >= flush.start() && iova + size - 1 <= flush.last();
        }
    }

    private final Hardware hardware;
    private final Flushes flushes;
    private final Consumer<Violation> report;
    private final Ref<List<Mapping>> mappings;

    Containment(Machine machine, Hardware hardware, Flushes flushes, Consumer<Violation> report) {
        this.hardware = hardware;
        this.flushes = flushes;
        this.report = report;
        mappings = new Ref<>(machine.undo(), List.of());
    }

    @Override
    public void on(IommuEntry entry) {
        if (entry instanceof IommuEntry.Mapped m) {
            mapped(m);
        } else if (entry instanceof IommuEntry.Unmapped u) {
            unmapped(u);
        } else if (entry instanceof IommuEntry.FlushEnd f) {
            flushed(f);
        }
    }

    @Override
    public void on(SmmuEntry entry) {
        if (entry instanceof SmmuEntry.DmaLanded d) {
            landed(d);
        }
    }

    private void mapped(IommuEntry.Mapped m) {
        var next = new ArrayList<Mapping>();
        int tombstones = 0;
        for (Mapping old : mappings.get().reversed()) {
            boolean keep = old.live() || !old.same(m.domain(), m.iova()) && tombstones++ < TOMBSTONES;
            if (keep) {
                next.addFirst(old);
            }
        }
        next.add(new Mapping(m.domain(), m.iova(), m.pa(), m.size(), flushes.seq(), 0, null));
        mappings.set(List.copyOf(next));
    }

    private void unmapped(IommuEntry.Unmapped u) {
        var next = new ArrayList<Mapping>();
        for (Mapping m : mappings.get()) {
            boolean hit = m.live() && m.unmapped() == 0 && m.same(u.domain(), u.iova());
            next.add(hit ? new Mapping(m.domain(), m.iova(), m.pa(), m.size(), m.made(), flushes.seq(), null)
                    : m);
        }
        mappings.set(List.copyOf(next));
    }

    private void flushed(IommuEntry.FlushEnd flush) {
        Flushes.Open began = flushes.ended();
        if (began == null) {
            return;
        }
        var next = new ArrayList<Mapping>();
        for (Mapping m : mappings.get()) {
            boolean dead = m.live() && m.unmapped() != 0 && m.unmapped() < began.seq() && m.within(flush);
            next.add(dead ? new Mapping(m.domain(), m.iova(), m.pa(), m.size(), m.made(), m.unmapped(),
                    flush) : m);
        }
        mappings.set(List.copyOf(next));
    }

    private void landed(SmmuEntry.DmaLanded dma) {
        Mapping tombstone = null;
        for (Mapping m : mappings.get()) {
            if (m.explains(dma.iova(), dma.pa())) {
                return;
            }
            if (!m.live() && m.holds(dma.pa()) && (tombstone == null || m.same(m.domain(),
                    dma.iova() & -m.size()))) {
                tombstone = m;
            }
        }
        if (hardware.walk(dma.sid(), dma.iova(), dma.write()) == dma.pa() || aliased(tombstone, dma.pa())) {
            return;
        }
        report.accept(new Violation(Property.P1, "frame 0x" + Long.toHexString(dma.pa() >>> 12),
                sentence(dma, tombstone),
                tombstone == null ? null : tombstone.flushed(), dma));
    }

    /**
     * Was the frame mapped at a second place of the same domain all the time? Then it was not mapped only
     * through the range.
     */
    private boolean aliased(Mapping tombstone, long pa) {
        for (Mapping m : mappings.get()) {
            if (tombstone != null && m.live() && m.holds(pa) && m.domain().equals(tombstone.domain())
                    && m.made() < tombstone.unmapped()) {
                return true;
            }
        }
        return false;
    }

    private static String sentence(SmmuEntry.DmaLanded dma, Mapping tombstone) {
        String access = "a " + (dma.write() ? "write" : "read") + " of sid 0x"
                + Integer.toHexString(dma.sid());
        return tombstone == null
                ? access + " reached a frame that no mapping ever named"
                : access + " reached it through IOVA 0x" + Long.toHexString(dma.iova())
                        + " after the flush that unmapped it had returned";
    }
}
