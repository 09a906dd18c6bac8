// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.oracle;

import java.util.ArrayList;
import java.util.List;
import lazaret.iommu.IommuEntry;
import lazaret.machine.Machine;
import lazaret.machine.Ref;

/** Which stream is attached to which domain, and since when. */
final class Attachments implements Watch {
    /** @param seq when it was attached, in the oracle's count */
    record Attachment(int sid, String domain, long seq) { }

    private record Peak(String domain, int count) { }

    private final Flushes flushes;
    private final Ref<List<Peak>> peaks;
    private final Ref<List<Attachment>> current;

    Attachments(Machine machine, Flushes flushes) {
        this.flushes = flushes;
        current = new Ref<>(machine.undo(), List.of());
        peaks = new Ref<>(machine.undo(), List.of());
    }

    @Override
    public void on(IommuEntry entry) {
        if (entry instanceof IommuEntry.Attached a) {
            a.sids().forEach(sid -> put(sid, a.domain()));
        } else if (entry instanceof IommuEntry.Released r) {
            r.sids().forEach(this::drop);
        }
    }

    List<Attachment> all() {
        return current.get();
    }

    /** The most streams that were ever attached to {@code domain} at once. */
    int peak(String domain) {
        for (Peak p : peaks.get()) {
            if (p.domain().equals(domain)) {
                return p.count();
            }
        }
        return 0;
    }

    private void put(int sid, String domain) {
        drop(sid);
        var next = new ArrayList<>(current.get());
        next.add(new Attachment(sid, domain, flushes.seq()));
        current.set(List.copyOf(next));
        int count = (int) next.stream().filter(a -> a.domain().equals(domain)).count();
        if (count > peak(domain)) {
            var higher = new ArrayList<>(peaks.get());
            higher.removeIf(p -> p.domain().equals(domain));
            higher.add(new Peak(domain, count));
            peaks.set(List.copyOf(higher));
        }
    }

    private void drop(int sid) {
        var next = new ArrayList<>(current.get());
        next.removeIf(a -> a.sid() == sid);
        current.set(List.copyOf(next));
    }
}
