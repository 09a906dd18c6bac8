// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import lazaret.explore.Explorer.Method;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a reduction leaves out must make no difference. */
class EqualityTest {
    static Stream<Toy.Named> programs() {
        Stream<Toy.Named> made = Stream.iterate(1, i -> i + 1).limit(60)
                .map(i -> new Toy.Named("seed " + i, m -> new Generated(m, i)));
        return Stream.concat(made, Toy.ALL.stream().filter(named -> !named.toString().startsWith("ring")
                && !named.toString().contains("3 rounds")));
    }

    @ParameterizedTest
    @MethodSource("programs")
    void every_method_finds_the_same(Toy.Named program) {
        Explored all = explore(program, Method.NAIVE, false);
        Explored cache = explore(program, Method.CACHE, false);
        assertThat(cache.complete()).isTrue();
        if (all.complete()) {
            same(cache, all);
        }
        same(explore(program, Method.DPOR, false), cache);
        same(explore(program, Method.CACHE, true), cache);
        same(explore(program, Method.DPOR, true), cache);
        same(Explorer.of(() -> program.wire().program()).limit(1000).hastily().explore(), cache);
    }

    @Test
    void what_is_found_can_be_made_again_by_a_plain_run() {
        Toy.Named program = new Toy.Named("", m -> new Generated(m, 5));
        for (Method method : List.of(Method.NAIVE, Method.CACHE, Method.DPOR)) {
            Explored explored = explore(program, method, method != Method.NAIVE);
            assertThat(explored.found()).isNotEmpty();
            for (Found found : explored.found()) {
                Toy toy = program.wire();
                Toy.Outcome again = toy.run(new Replayer(found.choices()));
                assertThat(toy.broken()).contains(found.kind());
                assertThat(again.ending()).isEqualTo(found.ending().toString());
            }
        }
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

    private static Explored explore(Toy.Named program, Method method, boolean learns) {
        return Explorer.of(() -> program.wire().program()).by(method).learning(learns).limit(1000)
                .until((runs, states, found) -> method == Method.NAIVE && runs > 5_000).explore();
    }
}
