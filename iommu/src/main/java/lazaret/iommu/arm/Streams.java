// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

import java.util.ArrayList;
import java.util.List;
import lazaret.kernel.Errno;
import lazaret.kernel.Guarded;
import lazaret.kernel.Held;
import lazaret.kernel.Kernel;
import lazaret.kernel.Lifetime;
import lazaret.kernel.Spinlock;

/** Which master has which stream id. @kernel arm_smmu_find_master */
final class Streams {
    private final Spinlock lock;
    /** Guarded by lock. */
    private final Guarded<List<Master>> masters;

    Streams(Kernel kernel, Lifetime life) {
        lock = new Spinlock(kernel, "streams_lock");
        masters = new Guarded<>(kernel, "streams", lock, life, List.of());
    }

    /**
     * EBUSY if another master has the stream: then nothing was inserted and nothing has to be taken out.
     *
     * @req R46
     */
    Errno insert(Master master) {
        try (Held _ = lock.irqsave()) {
            if (find(masters.get(), master.sid()) != null) {
                return Errno.EBUSY;
            }
            List<Master> more = new ArrayList<>(masters.get());
            more.add(master);
            masters.set(List.copyOf(more));
            return Errno.OK;
        }
    }

    void remove(Master master) {
        try (Held _ = lock.irqsave()) {
            List<Master> fewer = new ArrayList<>(masters.get());
            fewer.remove(master);
            masters.set(List.copyOf(fewer));
        }
    }

    List<Master> all() {
        try (Held _ = lock.irqsave()) {
            return masters.get();
        }
    }

    /** Null if nobody has the stream. Any context. */
    Master find(int sid) {
        try (Held _ = lock.irqsave()) {
            return find(masters.get(), sid);
        }
    }

    /** The name of the device with this stream id. Any context. */
    String client(int sid) {
        Master master = find(sid);
        return master == null ? "(unassigned sid)" : master.toString();
    }

    private static Master find(List<Master> all, int sid) {
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).sid() == sid) {
                return all.get(i);
            }
        }
        return null;
    }
}
