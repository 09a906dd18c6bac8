// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

import java.util.List;
import java.util.stream.IntStream;
import lazaret.kernel.Kernel;
import lazaret.kernel.Shared;
import lazaret.smmuv3.Queue;

/**
 * Which reserved slots hold a finished command. One bit a slot, whose meaning alternates: in laps with the
 * wrap bit clear a set bit says finished, in the others a clear one. So nobody has to clear the map between
 * laps.
 *
 * @kernel arm_smmu_cmdq_set_valid_map arm_smmu_cmdq_poll_valid_map
 */
final class ValidMap {
    private final Kernel kernel;
    private final Queue q;
    private final List<Shared> words;

    ValidMap(Kernel kernel, Queue q, String name) {
        this.kernel = kernel;
        this.q = q;
        words = IntStream.rangeClosed(0, (q.size() - 1) / Long.SIZE)
                .mapToObj(_ -> new Shared(kernel, name + " valid_map", 0)).toList();
    }

    /** The slots from {@code from} up to {@code to}, exclusive, are finished. */
    void set(int from, int to) {
        for (int at = from; at != to; at = next(at, to)) {
            Shared word = words.get(q.idx(at) / Long.SIZE);
            if (q.wrap(at) == 0) {
                word.or(mask(at, to));
            } else {
                word.andNot(mask(at, to));
            }
        }
    }

    /**
     * Waits until the slots from {@code from} up to {@code to}, exclusive, are finished. Their writers run
     * with interrupts off.
     */
    void await(int from, int to) {
        for (int at = from; at != to; at = next(at, to)) {
            Shared word = words.get(q.idx(at) / Long.SIZE);
            long mask = mask(at, to);
            long finished = q.wrap(at) == 0 ? mask : 0;
            kernel.await(() -> (word.peek() & mask) == finished);
        }
    }

    /** The first slot after {@code at} that another word or another lap speaks about, {@code to} at most. */
    private int next(int at, int to) {
        return q.add(at, run(at, to));
    }

    private int run(int at, int to) {
        int room = Math.min(Long.SIZE - q.idx(at) % Long.SIZE, q.size() - q.idx(at));
        return Math.min(room, q.used(to, at));
    }

    private long mask(int at, int to) {
        return -1L >>> Long.SIZE - run(at, to) << q.idx(at) % Long.SIZE;
    }
}
