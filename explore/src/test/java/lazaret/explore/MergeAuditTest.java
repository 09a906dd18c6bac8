// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * A state met again is left because what follows is known. Here what follows is looked at: the run that met
 * it first and the one that met it again, both continued in the same way, must end in the same state.
 */
class MergeAuditTest {
    private static final int AT_MOST = 400;

    @Test
    void what_follows_a_state_does_not_depend_on_how_it_was_reached() {
        int merges = 0;
        for (int seed = 1; seed <= 50; seed++) {
            merges += audit(seed);
        }
        assertThat(merges).isGreaterThan(1000);
    }

    private static int audit(int seed) {
        var named = new Toy.Named("", m -> new Generated(m, seed));
        var names = new Names();
        var audited = new Audited();
        Program program = named.wire().program();
        var search = new Search(program, audited, names, null, new Tally(), 1000);
        boolean more = true;
        while (more && audited.pairs.size() < AT_MOST) {
            more = search.next();
        }
        for (Pair pair : audited.pairs) {
            assertThat(end(program, names, pair.again())).as("seed %d", seed)
                    .isEqualTo(end(program, names, pair.first()));
        }
        return audited.pairs.size();
    }

    private static long[] end(Program program, Names names, int[] codes) {
        var tally = new Tally();
        var script = new Script(codes);
        new Search(program, script, names, null, tally, 1000).next();
        return tally.explored(true, 0).endStates();
    }

    private record Pair(int[] first, int[] again) { }

    /** The cache, with all its hits written down. */
    private static final class Audited implements Engine {
        private final Cache cache = new Cache(new States());
        private final Map<Long, int[]> seen = new TreeMap<>();
        private final List<Pair> pairs = new ArrayList<>();

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
            int[] codes = codes(path);
            if (codes != null) {
                int[] first = seen.putIfAbsent(node.key, codes);
                if (first != null) {
                    pairs.add(new Pair(first, codes));
                }
            }
            return cache.arrive(path, node);
        }

        /** Who stepped so far; null if there was a choice besides, and not the first alternative. */
        private static int[] codes(Path path) {
            int[] codes = new int[path.length() - 2];
            for (int i = 1; i <= codes.length; i++) {
                if (!path.get(i).plain()) {
                    return null;
                }
                codes[i - 1] = path.get(i).chosen;
            }
            return codes;
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

    /** These steps, and then whoever has the lowest code. */
    private record Script(int[] codes) implements Engine {
        @Override
        public boolean wantsFootprints() {
            return false;
        }

        @Override
        public boolean wantsKeys() {
            return false;
        }

        @Override
        public boolean wantsPersistent() {
            return true;
        }

        @Override
        public int arrive(Path path, Node node) {
            int at = path.length() - 2;
            return at < codes.length ? node.placeOf(codes[at]) : 0;
        }

        @Override
        public void stepped(Path path) {
            throw new IllegalStateException("nobody asked for footprints");
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
