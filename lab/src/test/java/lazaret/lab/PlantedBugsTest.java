// SPDX-License-Identifier: Apache-2.0
package lazaret.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import lazaret.iommu.design.Designs;
import lazaret.iommu.design.planted.Planted;
import lazaret.iommu.design.planted.PlantedBugs;
import lazaret.lab.oracle.Property;
import lazaret.lab.scenario.Exhibit;
import lazaret.machine.Chance;
import lazaret.machine.Strand;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * An oracle is believed only after it has fired: each planted bug is found by the schedules of a plain hunt,
 * or, where those hardly ever meet it, by one switch at each place in turn.
 */
class PlantedBugsTest {
    static final Path FOUND = Path.of("src", "test", "resources", "planted-bugs.txt");
    private static final int RUNS = 2000;
    private static final long SEED = 1;
    /** More than any of the small scenarios has. */
    private static final int CHOICES = 900;

    /** What random schedules miss: it takes a whole flush between two steps of the end of a reset. */
    private static final List<String> NEEDS_EXPLORER = List.of("planted:liftsAtStore");

    private static final List<String> found = new ArrayList<>();

    /** Runs all but one strand until a choice, and from there all but another. */
    private static final class OneSwitch implements Chance {
        private final int at;
        private int choices;

        OneSwitch(int at) {
            this.at = at;
        }

        @Override
        public int pick(int n, String why) {
            return 0;
        }

        @Override
        public int who(Strand[] enabled, int n) {
            String held = choices++ < at ? "cpu0" : "cpu1";
            for (int i = 0; i < n; i++) {
                if (!enabled[i].name().startsWith(held)) {
                    return i;
                }
            }
            return 0;
        }
    }

    static Stream<Planted> sampled() {
        return PlantedBugs.all().stream().filter(b -> !NEEDS_EXPLORER.contains(b.name()));
    }

    static Stream<Planted> explored() {
        return PlantedBugs.all().stream().filter(b -> NEEDS_EXPLORER.contains(b.name()));
    }

    @ParameterizedTest
    @MethodSource("sampled")
    void each_planted_bug_breaks_what_it_says_within_two_thousand_runs(Planted bug) {
        Map<Property, Integer> after = new EnumMap<>(Property.class);
        for (String name : bug.breaks()) {
            Property property = Property.valueOf(name);
            after.put(property, Hunt.runsUntil(property, stage(bug), Plan.hunt(RUNS, SEED)));
            found.add(bug.name() + " " + name + " " + scenario(bug) + " " + after.get(property));
        }
        assertThat(after).as(bug.name()).allSatisfy((_, runs) -> assertThat(runs).isPositive());
    }

    @ParameterizedTest
    @MethodSource("explored")
    void what_samples_miss_is_found_by_one_switch_at_each_place_in_turn(Planted bug) {
        int runs = switchesUntil(bug, stage(bug));
        found.add(bug.name() + " " + bug.breaks().getFirst() + " " + scenario(bug) + " switch " + runs);

        assertThat(runs).as(bug.name()).isPositive();
    }

    @Test
    void the_default_design_survives_one_switch_at_each_place() {
        for (String bug : NEEDS_EXPLORER) {
            Stage stage = Stage.of(Exhibit.of(PlantedBugs.named(bug)).scenario(), Designs.standard());
            for (int at = 0; at < CHOICES; at++) {
                Judged judged = stage.run(new OneSwitch(at), Plan.STEPS);
                assertThat(judged.violations()).as("switch " + at).isEmpty();
            }
        }
    }

    @Test
    void every_property_has_two_planted_bugs() {
        for (Property property : Property.values()) {
            assertThat(PlantedBugs.all()).as(property.name())
                    .filteredOn(b -> b.breaks().contains(property.name())).hasSizeGreaterThanOrEqualTo(2);
        }
    }

    @AfterAll
    static void write() throws IOException {
        if (Boolean.getBoolean("tidy.rewrite")) {
            found.sort(Comparator.naturalOrder());
            Files.createDirectories(FOUND.getParent());
            Files.writeString(FOUND, String.join("\n", found) + "\n");
        }
    }

    private static Stage stage(Planted bug) {
        return Stage.of(Exhibit.of(bug).scenario(), bug);
    }

    private static String scenario(Planted bug) {
        return Exhibit.of(bug).scenario().name();
    }

    private static int switchesUntil(Planted bug, Stage stage) {
        Property property = Property.valueOf(bug.breaks().getFirst());
        for (int at = 0; at < CHOICES; at++) {
            Judged judged = stage.run(new OneSwitch(at), Plan.STEPS);
            if (judged.violations().stream().anyMatch(v -> v.property() == property)) {
                return at + 1;
            }
        }
        return 0;
    }
}
