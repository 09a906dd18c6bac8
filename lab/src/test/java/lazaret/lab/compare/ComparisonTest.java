// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import lazaret.explore.Explorer;
import lazaret.iommu.design.Designs;
import lazaret.lab.Scenario;
import lazaret.lab.oracle.Property;
import lazaret.lab.scenario.Scenarios;
import org.junit.jupiter.api.Test;

class ComparisonTest {
    /** Explored to the end in a second, and a run of it takes one CPU only. */
    private static final String SMALL = "error-interrupt-pends-on-waiter";
    private static final String BATCH = "cerror-on-next-sync-mixed-batch";
    private static final Explorer.Watch SAMPLE_ONLY = (runs, states, _) -> states > 0 || runs >= 40;

    private static Row row(String design, String scenario, Explorer.Watch enough) {
        List<Scenario> pack = List.of(Scenarios.named(scenario));
        return Comparison.of(List.of(Designs.named(design)), pack, _ -> enough, Hands.ONE).rows().getFirst();
    }

    private static Verdict verdict(Row row, Property property) {
        return row.verdicts().get(property.ordinal());
    }

    @Test
    void what_was_explored_to_the_end_counts_as_such_for_all_but_what_only_samples_judge() {
        Row row = row("minimumX", SMALL, (_, _, _) -> false);

        assertThat(row.verdicts()).noneMatch(Verdict::broken);
        assertThat(verdict(row, Property.P1).complete()).isEqualTo(1);
        assertThat(verdict(row, Property.P13).complete()).isZero();
    }

    @Test
    void what_the_time_ended_is_not_complete() {
        Row row = row("minimumX", SMALL, (runs, _, _) -> runs >= 3);

        assertThat(verdict(row, Property.P1).complete()).isZero();
        assertThat(row.sampled()).isZero();
    }

    @Test
    void a_broken_property_has_the_scenario_and_its_plainest_run() {
        Row row = row("minimumX,isolate=wholeBatch", BATCH, SAMPLE_ONLY);

        Verdict precision = verdict(row, Property.P3);
        assertThat(precision.breaker().name()).isEqualTo(BATCH);
        assertThat(precision.preemptions()).isZero();
        assertThat(row.harmed()).isEqualTo(1);
    }

    @Test
    void costs_are_those_of_the_design() {
        Row retry = row("minimumX", BATCH, SAMPLE_ONLY);
        Row alone = row("minimumX,isolate=oneDevicePerBatch", BATCH, SAMPLE_ONLY);

        assertThat(retry.commands()).isEqualTo(5);
        assertThat(alone.commands()).isEqualTo(6);
        assertThat(retry.timeouts()).isEqualTo(2);
        assertThat(alone.timeouts()).isEqualTo(1);
        assertThat(retry.harmed()).isZero();
        assertThat(retry.lines()).isPositive();
    }

    @Test
    void an_smmu_that_is_switched_off_harms_who_did_nothing() {
        String frozen = "cmdq-frozen-two-devices";
        assertThat(row("minimumX,escalate=gbpa", frozen, SAMPLE_ONLY).harmed()).isEqualTo(2);
        assertThat(row("minimumX,escalate=hold", frozen, SAMPLE_ONLY).harmed()).isZero();
        assertThat(row("minimumX", "smmu-fails-during-flush", SAMPLE_ONLY).harmed()).isZero();
    }

    @Test
    void ways_back_differ() {
        assertThat(Recovery.of(Designs.named("minimumX")).text()).isEqualTo("FLR");
        assertThat(Recovery.of(Designs.named("minimumY")).text()).isEqualTo("FLR, rebind");
        assertThat(Recovery.of(Designs.named("xen")).text()).isEqualTo("not");
    }
}
