// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.Function;
import lazaret.explore.Explorer.Method;
import lazaret.machine.Machine;
import org.junit.jupiter.api.Test;

/** Numbers of runs that two independent tools for C programs count for the same programs. */
class CountsTest {
    private static Explored explore(Method method, Function<Machine, Toy> maker) {
        return Explorer.of(() -> new Toy.Named("", maker).wire().program()).by(method).learning(false)
                .explore();
    }

    /** Runs that came to their end. What was cut on the way is what a reduction costs. */
    private static long complete(Explored explored) {
        return explored.runs() - explored.cuts();
    }

    @Test
    void two_locks_three_rounds() {
        assertThat(complete(explore(Method.DPOR, m -> new TwoLocks(m, 3)))).isEqualTo(580);
    }

    @Test
    void two_locks_five_rounds() {
        assertThat(complete(explore(Method.DPOR, m -> new TwoLocks(m, 5)))).isEqualTo(116_304);
    }

    @Test
    void ring_with_three_producers() {
        assertThat(complete(explore(Method.DPOR, m -> new Ring(m, 3, 2, false)))).isEqualTo(76_338);
    }

    @Test
    void ring_whose_failed_claims_are_not_followed() {
        Explored explored = explore(Method.DPOR, m -> new RetryRing(m, 3, 2));

        assertThat(explored.runs()).isEqualTo(510);
        assertThat(complete(explored)).isEqualTo(90);
    }

    /** 325 when a strand's history kept what the search had read while that strand ran. */
    @Test
    void states_differ_by_what_strands_have_seen_and_not_by_what_the_search_has() {
        Explored explored = Explorer.of(() -> new Toy.Named("", m -> new Generated(m, 1)).wire().program())
                .explore();

        assertThat(explored.states()).isEqualTo(286);
    }

    @Test
    void an_attempt_that_changes_something_must_not_be_tried_again() {
        var machine = new Machine();
        Toy toy = new Toy(machine) {
            private final Cell cell = cell();

            @Override
            void actors() {
                task("one", () -> machine.strands().retryUntil(() -> {
                    cell.write(cell.read() + 1);
                    return cell.read() > 2;
                }));
            }

            @Override
            String end() {
                return "";
            }
        };
        machine.undo().mark();

        assertThatThrownBy(() -> Explorer.of(toy::program).explore())
                .hasMessageContaining("tries again after an attempt that changed something");
    }
}
