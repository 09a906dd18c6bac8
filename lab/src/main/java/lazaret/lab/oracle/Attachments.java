// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.oracle;

import java.util.ArrayList;
import java.util.List;
import lazaret.iommu.IommuEntry;
import lazaret.machine.Machine;

/**
 * Which stream is attached to which domain. While it is on its way from one to another it is attached to
 * neither: no promise of a domain's flushes is about it then.
 */
final class Attachments implements Watch {
    private static final int PAGES = 64;

    private final Book<Integer, String> homes;
    private final Book<String, List<Integer>> members;
    private final Book<String, Integer> peaks;

    Attachments(Machine machine) {
        homes = new Book<>(machine, PAGES);
        members = new Book<>(machine, PAGES);
        peaks = new Book<>(machine, PAGES);
    }

    @Override
    public List<Ear<?>> ears() {
        return List.of(Ear.of(IommuEntry.Attaching.class, a -> a.sids().forEach(this::drop)),
                Ear.of(IommuEntry.Attached.class, a -> a.sids().forEach(sid -> put(sid, a.domain()))),
                Ear.of(IommuEntry.Released.class, r -> r.sids().forEach(this::drop)));
    }

    /** The streams of a domain, in ascending order. */
    List<Integer> of(String domain) {
        return members.get(domain, List.of());
    }

    /** The domain of a stream, or null. */
    String home(int sid) {
        return homes.get(sid, null);
    }

    /** The most streams that were ever attached to {@code domain} at once. */
    int peak(String domain) {
        return peaks.get(domain, 0);
    }

    private void put(int sid, String domain) {
        drop(sid);
        var more = new ArrayList<>(of(domain));
        more.add(sid);
        more.sort(null);
        homes.put(sid, domain);
        members.put(domain, List.copyOf(more));
        if (more.size() > peak(domain)) {
            peaks.put(domain, more.size());
        }
    }

    private void drop(int sid) {
        String domain = home(sid);
        if (domain != null) {
            var fewer = new ArrayList<>(of(domain));
            fewer.removeIf(s -> s == sid);
            members.put(domain, List.copyOf(fewer));
            homes.remove(sid);
        }
    }
}
