// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A state met again is left because what follows is known. Here what follows is looked at, of each that is
 * met again: the run that met it first and the one that met it again, continued in the same ways, must come
 * to the same ends.
 */
class MergeAuditTest {
    private static final int WAYS = 3;

    static Stream<Toy.Named> programs() {
        Stream<Toy.Named> made = IntStream.rangeClosed(1, 35).boxed()
                .map(i -> new Toy.Named("seed " + i, m -> new Generated(m, i)));
        return Stream.concat(made, Toy.ALL.stream().filter(named -> !named.toString().startsWith("ring")));
    }

    @ParameterizedTest
    @MethodSource("programs")
    void what_follows_a_state_does_not_depend_on_how_it_was_reached(Toy.Named program) {
        assertThat(new Audit(program, false).differing()).isEmpty();
        assertThat(new Audit(program, true).differing()).isEmpty();
    }

    @Test
    void states_are_met_again_in_many_ways() {
        int merges = programs().limit(20).mapToInt(program -> new Audit(program, false).merges()).sum();

        assertThat(merges).isGreaterThan(500);
    }

    @Test
    void state_that_is_in_no_cell_is_noticed() {
        assertThat(new Audit(new Toy.Named("", m -> new LeakyDevices(m, true)), false).differing())
                .isNotEmpty();
        assertThat(new Audit(new Toy.Named("", m -> new LeakyDevices(m, false)), false).differing())
                .isEmpty();
    }

    /** Who stepped so far, and which choices were made inside those steps. */
    private record Way(int[] codes, int[] picks) { }

    /** Everything that merges when a program is explored, with learning or without. */
    private static final class Audit {
        private final Program program;
        private final Names names = new Names();
        private final Sharing sharing;
        private Audited audited;

        Audit(Toy.Named named, boolean learns) {
            program = named.wire().program();
            sharing = learns ? new Sharing() : null;
            do {
                pass();
            } while (learns && sharing.grew());
        }

        private void pass() {
            if (sharing != null) {
                sharing.widen();
            }
            audited = new Audited();
            var search = new Search(program, audited, names, sharing, new Tally(), 1000);
            boolean more = true;
            while (more) {
                more = search.next();
            }
        }

        int merges() {
            return audited.merged.values().stream().mapToInt(ways -> ways.size() - 1).sum();
        }

        /** Ways to a state from which something else follows than from the first way to it. */
        List<Way> differing() {
            return audited.merged.values().stream().filter(ways -> ways.size() > 1)
                    .flatMap(this::differing).toList();
        }

        private Stream<Way> differing(List<Way> ways) {
            List<String> ends = ends(ways.getFirst());
            return ways.stream().skip(1).filter(way -> !ends(way).equals(ends));
        }

        private List<String> ends(Way way) {
            return IntStream.range(0, WAYS).mapToObj(seed -> end(way, seed)).toList();
        }

        private String end(Way way, int seed) {
            var tally = new Tally();
            new Search(program, new Script(way, seed), names, sharing, tally, 1000).next();
            Explored one = tally.explored(true, 0);
            List<String> kinds = one.found().stream().map(Found::kind).toList();
            return Arrays.toString(one.endStates()) + one.endings() + kinds;
        }
    }

    /** The cache, with every way to every state written down. */
    private static final class Audited implements Engine {
        private final Cache cache = new Cache(new States());
        private final Map<Long, List<Way>> merged = new TreeMap<>();

        @Override
        public boolean wantsFootprints() {
            return true;
        }

        @Override
        public boolean wantsKeys() {
            return true;
        }

        @Override
        public boolean wantsPersistent() {
            return true;
        }

        @Override
        public int arrive(Path path, Node node) {
            merged.computeIfAbsent(node.key, _ -> new ArrayList<>()).add(way(path));
            return cache.arrive(path, node);
        }

        private static Way way(Path path) {
            List<Node> steps = IntStream.range(1, path.length() - 1).mapToObj(path::get).toList();
            return new Way(steps.stream().mapToInt(step -> step.chosen).toArray(),
                    IntStream.concat(IntStream.of(path.get(0).picked()),
                            steps.stream().flatMapToInt(step -> IntStream.of(step.picked()))).toArray());
        }

        @Override
        public void stepped(Path path) {
            cache.stepped(path);
        }

        @Override
        public int again(Path path, Node node) {
            return cache.again(path, node);
        }

        @Override
        public boolean prunesRetries() {
            return false;
        }
    }

    /** These steps and choices, and then as the seed says. */
    private static final class Script implements Engine {
        private final Way way;
        private final int seed;
        private int picks;

        Script(Way way, int seed) {
            this.way = way;
            this.seed = seed;
        }

        @Override
        public boolean wantsFootprints() {
            return false;
        }

        @Override
        public boolean wantsKeys() {
            return true;            // so that its enabled are in the order of the search it repeats
        }

        @Override
        public boolean wantsPersistent() {
            return true;
        }

        @Override
        public int first(int n) {
            return picks < way.picks.length ? way.picks[picks++] : seed % n;
        }

        @Override
        public int arrive(Path path, Node node) {
            int at = path.length() - 2;
            return at < way.codes.length ? node.placeOf(way.codes[at])
                    : (at - way.codes.length + 1) * seed % node.n;
        }

        @Override
        public void stepped(Path path) {
            // what it touched makes no difference
        }

        @Override
        public int again(Path path, Node node) {
            return -1;
        }

        @Override
        public boolean prunesRetries() {
            return false;
        }
    }
}
