// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.oracle;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import lazaret.iommu.IommuEntry;
import lazaret.kernel.KernelEntry;
import lazaret.lab.oracle.Mapping.Life;
import lazaret.lab.oracle.Mapping.Place;
import lazaret.machine.Machine;
import lazaret.smmuv3.hw.SmmuEntry;

/**
 * P1. Every mapping is live from map until a flush that began after its unmap has returned; then it is a
 * tombstone. A DMA is explained by a live mapping of that IOVA to that address, or by the tables in memory,
 * and that of a guest's device by whatever maps the frame for its VM: which of its pages a guest means is the
 * guest's own business. Anything else is a violation.
 */
final class Containment implements Watch {
    private static final int PAGES = 64;

    private final Hardware hardware;
    private final Flushes flushes;
    private final Attachments attachments;
    private final Consumer<Violation> report;
    /** By frame number: all mappings of the frame, live or dead. */
    private final Book<Long, List<Mapping>> frames;
    /** By place: the frames that were mapped there, are no longer, and no flush has returned since. */
    private final Book<Place, List<Long>> loose;
    /** By strand: what dies when its flush returns. */
    private final Book<String, List<Mapping>> dying;
    /** Frames that nobody gets any more. */
    private final Book<Long, Boolean> held;

    Containment(Machine machine, Hardware hardware, Flushes flushes, Attachments attachments,
            Consumer<Violation> report) {
        this.hardware = hardware;
        this.flushes = flushes;
        this.attachments = attachments;
        this.report = report;
        frames = new Book<>(machine, PAGES);
        loose = new Book<>(machine, PAGES);
        dying = new Book<>(machine, PAGES);
        held = new Book<>(machine, PAGES);
    }

    /** Everything that is mapped anywhere. Reads all there is: not for the middle of a run. */
    List<Mapping> all() {
        var all = new ArrayList<Mapping>();
        for (var line : frames.lines()) {
            for (Mapping m : line.value()) {
                if (m.life() == Life.MAPPED) {
                    all.add(m);
                }
            }
        }
        return all;
    }

    /** Is the frame mapped, or unmapped and not flushed? */
    boolean inUse(long pa) {
        List<Mapping> here = frame(pa);
        for (int i = 0; i < here.size(); i++) {
            if (here.get(i).life() != Life.DEAD) {
                return true;
            }
        }
        return false;
    }

    @Override
    public List<Ear<?>> ears() {
        return List.of(Ear.of(IommuEntry.Mapped.class, this::mapped),
                Ear.of(IommuEntry.Unmapped.class, this::unmapped),
                Ear.of(IommuEntry.FlushBegin.class, this::began),
                Ear.of(IommuEntry.FlushEnd.class, this::returned),
                Ear.of(KernelEntry.PageHeld.class, h -> held.put(h.pa() / Mapping.SIZE, true)),
                Ear.of(SmmuEntry.DmaLanded.class, this::landed));
    }

    private void mapped(IommuEntry.Mapped m) {
        for (long done = 0; done < m.size(); done += Mapping.SIZE) {
            mapped(new Place(m.domain(), m.iova() + done), m.pa() + done);
        }
    }

    private void unmapped(IommuEntry.Unmapped u) {
        for (long done = 0; done < u.size(); done += Mapping.SIZE) {
            unmapped(new Place(u.domain(), u.iova() + done), u.pa() + done);
        }
    }

    private List<Mapping> frame(long pa) {
        return frames.get(pa / Mapping.SIZE, List.of());
    }

    private void mapped(Place place, long pa) {
        frames.put(pa / Mapping.SIZE, Mapping.renewed(frame(pa), new Mapping(place, pa)));
    }

    private void unmapped(Place place, long pa) {
        var next = new ArrayList<>(frame(pa));
        for (int i = 0; i < next.size(); i++) {
            if (next.get(i).is(place, Life.MAPPED)) {
                next.set(i, next.get(i).unmapped(next));
                frames.put(pa / Mapping.SIZE, List.copyOf(next));
                var more = new ArrayList<>(loose.get(place, List.of()));
                more.add(pa);
                more.sort(null);
                loose.put(place, List.copyOf(more));
                return;
            }
        }
    }

    private void began(IommuEntry.FlushBegin flush) {
        var found = new ArrayList<Mapping>();
        if (flush.last() - flush.start() < PAGES * Mapping.SIZE) {
            for (long iova = flush.start() & -Mapping.SIZE; iova <= flush.last(); iova += Mapping.SIZE) {
                collect(new Place(flush.domain(), iova), found);
            }
        } else {
            for (var line : loose.lines()) {
                if (line.key().within(flush)) {
                    collect(line.key(), found);
                }
            }
        }
        dying.put(flushes.strand(), List.copyOf(found));
    }

    private void collect(Place place, List<Mapping> found) {
        loose.get(place, List.of()).forEach(pa -> found.add(new Mapping(place, pa)));
    }

    private void returned(IommuEntry.FlushEnd flush) {
        for (Mapping m : dying.get(flushes.strand(), List.of())) {
            bury(m, flush);
        }
        dying.remove(flushes.strand());
    }

    /** Another flush may have buried it already. */
    private void bury(Mapping which, IommuEntry.FlushEnd flush) {
        var left = new ArrayList<>(loose.get(which.place(), List.of()));
        if (!left.remove((Long) which.pa())) {
            return;
        }
        loose.remove(which.place());
        if (!left.isEmpty()) {
            loose.put(which.place(), List.copyOf(left));
        }
        frames.put(which.pa() / Mapping.SIZE, Mapping.buried(frame(which.pa()), which.place(), flush));
    }

    private void landed(SmmuEntry.DmaLanded dma) {
        List<Mapping> here = frame(dma.pa());
        Mapping tombstone = null;
        for (int i = 0; i < here.size(); i++) {
            Mapping m = here.get(i);
            if (m.explains(dma.iova(), dma.pa()) || m.life() != Life.DEAD
                    && attachments.everUnder(dma.sid(), m.place().domain())) {
                return;
            }
            if (m.life() == Life.DEAD && (tombstone == null || m.holds(dma.iova()))) {
                tombstone = m;
            }
        }
        if (held.has(dma.pa() / Mapping.SIZE)) {
            return;
        }
        boolean elsewhere = tombstone != null && !tombstone.twins().isEmpty();
        if (elsewhere || !unmapped(tombstone, dma)
                && hardware.walk(dma.sid(), dma.iova(), dma.write()) == dma.pa()) {
            return;
        }
        report.accept(new Violation(Property.P1, "frame 0x" + Long.toHexString(dma.pa() >>> 12),
                sentence(dma, tombstone),
                tombstone == null ? null : tombstone.flushed(), dma));
    }

    /** Then a table that still maps it explains nothing: the store that clears it has not arrived. */
    private static boolean unmapped(Mapping tombstone, SmmuEntry.DmaLanded dma) {
        return tombstone != null && tombstone.holds(dma.iova());
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
