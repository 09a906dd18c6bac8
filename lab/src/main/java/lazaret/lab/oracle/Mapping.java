// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.oracle;

import java.util.ArrayList;
import java.util.List;
import lazaret.iommu.IommuEntry;
import lazaret.machine.Entry;

/**
 * One page of a domain and the frame it leads to, as the oracle remembers it.
 *
 * @param twins   once unmapped: where else the same domain had the frame then, and still has it
 * @param flushed once dead: the flush that returned
 */
record Mapping(Place place, long pa, Life life, List<Long> twins, Entry flushed) {
    static final long SIZE = 4096;
    /** So many dead ones are remembered of one frame. */
    private static final int TOMBSTONES = 4;

    /** Loose: unmapped, but no flush that began since has returned. */
    enum Life { MAPPED, LOOSE, DEAD }

    /** A page of a domain. */
    record Place(String domain, long iova) implements Comparable<Place> {
        boolean within(IommuEntry.FlushBegin flush) {
            return domain.equals(flush.domain()) && iova >= flush.start() && iova <= flush.last();
        }

        @Override
        public int compareTo(Place other) {
            int first = domain.compareTo(other.domain);
            return first != 0 ? first : Long.compareUnsigned(iova, other.iova);
        }
    }

    Mapping(Place place, long pa) {
        this(place, pa, Life.MAPPED, List.of(), null);
    }

    boolean is(Place where, Life how) {
        return life == how && place.equals(where);
    }

    boolean holds(long iova) {
        return (iova & -SIZE) == place.iova();
    }

    boolean explains(long dmaIova, long dmaPa) {
        return life != Life.DEAD && holds(dmaIova) && dmaPa - pa == dmaIova - place.iova();
    }

    /** @param frame all mappings of its frame */
    Mapping unmapped(List<Mapping> frame) {
        var more = new ArrayList<Long>();
        for (Mapping m : frame) {
            if (m.life != Life.DEAD && m.place.domain().equals(place.domain()) && !m.place.equals(place)) {
                more.add(m.place.iova());
            }
        }
        return new Mapping(place, pa, Life.LOOSE, List.copyOf(more), null);
    }

    private Mapping withoutTwin(Place gone) {
        if (!place.domain().equals(gone.domain()) || !twins.contains(gone.iova())) {
            return this;
        }
        var fewer = new ArrayList<>(twins);
        fewer.remove((Long) gone.iova());
        return new Mapping(place, pa, life, List.copyOf(fewer), flushed);
    }

    /** The mappings of a frame once {@code fresh} is one of them; tombstones of its place are gone. */
    static List<Mapping> renewed(List<Mapping> frame, Mapping fresh) {
        var next = new ArrayList<Mapping>();
        int tombstones = 0;
        for (int i = frame.size() - 1; i >= 0; i--) {
            Mapping m = frame.get(i);
            if (m.life != Life.DEAD || !m.place.equals(fresh.place) && tombstones++ < TOMBSTONES) {
                next.addFirst(m);
            }
        }
        next.add(fresh);
        return List.copyOf(next);
    }

    /** The mappings of a frame once a flush has returned that began after the unmap at {@code place}. */
    static List<Mapping> buried(List<Mapping> frame, Place place, IommuEntry.FlushEnd flush) {
        var next = new ArrayList<Mapping>();
        boolean done = false;
        for (Mapping m : frame) {
            boolean dies = !done && m.is(place, Life.LOOSE);
            done |= dies;
            next.add(dies ? new Mapping(m.place, m.pa, Life.DEAD, m.twins, flush) : m.withoutTwin(place));
        }
        return List.copyOf(next);
    }
}
