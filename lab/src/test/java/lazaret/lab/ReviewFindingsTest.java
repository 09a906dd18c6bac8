// SPDX-License-Identifier: Apache-2.0
package lazaret.lab;

import static org.assertj.core.api.Assertions.assertThat;

import lazaret.iommu.arm.SmmuDesign;
import lazaret.iommu.design.Designs;
import lazaret.iommu.design.planted.MutesBeforeFence;
import lazaret.lab.oracle.Property;
import lazaret.lab.scenario.Scenarios;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What reviewers said of the designs, found by sampling schedules and by nothing else. */
class ReviewFindingsTest {
    private static final int RUNS = 300;

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "v1                             | flush-returns-ok-after-atc-timeout      | P1",
            "v1                             | flush-returns-ok-after-atc-timeout      | P2",
            "v1                             | cerror-on-next-sync-mixed-batch         | P3",
            "v4                             | attach-stores-over-fence                | P5",
            "v4                             | reported-then-unplugged                 | P8",
            "minimumY                       | attach-stores-over-fence                | P5",
            "minimumX,isolate=wholeBatch    | cerror-on-next-sync-mixed-batch         | P3",
            "minimumX,mute=none             | three-batches-keep-hitting-dead-device  | P4",
            "minimumX,mute=byUnref          | rmmod-flr-insmod-restores               | P4",
            "minimumX,done=resultBlind      | flr-fails-then-attach                   | P5",
            "minimumX,block=perGroup        | sibling-detached-during-reset           | P10",
            "xen                            | flush-returns-ok-after-atc-timeout      | P2",
            "xen                            | cerror-on-next-sync-mixed-batch         | P3"})
    void what_reviewers_said_is_found(String design, String scenario, Property property) {
        assertThat(runsUntil(Designs.named(design), scenario, property)).isPositive();
    }

    @ParameterizedTest
    @CsvSource({"P1", "P2"})
    void a_device_that_is_muted_before_it_is_fenced_writes_into_freed_memory(Property property) {
        assertThat(runsUntil(new MutesBeforeFence(), "second-flush-skips-muted", property)).isPositive();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "devIommu                            | reported-then-unplugged",
            "devIommu                            | attach-stores-over-fence",
            "devIommu                            | rmmod-flr-insmod-restores",
            "minimumX                            | reported-then-unplugged",
            "minimumX                            | sibling-detached-during-reset",
            "minimumX,isolate=oneDevicePerBatch  | cerror-on-next-sync-mixed-batch",
            "minimumX,isolate=oneDevicePerBatch  | flush-returns-ok-after-atc-timeout"})
    void what_answers_the_review_breaks_nothing_there(String design, String scenario) {
        Stage stage = Stage.of(Scenarios.named(scenario), Designs.named(design));

        Report report = Hunt.hunt(stage, Plan.hunt(RUNS, 1), Hunt.Progress.SILENT);

        assertThat(report.finding() == null ? "" : report.finding().violation().headline()).isEmpty();
        assertThat(report.unknowns()).isEmpty();
    }

    private static int runsUntil(SmmuDesign design, String scenario, Property property) {
        return Hunt.runsUntil(property, Stage.of(Scenarios.named(scenario), design), Plan.hunt(RUNS, 1));
    }
}
