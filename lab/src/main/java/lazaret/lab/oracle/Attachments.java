// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.oracle;

import java.util.ArrayList;
import java.util.List;
import lazaret.iommu.IommuEntry;
import lazaret.machine.Machine;
import lazaret.pcie.Pasid;

/**
 * Which stream is attached to which domain, without PASID and under each PASID. While it is on its way from
 * one to another it is attached to neither: no promise of a domain's flushes is about it then. Where a
 * guest's stage 1 stands over a domain it is attached to both.
 */
final class Attachments implements Watch {
    private static final int PAGES = 64;

    /**
     * @param pasid  {@link Pasid#NONE}: without
     * @param direct does the device use the addresses of the domain? Not where a guest's stage 1 comes first
     */
    record Space(int pasid, String domain, boolean direct) { }

    private final Book<Integer, List<Space>> spaces;
    private final Book<String, List<Integer>> members;
    private final Book<String, Integer> peaks;
    /** By stream: the PASIDs that ever had a domain. */
    private final Book<Integer, List<Integer>> used;
    /** By a guest's domain, the one below. */
    private final Book<String, String> parents;
    /** By domain, the streams that ever came to it through a guest's stage 1. */
    private final Book<String, List<Integer>> guests;

    Attachments(Machine machine) {
        spaces = new Book<>(machine, PAGES);
        members = new Book<>(machine, PAGES);
        peaks = new Book<>(machine, PAGES);
        used = new Book<>(machine, PAGES);
        parents = new Book<>(machine, PAGES);
        guests = new Book<>(machine, PAGES);
    }

    @Override
    public List<Ear<?>> ears() {
        return List.of(Ear.of(IommuEntry.Attaching.class, a -> a.sids().forEach(s -> drop(s, Pasid.NONE))),
                Ear.of(IommuEntry.Attached.class,
                        a -> a.sids().forEach(sid -> attached(sid, a.domain()))),
                Ear.of(IommuEntry.Nested.class, n -> parents.put(n.domain(), n.parent())),
                Ear.of(IommuEntry.PasidAttaching.class, a -> a.sids().forEach(sid -> drop(sid, a.pasid()))),
                Ear.of(IommuEntry.PasidAttached.class, a -> a.sids().forEach(sid -> attached(sid, a))),
                Ear.of(IommuEntry.Released.class, r -> r.sids().forEach(this::released)));
    }

    /** The streams of a domain, in ascending order. */
    List<Integer> of(String domain) {
        return members.get(domain, List.of());
    }

    /** The domain of a stream without PASID, or null. */
    String home(int sid) {
        return home(sid, Pasid.NONE);
    }

    /** The domain of a stream under a PASID, or null. */
    String home(int sid, int pasid) {
        List<Space> all = of(sid);
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).pasid() == pasid) {
                return all.get(i).domain();
            }
        }
        return null;
    }

    /** Everything that a stream is attached to, in the order of its PASIDs, first without. */
    List<Space> of(int sid) {
        return spaces.get(sid, List.of());
    }

    /** The PASIDs of a stream that ever had a domain. */
    List<Integer> used(int sid) {
        return used.get(sid, List.of());
    }

    /** The most streams that were ever attached to {@code domain} at once. */
    int peak(String domain) {
        return peaks.get(domain, 0);
    }

    /** Did a device ever use {@code domain} by addresses of a guest's? */
    boolean everUnder(int sid, String domain) {
        return guests.get(domain, List.of()).contains(sid);
    }

    private void attached(int sid, String domain) {
        put(sid, new Space(Pasid.NONE, domain, true));
        String below = parents.get(domain, null);
        if (below == null) {
            return;
        }
        add(sid, new Space(Pasid.NONE, below, false));
        if (!everUnder(sid, below)) {
            Book.append(guests, below, sid);
        }
    }

    private void attached(int sid, IommuEntry.PasidAttached a) {
        if (a.domain().isEmpty()) {
            return;
        }
        put(sid, new Space(a.pasid(), a.domain(), true));
        if (!used(sid).contains(a.pasid())) {
            Book.append(used, sid, a.pasid());
        }
    }

    private void put(int sid, Space space) {
        drop(sid, space.pasid());
        add(sid, space);
    }

    private void add(int sid, Space space) {
        var all = new ArrayList<>(of(sid));
        all.add(space);
        all.sort((a, b) -> Integer.compare(a.pasid(), b.pasid()));
        spaces.put(sid, List.copyOf(all));
        join(sid, space.domain());
    }

    private void join(int sid, String domain) {
        if (of(domain).contains(sid)) {
            return;
        }
        var more = new ArrayList<>(of(domain));
        more.add(sid);
        more.sort(null);
        members.put(domain, List.copyOf(more));
        if (more.size() > peak(domain)) {
            peaks.put(domain, more.size());
        }
    }

    private void drop(int sid, int pasid) {
        List<Space> before = of(sid);
        Book.each(spaces, sid, space -> space.pasid() == pasid ? null : space);
        for (Space space : before) {
            if (space.pasid() == pasid) {
                leave(sid, space.domain());
            }
        }
    }

    private void leave(int sid, String domain) {
        if (of(sid).stream().noneMatch(space -> space.domain().equals(domain))) {
            var fewer = new ArrayList<>(of(domain));
            fewer.removeIf(s -> s == sid);
            members.put(domain, List.copyOf(fewer));
        }
    }

    private void released(int sid) {
        of(sid).forEach(space -> drop(sid, space.pasid()));
    }
}
