// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.oracle;

import java.util.ArrayList;
import java.util.List;
import lazaret.iommu.IommuEntry;
import lazaret.machine.Machine;
import lazaret.machine.Ref;
import lazaret.machine.Word;

/** The flushes that have begun and not returned, and the order of everything the oracle saw. */
final class Flushes implements Watch {
    /**
     * @param seq   when it began, in the oracle's own count
     * @param time  when it began, in microseconds
     * @param begin the entry
     */
    record Open(String strand, IommuEntry.FlushBegin begin, long seq, long time) { }

    private final Machine machine;
    private final Word seq;
    private final Word peak;
    private final Ref<List<Open>> open;
    private final Ref<Open> ended;

    Flushes(Machine machine) {
        this.machine = machine;
        seq = new Word(machine.undo());
        peak = new Word(machine.undo());
        open = new Ref<>(machine.undo(), List.of());
        ended = new Ref<>(machine.undo(), null);
    }

    /** Another entry, before any watch sees it: all of them count by this. */
    void count() {
        seq.add(1);
    }

    @Override
    public void on(IommuEntry entry) {
        if (entry instanceof IommuEntry.FlushBegin begin) {
            begin(begin);
        } else if (entry instanceof IommuEntry.FlushEnd end) {
            end(end);
        }
    }

    /** Number of the entry at hand. */
    long seq() {
        return seq.get();
    }

    List<Open> open() {
        return open.get();
    }

    /** The flush that the FlushEnd at hand ended; null when it never began. */
    Open ended() {
        return ended.get();
    }

    /** The most flushes that were ever open at once. */
    long peak() {
        return peak.get();
    }

    private void begin(IommuEntry.FlushBegin begin) {
        var next = new ArrayList<>(open.get());
        next.add(new Open(machine.strands().current().name(), begin, seq.get(), machine.clock().now()));
        open.set(List.copyOf(next));
        peak.set(Math.max(peak.get(), next.size()));
    }

    private void end(IommuEntry.FlushEnd end) {
        String strand = machine.strands().current().name();
        ended.set(null);
        var next = new ArrayList<Open>();
        for (Open o : open.get()) {
            if (ended.get() == null && o.strand().equals(strand) && o.begin().domain().equals(end.domain())
                    && o.begin().start() == end.start()) {
                ended.set(o);
            } else {
                next.add(o);
            }
        }
        open.set(List.copyOf(next));
    }
}
