// SPDX-License-Identifier: Apache-2.0
package lazaret.cli;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import lazaret.lab.compare.Hands;

/** Several threads, each doing one piece of work at a time. */
final class Crew implements Hands, AutoCloseable {
    private final ExecutorService threads;

    Crew(int size) {
        threads = Executors.newFixedThreadPool(size);
    }

    @Override
    public <T> List<T> all(List<Supplier<T>> pieces) {
        List<Future<T>> begun = pieces.stream().map(piece -> threads.submit(piece::get)).toList();
        return begun.stream().map(Crew::result).toList();
    }

    private static <T> T result(Future<T> piece) {
        try {
            return piece.get();
        } catch (ExecutionException failed) {
            switch (failed.getCause()) {
                case Error error -> throw error;
                case RuntimeException bug -> throw bug;
                default -> throw new IllegalStateException(failed.getCause());
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
