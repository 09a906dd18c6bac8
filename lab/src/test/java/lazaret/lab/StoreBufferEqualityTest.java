// SPDX-License-Identifier: Apache-2.0
package lazaret.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import lazaret.explore.Explored;
import lazaret.explore.Explorer;
import lazaret.explore.Explorer.Method;
import lazaret.explore.Found;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a reduction leaves out makes no difference where stores arrive late either. */
class StoreBufferEqualityTest {
    private static final int SEEDS = 25;
    private static final int ENOUGH = 5_000;

    static IntStream seeds() {
        return IntStream.rangeClosed(1, SEEDS);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void every_method_finds_the_same(int seed) {
        Explored cache = explore(seed, true, Method.CACHE, false, 1);
        Explored all = explore(seed, true, Method.NAIVE, false, 1);
        if (all.complete()) {
            same(cache, all);
        }
        same(explore(seed, true, Method.CACHE, true, 1), cache);
        same(explore(seed, true, Method.CACHE, true, 2), cache);
        same(explore(seed, true, Method.DPOR, false, 1), cache);
        same(explore(seed, true, Method.DPOR, true, 1), cache);
    }

    @Test
    void some_of_them_end_as_they_could_not_end_without_store_buffers() {
        int more = 0;
        for (int seed = 1; seed <= SEEDS; seed++) {
            int with = explore(seed, true, Method.CACHE, true, 1).endStates().length;
            int without = explore(seed, false, Method.CACHE, true, 1).endStates().length;
            assertThat(with).isGreaterThanOrEqualTo(without);
            more += with > without ? 1 : 0;
        }
        assertThat(more).isGreaterThanOrEqualTo(5);
    }

    private static void same(Explored some, Explored all) {
        assertThat(some.complete()).isTrue();
        assertThat(some.endStates()).isEqualTo(all.endStates());
        assertThat(kinds(some)).isEqualTo(kinds(all));
        assertThat(some.endings().keySet()).isEqualTo(all.endings().keySet());
    }

    private static List<String> kinds(Explored explored) {
        return explored.found().stream().map(Found::kind).toList();
    }

    private static Explored explore(int seed, boolean buffered, Method method, boolean learns, int workers) {
        return Explorer.of(() -> new Barriers(seed, buffered)).by(method).learning(learns).workers(workers)
                .until((runs, _, _) -> method == Method.NAIVE && runs > ENOUGH).explore();
    }
}
