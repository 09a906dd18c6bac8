// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import lazaret.machine.Chance;
import org.junit.jupiter.api.Test;

class MinimiseTest {
    private static final long BUDGET = 200_000;

    /** Some random run that ends as {@code end} says. */
    private static Chance failing(Toy toy, String end) {
        for (long seed = 0; seed < 10_000; seed++) {
            if (toy.run(new RandomWalk(seed)).end().equals(end)) {
                return new RandomWalk(seed);
            }
        }
        throw new AssertionError("no run ends with " + end);
    }

    private static Minimise.Plainest plainest(Toy toy, String end) {
        return Minimise.of((chance, limit) -> toy.run(chance).end().equals(end), failing(toy, end), BUDGET);
    }

    @Test
    void a_lost_update_of_two_needs_one_departure() {
        Toy toy = new Toy.Named("", m -> new LostUpdate(m, 2)).wire();

        Minimise.Plainest plainest = plainest(toy, "counter=1");

        assertThat(plainest.departures()).hasSize(1);
        assertThat(plainest.to()).isLessThanOrEqualTo(plainest.from());
        assertThat(toy.run(new Course(plainest.departures())).end()).isEqualTo("counter=1");
        assertThat(toy.run(new Exact(plainest.turns())).end()).isEqualTo("counter=1");
    }

    @Test
    void the_result_is_never_worse_than_the_original_and_still_fails() {
        Toy toy = new Toy.Named("", m -> new TwoLocks(m, 3)).wire();
        String hit = toy.run(failing(toy, toy.run(new RandomWalk(1)).end())).end();

        Minimise.Plainest plainest = plainest(toy, hit);

        assertThat(plainest.to()).isLessThanOrEqualTo(plainest.from());
        assertThat(toy.run(new Exact(plainest.turns())).end()).isEqualTo(hit);
    }

    @Test
    void a_run_that_does_not_fail_is_not_explained() {
        Toy toy = new Toy.Named("", m -> new LostUpdate(m, 2)).wire();

        assertThatThrownBy(() -> Minimise.of((chance, limit) -> toy.run(chance).end().equals("no end"),
                new RandomWalk(1), BUDGET)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void the_budget_bounds_what_is_tried() {
        Toy toy = new Toy.Named("", m -> new TwoLocks(m, 3)).wire();
        String end = toy.run(new RandomWalk(1)).end();

        assertThat(Minimise.of((chance, limit) -> toy.run(chance).end().equals(end), new RandomWalk(1), 500)
                .runs()).isLessThan(30);
    }

    @Test
    void a_benign_pick_is_plainer_than_any_order() {
        assertThat(new Cost(0, 0, 9, 9, 99)).isLessThan(new Cost(1, 0, 0, 0, 1));
        assertThat(new Cost(0, 0, 1, 3, 99)).isLessThan(new Cost(0, 0, 2, 3, 1));
        assertThat(new Cost(0, 1, 1, 1, 1)).isGreaterThan(new Cost(0, 0, 2, 2, 1));
        assertThat(new Cost(0, 0, 1, 1, 1)).isLessThan(new Cost(0, 0, 1, 1, 2));
    }
}
