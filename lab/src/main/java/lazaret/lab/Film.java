// SPDX-License-Identifier: Apache-2.0
package lazaret.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import lazaret.explore.Exact;
import lazaret.explore.Onlooker;
import lazaret.machine.Access;
import lazaret.machine.Chance;
import lazaret.machine.Strand;

/**
 * A run picture by picture.
 *
 * @param pictures what lay where before the first step, after it, after the second …: panel and row joined by
 *                 a tab, and what stands there
 */
public record Film(List<Map<String, String>> pictures) {
    /** Takes a picture before each step. */
    private static final class Camera implements Chance, Onlooker {
        private final Exact inner;
        private final Supplier<Map<String, String>> look;
        private final List<Map<String, String>> pictures = new ArrayList<>();

        Camera(Exact inner, Supplier<Map<String, String>> look) {
            this.inner = inner;
            this.look = look;
        }

        @Override
        public int pick(int n, String why) {
            return inner.pick(n, why);
        }

        @Override
        public int who(Strand[] enabled, int n) {
            return inner.who(enabled, n);
        }

        @Override
        public void announces(Strand who, Access access, long resource) {
            inner.announces(who, access, resource);
        }

        @Override
        public void steps(Strand who) {
            pictures.add(look.get());
            inner.steps(who);
        }
    }

    /** The run of {@code example} once more. */
    public static Film of(Stage stage, Counterexample example) {
        Look look = stage.look(example.finding().moments());
        var camera = new Camera(new Exact(example.turns()), look::now);
        stage.seek(example.what(), camera, Plan.STEPS);
        camera.pictures.add(look.now());
        return new Film(List.copyOf(camera.pictures));
    }
}
