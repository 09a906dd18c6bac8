// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import lazaret.explore.Explorer.Method;
import lazaret.machine.Access;
import lazaret.machine.Chance;
import lazaret.machine.Machine;
import lazaret.machine.Strand;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** "Complete up to N preemptions" means all of them and none besides. */
class BoundedTest {
    private static final int MOST = 3;
    private static final int ENOUGH = 5_000;

    /** All runs one after the other, and how often each preempts. Knows nothing of any search. */
    private static final class Counting implements Chance, Onlooker {
        private final Odometer odometer = new Odometer();
        private Strand last;
        private int preemptions;

        @Override
        public int pick(int n, String why) {
            return odometer.pick(n, why);
        }

        @Override
        public int who(Strand[] enabled, int n) {
            int picked = odometer.pick(n, "who");
            boolean could = Arrays.asList(enabled).subList(0, n).contains(last);
            preemptions += could && enabled[picked] instanceof Task && enabled[picked] != last ? 1 : 0;
            return picked;
        }

        @Override
        public void announces(Strand who, Access access, long resource) {
            // it is enough to know who steps
        }

        @Override
        public void steps(Strand who) {
            last = who instanceof Task ? who : last;
        }

        boolean next() {
            last = null;
            preemptions = 0;
            return odometer.next();
        }
    }

    static Stream<Toy.Named> programs() {
        Stream<Toy.Named> made = Stream.iterate(1, i -> i + 1).limit(40)
                .map(i -> new Toy.Named("seed " + i, m -> new Generated(m, i)));
        return Stream.concat(made, Toy.ALL.stream().filter(named -> !named.toString().startsWith("ring")
                && !named.toString().contains("3 rounds")));
    }

    @ParameterizedTest
    @MethodSource("programs")
    void as_many_preemptions_as_allowed_come_to_what_unreduced_runs_with_no_more_come_to(Toy.Named program) {
        List<Set<String>> expected = counted(program);
        for (int most = 0; most < expected.size(); most++) {
            Explored some = within(program, most, false);
            assertThat(ends(some)).containsExactlyElementsOf(expected.get(most));
            assertThat(within(program, most, true).endStates()).isEqualTo(some.endStates());
        }
    }

    @Test
    void most_of_the_small_programs_are_counted_to_their_end() {
        assertThat(programs().filter(program -> !counted(program).isEmpty()).count()).isGreaterThan(20);
    }

    @Test
    void three_rounds_of_two_locks_hit_three_times_with_three_preemptions_and_not_with_two() {
        Toy.Named program = new Toy.Named("", m -> new TwoLocks(m, 3));

        assertThat(ends(within(program, 2, false))).noneMatch(end -> end.contains("hits=3"));
        assertThat(ends(within(program, 3, false))).anyMatch(end -> end.contains("hits=3"));
    }

    @Test
    void a_bound_that_nothing_comes_up_to_says_so() {
        assertThat(explore(new LostUpdate(new Machine(), 2), 0).beyond()).isTrue();
        assertThat(explore(new LostUpdate(new Machine(), 2), 100).beyond()).isFalse();
    }

    private static Explored explore(Toy toy, int most) {
        toy.machine.undo().mark();
        return Explorer.of(toy::program).by(Method.BOUND).preemptions(most).explore();
    }

    /** How runs with at most so many preemptions end, by that number; nothing if there are too many runs. */
    private static List<Set<String>> counted(Toy.Named program) {
        List<Set<String>> ends = new ArrayList<>();
        for (int most = 0; most <= MOST; most++) {
            ends.add(new TreeSet<>());
        }
        Toy toy = program.wire();
        var chance = new Counting();
        int runs = 0;
        do {
            String end = end(toy.run(chance).ending(), toy);
            for (int most = chance.preemptions; most <= MOST; most++) {
                ends.get(most).add(end);
            }
        } while (chance.next() && runs++ < ENOUGH);
        return runs < ENOUGH ? ends : List.of();
    }

    private static Explored within(Toy.Named program, int most, boolean learns) {
        Explored explored = Explorer.of(() -> telling(program.wire())).by(Method.BOUND).preemptions(most)
                .learning(learns).explore();
        assertThat(explored.complete()).isTrue();
        return explored;
    }

    /** Every end is a kind of finding. */
    private static Program telling(Toy toy) {
        Program program = toy.program();
        return new Program() {
            @Override
            public Machine machine() {
                return program.machine();
            }

            @Override
            public void start() {
                program.start();
            }

            @Override
            public List<String> judge(Ending ending) {
                return ending instanceof Ending.Stopped ? List.of() : List.of(end(ending.toString(), toy));
            }
        };
    }

    private static List<String> ends(Explored explored) {
        return explored.found().stream().map(Found::kind).toList();
    }

    private static String end(String ending, Toy toy) {
        return ending + ": " + toy.end() + " " + toy.broken();
    }
}
