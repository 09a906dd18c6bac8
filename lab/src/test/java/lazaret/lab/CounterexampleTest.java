// SPDX-License-Identifier: Apache-2.0
package lazaret.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import lazaret.explore.Anchor;
import lazaret.explore.Course;
import lazaret.explore.Departure;
import lazaret.explore.Exact;
import lazaret.iommu.design.Designs;
import lazaret.lab.oracle.Property;
import lazaret.lab.oracle.Violation;
import lazaret.lab.scenario.Scenarios;
import org.junit.jupiter.api.Test;

class CounterexampleTest {
    private static final Stage STAGE =
            Stage.of(Scenarios.named(Scenarios.FLAGSHIP), Designs.named("mainline"));
    private static final Sameness P1 = new Sameness(Property.P1, "frame");

    private static final Counterexample PLAIN = Counterexample.plainest(STAGE, found(1));

    private static Finding found(long seed) {
        Report report = Hunt.hunt(STAGE, Plan.hunt(20, seed), Hunt.Progress.SILENT);
        return report.finding();
    }

    @Test
    void the_plainest_run_shows_the_same_finding_with_less() {
        assertThat(PLAIN.what()).isEqualTo(P1);
        assertThat(PLAIN.cost()).isLessThan(PLAIN.original());
        assertThat(PLAIN.departures()).hasSizeLessThan(3);
        assertThat(PLAIN.finding().violation().property()).isEqualTo(Property.P1);
    }

    @Test
    void both_forms_of_it_lead_to_it_again() {
        for (var chance : List.of(new Exact(PLAIN.turns()), new Course(PLAIN.departures()))) {
            Counterexample again = Counterexample.of(STAGE, PLAIN.what(), chance, "a test")
                    .orElseThrow();
            assertThat(again.finding().digest()).isEqualTo(PLAIN.finding().digest());
            assertThat(again.trace()).isEqualTo(PLAIN.trace());
        }
    }

    @Test
    void runs_that_were_found_by_different_schedules_come_to_one_trace() {
        long traces = List.of(2L, 3L, 4L, 5L).stream()
                .map(seed -> Counterexample.plainest(STAGE, found(seed)).trace()).distinct().count();

        assertThat(traces).isEqualTo(1);
    }

    @Test
    void a_run_ends_at_its_finding_and_its_story_with_the_second_step() {
        assertThat(Teller.lines(PLAIN).getLast().mark()).isEqualTo(2);
        assertThat(PLAIN.cone().get(PLAIN.causes().steps().size() - 1)).isTrue();
        assertThat(PLAIN.causes().steps()).hasSize(PLAIN.cost().steps());
    }

    @Test
    void what_has_no_part_in_a_raw_run_is_folded() {
        var departures = new ArrayList<>(PLAIN.departures());
        Anchor late = PLAIN.departures().getFirst().at();
        Anchor before = new Anchor(late.strand(), late.kind(), late.nth() - 1);
        departures.add(new Departure.To(before, "gpu dma2"));

        Counterexample busy = Counterexample.of(STAGE, P1, new Course(departures), "a test")
                .orElseThrow();

        assertThat(Teller.lines(busy.finding())).anyMatch(l -> l.text().contains("02:00.0 writes 0x600d"));
        assertThat(Teller.lines(busy)).anyMatch(l -> l.folded() > 0)
                .noneMatch(l -> l.text().contains("02:00.0 writes 0x600d"));
        assertThat(busy.cone().cardinality()).isLessThan(busy.causes().steps().size());
    }

    @Test
    void what_tells_passing_runs_apart_is_that_the_flush_returned_before_the_write_landed() {
        Explained explained = Explained.of(STAGE, PLAIN);

        assertThat(explained.breaking()).isBetween(1, explained.neighbours().all().size() - 1);
        assertThat(explained.constraints()).hasSize(1);
        Constraint only = explained.constraints().getFirst();
        assertThat(explained.words(only.first())).startsWith("cpu0: flush of smmu3.0 domain");
        assertThat(explained.words(only.then())).contains("translated write 0x1000 lands at 0x8001");
        assertThat(Constraint.parse(only.line())).isEqualTo(only);
        assertThat(explained.neighbours().nearestPassing().shared()).isPositive();
    }

    @Test
    void a_run_is_found_again_by_its_constraints_alone() {
        Explained explained = Explained.of(STAGE, PLAIN);

        Counterexample again = Constraints.search(STAGE, P1, explained.constraints(), 200).orElseThrow();

        assertThat(again.what()).isEqualTo(P1);
    }

    /** How a project keeps a fixed bug fixed: no run that keeps to the order may break the property. */
    @Test
    void under_the_default_design_the_order_that_broke_mainline_is_harmless() {
        Explained explained = Explained.of(STAGE, PLAIN);
        Stage fixed = Stage.of(Scenarios.named(Scenarios.FLAGSHIP), Designs.standard());

        assertThat(Constraints.search(fixed, P1, explained.constraints(), 100)).isEmpty();
    }

    @Test
    void one_bug_on_another_frame_is_the_same_finding() {
        var one = new Violation(Property.P1, "frame 0x80013", "", null, null);
        var other = new Violation(Property.P1, "frame 0x80014", "", null, null);
        var third = new Violation(Property.P2, "frame 0x80014", "", null, null);

        assertThat(Sameness.of(one)).isEqualTo(Sameness.of(other));
        assertThat(Sameness.of(one).holds(third)).isFalse();
        assertThat(Sameness.parse(Sameness.of(one).text())).isEqualTo(Sameness.of(one));
        assertThatThrownBy(() -> Sameness.parse("P99 x")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Constraint.parse("a before b")).isInstanceOf(IllegalArgumentException.class);
    }
}
