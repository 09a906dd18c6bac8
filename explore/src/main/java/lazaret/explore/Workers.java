// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Several searches at once, each with a program and a thread of its own. The only place of the explorer where
 * there are threads: inside a run there is one. Who has no work waits for some; who has much gives away what
 * it would do last.
 */
final class Workers {
    /** Does work, see {@link Path#write}, until there is none. */
    @FunctionalInterface
    interface Worker {
        void work(Workers all);
    }

    /** Looks at how far all have come, between two runs of anybody; one at a time. */
    @FunctionalInterface
    interface Overseer {
        /** Is it time to stop? */
        boolean ran();
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private final Overseer overseer;
    /** Guarded by lock, as all below. Work that nobody does. */
    private final Deque<byte[]> open;
    private int busy;
    private volatile boolean stopping;
    private volatile int idle;
    private Throwable failure;

    Workers(Deque<byte[]> open, Overseer overseer) {
        this.open = new ArrayDeque<>(open);
        this.overseer = overseer;
    }

    /**
     * Lets them work until there is nothing left to do or the overseer stops them.
     *
     * @return the work that is left
     */
    Deque<byte[]> run(List<Worker> workers) {
        busy = workers.size();
        if (workers.size() == 1) {
            workers.getFirst().work(this);
            return open;
        }
        List<Thread> threads = new ArrayList<>();
        for (Worker worker : workers) {
            Thread thread = new Thread(() -> guard(worker));
            thread.setDaemon(true);
            thread.start();
            threads.add(thread);
        }
        threads.forEach(Workers::join);
        return switch (failure) {
            case null -> open;
            case Error error -> throw error;
            case RuntimeException bug -> throw bug;
            default -> throw new IllegalStateException(failure);
        };
    }

    /** Something to do; null when all is done or everybody stops. */
    byte[] next() {
        lock.lock();
        try {
            busy--;
            idle++;
            while (!stopping && open.isEmpty() && busy > 0) {
                news.awaitUninterruptibly();
            }
            news.signalAll();
            if (stopping || open.isEmpty()) {
                return null;
            }
            busy++;
            idle--;
            return open.removeFirst();
        } finally {
            lock.unlock();
        }
    }

    /** A run was made. Does everybody stop? Then whoever has work gives it back. */
    boolean stops() {
        lock.lock();
        try {
            stopping |= overseer.ran();
            if (stopping) {
                news.signalAll();
            }
            return stopping;
        } finally {
            lock.unlock();
        }
    }

    /** Is somebody idle, so that work should be given away? */
    boolean wantsWork() {
        return idle > 0;
    }

    void give(byte[] some) {
        lock.lock();
        try {
            open.addFirst(some);
            news.signal();
        } finally {
            lock.unlock();
        }
    }

    private void guard(Worker worker) {
        try {
            worker.work(this);
        } catch (RuntimeException | Error bug) {
            fail(bug);
        }
    }

    private void fail(Throwable bug) {
        lock.lock();
        try {
            failure = failure == null ? bug : failure;
            stopping = true;
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private static void join(Thread thread) {
        boolean over = false;
        while (!over) {
            try {
                thread.join();
                over = true;
            } catch (InterruptedException later) {
                over = !thread.isAlive();
            }
        }
    }
}
