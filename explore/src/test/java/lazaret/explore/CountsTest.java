// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import static org.assertj.core.api.Assertions.assertThat;

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
}
