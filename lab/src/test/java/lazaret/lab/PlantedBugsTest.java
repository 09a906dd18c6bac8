// SPDX-License-Identifier: Apache-2.0
package lazaret.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import lazaret.iommu.design.planted.Planted;
import lazaret.iommu.design.planted.PlantedBugs;
import lazaret.lab.oracle.Property;
import lazaret.lab.scenario.Scenarios;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * An oracle is believed only after it has fired: each planted bug is found by the schedules of a plain hunt.
 */
class PlantedBugsTest {
    private static final int RUNS = 2000;
    private static final long SEED = 1;

    /** Where each bug can show. No scenario is tuned to a schedule. */
    private static final Map<String, String> SCENARIO = new TreeMap<>(Map.ofEntries(
            Map.entry("atcBeforeTlb", "asks-again-during-flush"),
            Map.entry("forgetsConfigSync", "flush-returns-ok-after-atc-timeout"),
            Map.entry("mutesBeforeFence", "three-batches-keep-hitting-dead-device"),
            Map.entry("acknowledgesFirst", "three-batches-keep-hitting-dead-device"),
            Map.entry("trustsLateAnswers", "late-completion-after-timeout"),
            Map.entry("believesFirstAnswer", "late-answer-among-several"),
            Map.entry("trustsExpiry", "software-limit-first"),
            Map.entry("closesLastChunkOnly", "long-batch-of-devices"),
            Map.entry("fencesWholeBatch", "cerror-on-next-sync-mixed-batch"),
            Map.entry("neverMutes", "three-batches-keep-hitting-dead-device"),
            Map.entry("mutesFlushesOnly", "rmmod-flr-insmod-restores"),
            Map.entry("attachReopens", "attach-races-with-fence"),
            Map.entry("noLastLook", "attach-races-with-fence"),
            Map.entry("freesArrayAtOnce", "rmmod-flr-insmod-restores"),
            Map.entry("allocatesInFlush", "flush-returns-ok-after-atc-timeout"),
            Map.entry("sleepsInFence", "flush-returns-ok-after-atc-timeout")));

    static Stream<Planted> bugs() {
        return PlantedBugs.all().stream();
    }

    @ParameterizedTest
    @MethodSource("bugs")
    void each_planted_bug_is_found_within_two_thousand_runs(Planted bug) {
        Property property = Property.valueOf(bug.breaks().getFirst());
        Stage stage = Stage.of(Scenarios.named(SCENARIO.get(bug.name())), bug);

        int runs = Hunt.runsUntil(property, stage, Plan.hunt(RUNS, SEED));

        System.out.println("planted " + bug.name() + ": " + property + " after " + runs + " runs of "
                + stage.scenario().name() + ", seed " + SEED);
        assertThat(runs).as(bug.name() + " breaks " + property).isPositive();
    }

    @Test
    void every_property_that_is_watched_has_a_planted_bug() {
        List<String> broken = PlantedBugs.all().stream().map(b -> b.breaks().getFirst()).distinct().toList();

        assertThat(broken).contains("P1", "P2", "P3", "P4", "P5", "P8", "P9");
    }
}
