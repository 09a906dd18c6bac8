// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import lazaret.machine.Chance;
import lazaret.machine.Machine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class CausesTest {
    static final Iterable<Toy.Named> TOYS = Toy.ALL;

    private static Causes causes(Toy toy, Chance chance) {
        toy.machine.undo().rollback();
        return Tracer.causes(toy.machine, chance, told ->
                new Run(toy.machine, told, Toy.LIMIT).execute(toy::actors));
    }

    /** Two strands that share nothing, and a third that reads what the first wrote. */
    private static Toy apart() {
        var toy = new Toy(new Machine()) {
            private final Cell a = cell();
            private final Cell b = cell();

            @Override
            void actors() {
                task("t1", () -> a.write(1));
                task("t2", () -> b.write(1));
                task("t3", a::read);
            }

            @Override
            String end() {
                return "";
            }
        };
        toy.machine.undo().mark();
        return toy;
    }

    private static int last(Causes causes, String strand) {
        List<String> names = causes.steps().stream().map(Causes.Step::strand).toList();
        return names.lastIndexOf(strand);
    }

    @Test
    void what_shares_nothing_is_in_no_order() {
        Causes causes = causes(apart(), new Course(List.of()));

        assertThat(causes.before(last(causes, "t1"), last(causes, "t2"))).isFalse();
        assertThat(causes.cone(last(causes, "t2")).cardinality()).isEqualTo(2);
    }

    @Test
    void who_reads_what_was_written_comes_after_it() {
        Causes causes = causes(apart(), new Course(List.of()));

        assertThat(causes.before(last(causes, "t1"), last(causes, "t3"))).isTrue();
        assertThat(causes.direct(last(causes, "t3"))).contains(last(causes, "t1"));
        assertThat(causes.cone(last(causes, "t3")).get(last(causes, "t2"))).isFalse();
        assertThat(causes.clock(last(causes, "t3"))).containsEntry("t1", 2).containsEntry("t3", 2);
    }

    @ParameterizedTest
    @FieldSource("TOYS")
    void the_same_events_in_another_order_come_to_the_same_end_and_the_same_trace(Toy.Named named) {
        Toy toy = named.wire();
        for (long seed = 0; seed < 20; seed++) {
            var book = new Logbook(new RandomWalk(seed));
            Toy.Outcome outcome = toy.run(book);
            Causes causes = causes(toy, new Exact(book.turns()));
            var all = new BitSet();
            all.set(0, causes.steps().size());

            List<String> order = Arrays.stream(causes.together(all))
                    .mapToObj(i -> causes.steps().get(i).strand()).toList();
            var other = new Logbook(new Follow(order, new Course(book.departures())));
            Toy.Outcome again = toy.run(other);

            assertThat(again.end()).isEqualTo(outcome.end());
            assertThat(other.cost().handovers()).isLessThanOrEqualTo(book.cost().handovers() + 1);
            assertThat(causes(toy, new Exact(other.turns())).trace(all)).isEqualTo(causes.trace(all));
        }
    }

    @Test
    void a_trace_changes_nothing_in_the_run() {
        for (Toy.Named named : Toy.ALL) {
            Toy toy = named.wire();
            Toy.Outcome plain = toy.run(new RandomWalk(5));
            causes(toy, new RandomWalk(5));

            assertThat(toy.end()).isEqualTo(plain.end());
            assertThat(toy.run(new RandomWalk(5))).isEqualTo(plain);
        }
    }
}
