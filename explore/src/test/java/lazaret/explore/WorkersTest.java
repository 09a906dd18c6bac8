// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import lazaret.explore.Explorer.Method;
import lazaret.machine.Machine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** However many search at once, they find the same. */
class WorkersTest {
    static Stream<Toy.Named> programs() {
        Stream<Toy.Named> made = IntStream.rangeClosed(1, 40).boxed()
                .map(i -> new Toy.Named("seed " + i, m -> new Generated(m, i)));
        return Stream.concat(made, Toy.ALL.stream().filter(named -> !named.toString().startsWith("ring")));
    }

    @ParameterizedTest
    @MethodSource("programs")
    void several_workers_find_what_one_finds(Toy.Named program) {
        Explored one = explore(program, 1);
        Explored three = explore(program, 3);

        assertThat(three.complete()).isTrue();
        assertThat(three.endStates()).isEqualTo(one.endStates());
        assertThat(three.endings().keySet()).isEqualTo(one.endings().keySet());
        assertThat(kinds(three)).isEqualTo(kinds(one));
    }

    @Test
    void what_fails_in_one_of_them_comes_out() {
        assertThatThrownBy(() -> Explorer.of(() -> broken().program()).workers(2).explore())
                .hasMessageContaining("out of order");
    }

    private static Toy broken() {
        var toy = new Toy(new Machine()) {
            @Override
            void actors() {
                task("one", () -> machine.strands().point(lazaret.machine.Access.READ, 1));
                machine.strands().broken(new IllegalStateException("out of order"));
            }

            @Override
            String end() {
                return "";
            }
        };
        toy.machine.undo().mark();
        return toy;
    }

    private static List<String> kinds(Explored explored) {
        return explored.found().stream().map(Found::kind).toList();
    }

    private static Explored explore(Toy.Named program, int workers) {
        return Explorer.of(() -> program.wire().program()).by(Method.CACHE).workers(workers).limit(1000)
                .explore();
    }
}
