// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.oracle;

import java.util.ArrayList;
import java.util.List;
import lazaret.iommu.IommuEntry;
import lazaret.machine.Entry;
import lazaret.machine.Machine;
import lazaret.machine.Ref;

/** Which stream is attached to which domain, and since when. */
final class Attachments implements Watch {
    /** @param seq when it was attached, in the oracle's count */
    record Attachment(int sid, String domain, long seq) { }

    private final Flushes flushes;
    private final Ref<List<Attachment>> current;

    Attachments(Machine machine, Flushes flushes) {
        this.flushes = flushes;
        current = new Ref<>(machine.undo(), List.of());
    }

    @Override
    public void on(Entry entry) {
        switch (entry) {
            case IommuEntry.Attached a -> a.sids().forEach(sid -> put(sid, a.domain()));
            case IommuEntry.Released r -> r.sids().forEach(this::drop);
            default -> { }
        }
    }

    List<Attachment> all() {
        return current.get();
    }

    /** Number of streams attached to {@code domain}. */
    int count(String domain) {
        int n = 0;
        for (Attachment a : current.get()) {
            n += a.domain().equals(domain) ? 1 : 0;
        }
        return n;
    }

    private void put(int sid, String domain) {
        drop(sid);
        var next = new ArrayList<>(current.get());
        next.add(new Attachment(sid, domain, flushes.seq()));
        current.set(List.copyOf(next));
    }

    private void drop(int sid) {
        var next = new ArrayList<>(current.get());
        next.removeIf(a -> a.sid() == sid);
        current.set(List.copyOf(next));
    }
}
