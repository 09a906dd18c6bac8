// SPDX-License-Identifier: Apache-2.0
package lazaret.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import lazaret.explore.Ending;
import lazaret.explore.Explorer;
import lazaret.iommu.arm.SmmuDesign;
import lazaret.iommu.design.Designs;
import lazaret.lab.oracle.Property;
import lazaret.lab.oracle.Violation;
import lazaret.lab.scenario.Scenarios;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What docs/STUCK-QUEUE.md says of each answer to a command queue that stands still. */
class StuckQueueTest {
    private static SmmuDesign answering(String how) {
        return Designs.named("minimumX,escalate=" + how);
    }

    private static Exploration explored(String scenario, String how, Property property) {
        Explorer.Watch enough = (_, _, found) -> found > 0;
        return Exploration.of(() -> Stage.of(Scenarios.named(scenario), answering(how)),
                new Exploration.Order(Explorer.Method.CACHE, null, 1, null, property, Plan.USUAL,
                        enough, enough, enough, enough));
    }

    @ParameterizedTest
    @CsvSource({"hold, true", "holdGbpa, true", "holdDpc, true", "wait, true", "gbpa, false", "dpc, false",
        "none, false"})
    void pages_that_nobody_else_gets_are_what_contains(String how, boolean upheld) {
        Exploration all = explored("cmdq-frozen-two-devices", how, Property.P1);

        assertThat(all.findings().isEmpty()).isEqualTo(upheld);
        assertThat(all.explored().complete()).isEqualTo(upheld);
    }

    @Test
    void a_flush_that_waits_never_returns_unless_the_queue_goes_on() {
        assertThat(explored("cmdq-frozen-no-cerror", "wait", Property.P4).findings()).isNotEmpty();
        assertThat(Hunt.hunt(Stage.of(Scenarios.named("cmdq-goes-on-later"), answering("wait")),
                Plan.hunt(200, 1), Hunt.Progress.SILENT).outcome()).isEqualTo(Report.Outcome.UPHELD);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gbpa", "holdGbpa"})
    void switching_the_smmu_off_takes_ats_from_who_has_nothing_to_do_with_it(String how) {
        Report report = Hunt.hunt(Stage.of(Scenarios.named("cmdq-frozen-two-devices"), answering(how)),
                Plan.hunt(1, 1), Hunt.Progress.SILENT);

        assertThat(report.finding().judged().violations()).extracting(Violation::property)
                .contains(Property.P7);
    }

    @Test
    void containment_of_a_port_leaves_the_device_below_the_other_one_alone() {
        assertThat(explored("cmdq-frozen-two-devices", "holdDpc", Property.P7).outcome())
                .isEqualTo(Report.Outcome.UPHELD);
    }

    @Test
    void a_second_queue_is_not_modelled() {
        Judged judged = Stage.of(Scenarios.named("cmdq-frozen-no-cerror"), answering("secondQueue"))
                .run(Plan.hunt(1, 1).schedule(0).chance(1, 1), Plan.STEPS);

        assertThat(judged.ending()).isInstanceOf(Ending.Unknown.class);
    }

    @Test
    void without_a_port_that_can_be_contained_the_log_says_so_and_nothing_holds() {
        List<Violation> broken = explored("cmdq-frozen-no-cerror", "dpc", Property.P1).findings().stream()
                .map(Finding::violation).toList();

        assertThat(broken).extracting(Violation::property).containsOnly(Property.P1);
    }
}
