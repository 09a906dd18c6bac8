// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import static org.assertj.core.api.Assertions.assertThat;

import lazaret.machine.Machine;
import lazaret.machine.Strand;
import org.junit.jupiter.api.Test;

class PctTest {
    private static final int SEEDS = 20_000;

    private record Stub(String name) implements Strand {
        @Override
        public boolean enabled() {
            return true;
        }

        @Override
        public void step() {
            throw new IllegalStateException("not run");
        }
    }

    /**
     * The first one to begin must be the last to end, and so on inwards: nested preemption, as deep as there
     * are threads.
     */
    private static final class Nest extends Toy {
        private final Cell order = cell();

        Nest(Machine machine) {
            super(machine);
        }

        @Override
        void actors() {
            for (int t = 1; t <= 3; t++) {
                int me = t;
                task("t" + t, () -> {
                    order.read();
                    order.poke(order.peek() * 10 + me);
                    order.read();
                    order.poke(order.peek() * 10 + me);
                });
            }
        }

        @Override
        String end() {
            return Long.toString(order.peek());
        }
    }

    @Test
    void a_bug_of_depth_two_is_found_at_least_as_often_as_guaranteed() {
        Toy toy = new Toy.Named("", m -> new LostUpdate(m, 2)).wire();
        int k = 6;      // two threads of three steps
        int found = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            found += toy.run(new Pct(seed, 2, k)).end().equals("counter=1") ? 1 : 0;
        }

        assertThat(found).isGreaterThan(SEEDS / (2 * k));
    }

    @Test
    void without_change_points_threads_run_one_after_the_other_and_no_such_bug_is_found() {
        Toy toy = new Toy.Named("", m -> new LostUpdate(m, 3)).wire();
        for (long seed = 0; seed < 1000; seed++) {
            Toy.Outcome outcome = toy.run(new Pct(seed, 1, 9));
            assertThat(outcome.end()).isEqualTo("counter=3");
            assertThat(outcome.switches()).isZero();
        }
    }

    @Test
    void a_bug_of_depth_three_is_found_at_least_as_often_as_guaranteed() {
        Toy toy = new Toy.Named("", m -> new TwoLocks(m, 2)).wire();
        int k = 38;
        int found = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            found += toy.run(new Pct(seed, 3, k)).end().endsWith("hits=2") ? 1 : 0;
        }

        assertThat(found).isGreaterThan(SEEDS / (2 * k * k));
    }

    @Test
    void of_two_dropped_threads_either_may_go_on_first() {
        Toy toy = new Toy.Named("", Nest::new).wire();
        int k = 9;
        int nested = 0;
        int inTurn = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            String order = toy.run(new Pct(seed, 3, k)).end();
            nested += order.equals("123321") ? 1 : 0;
            inTurn += order.equals("123312") ? 1 : 0;
        }

        // three priorities in order, two changes at the right places: 1/6 · 1/k² each; at least half of that
        assertThat(nested).isGreaterThan(SEEDS / (12 * k * k));
        assertThat(inTurn).isGreaterThan(SEEDS / (12 * k * k));
    }

    @Test
    void every_order_of_three_threads_is_about_equally_likely() {
        Toy toy = new Toy.Named("", Nest::new).wire();
        int[] first = new int[4];
        for (long seed = 0; seed < 3000; seed++) {
            first[toy.run(new Pct(seed, 1, 9)).end().charAt(0) - '0']++;
        }

        assertThat(first[1]).isBetween(900, 1100);
        assertThat(first[2]).isBetween(900, 1100);
        assertThat(first[3]).isBetween(900, 1100);
    }

    @Test
    void a_strand_keeps_its_priority_however_many_others_appear() {
        Pct pct = new Pct(1, 1, 10);
        Strand[] strands = new Strand[500];
        for (int i = 0; i < strands.length; i++) {
            strands[i] = new Stub("strand" + i);
        }
        Strand[] few = {strands[0], strands[1]};
        int before = pct.who(few, 2);
        int best = pct.who(strands, strands.length);
        for (int i = 0; i < 100; i++) {
            assertThat(pct.who(few, 2)).isEqualTo(before);
            assertThat(pct.who(strands, strands.length)).isEqualTo(best);
        }
    }

    @Test
    void strands_whose_names_collide_are_told_apart() {
        Strand a = new Stub("Aa");
        Strand b = new Stub("BB");
        assertThat(a.name().hashCode()).isEqualTo(b.name().hashCode());
        int[] won = new int[2];
        for (long seed = 0; seed < 1000; seed++) {
            won[new Pct(seed, 1, 10).who(new Strand[] {a, b}, 2)]++;
        }

        assertThat(won[0]).isBetween(400, 600);
    }
}
