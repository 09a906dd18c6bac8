// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.oracle;

import java.util.List;
import lazaret.iommu.IommuEntry;
import lazaret.machine.Machine;

/** The flushes that have begun and not returned: at most one on each strand. */
final class Flushes {
    private static final int PAGES = 16;

    /** @param sids the streams that were attached to its domain when it began */
    record Open(IommuEntry.FlushBegin begin, List<Integer> sids) { }

    private final Machine machine;
    private final Attachments attachments;
    private final Book<String, Open> open;

    Flushes(Machine machine, Attachments attachments) {
        this.machine = machine;
        this.attachments = attachments;
        open = new Book<>(machine, PAGES);
    }

    /** Before any watch hears of it. */
    Ear<?> begins() {
        return Ear.of(IommuEntry.FlushBegin.class,
                begin -> open.put(strand(), new Open(begin, attachments.of(begin.domain()))));
    }

    /** After all watches have heard of it. */
    Ear<?> ends() {
        return Ear.of(IommuEntry.FlushEnd.class, _ -> open.remove(strand()));
    }

    /** Who is at it: the strand that made the entry at hand. */
    String strand() {
        return machine.strands().current().name();
    }

    /** The flush of the strand that made the entry at hand; null when it has none open. */
    Open own() {
        return of(strand());
    }

    /** The flush that {@code strand} has open; null for none. */
    Open of(String strand) {
        return open.get(strand, null);
    }

    boolean isOpen(String strand) {
        return open.has(strand);
    }

    /** By strand, all that are open. */
    List<Book.Line<String, Open>> all() {
        return open.lines();
    }

    /** For the end of a run: a flush that is still open, or null. */
    Book.Line<String, Open> held() {
        var all = all();
        return all.isEmpty() ? null : all.getFirst();
    }
}
