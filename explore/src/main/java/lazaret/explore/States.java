// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * The states that several workers have met: who meets one first goes on from there, everybody else leaves it
 * to him. Split by key, so that they seldom wait for each other.
 */
final class States {
    private static final int PARTS = 64;

    /** A part and its lock. */
    private record Part(ReentrantLock lock, Visited visited) { }

    private final Part[] parts = Stream.generate(() -> new Part(new ReentrantLock(), new Visited()))
            .limit(PARTS).toArray(Part[]::new);

    /** See {@link Visited#meet}. */
    long meet(long key, long asleep) {
        Part part = parts[(int) (key >>> 58)];
        part.lock.lock();
        try {
            return part.visited.meet(key, asleep);
        } finally {
            part.lock.unlock();
        }
    }

    long size() {
        long size = 0;
        for (Part part : parts) {
            size += part.visited.size();
        }
        return size;
    }

    /** While nobody works. */
    void write(DataOutput to) throws IOException {
        to.writeLong(size());
        for (Part part : parts) {
            part.visited.write(to);
        }
    }

    void read(DataInput from) throws IOException {
        for (long left = from.readLong(); left > 0; left--) {
            meet(from.readLong(), from.readLong());
        }
    }
}
