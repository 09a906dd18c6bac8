// SPDX-License-Identifier: Apache-2.0
package lazaret.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import lazaret.iommu.design.Designs;
import lazaret.lab.scenario.HealthyTwoDevicesLong;
import lazaret.lab.scenario.Scenarios;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every call that can fail does, once, in every scenario. */
class FailNthTest {
    private static final Plan PLAN = Plan.hunt(3, 1);

    static Stream<Scenario> scenarios() {
        return Scenarios.all().stream().filter(s -> !(s instanceof HealthyTwoDevicesLong));
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void a_call_that_fails_breaks_nothing_but_what_the_scenario_calls_out_of_reach(Scenario scenario) {
        for (Report report : FailNth.each(scenario, Designs.standard(), PLAN)) {
            assertThat(report.unknowns()).as(report.scenario()).isEmpty();
            assertThat(report.finding() == null || report.expected()).as(report.scenario() + ": "
                    + (report.finding() == null ? "" : report.finding().violation().headline())).isTrue();
        }
    }

    @Test
    void each_call_of_a_scenario_fails_once() {
        List<Report> reports = FailNth.each(Scenarios.named("siblings-attached-together"), Designs.standard(),
                PLAN);

        assertThat(reports).extracting(Report::scenario).startsWith("siblings-attached-together+fail-1",
                "siblings-attached-together+fail-2").hasSizeGreaterThan(4);
    }

    @Test
    void what_is_out_of_reach_when_a_call_fails_is_within_reach_when_none_does() {
        Scenario scenario = Scenarios.named("bus-reset-during-flush");

        assertThat(Stage.of(scenario, Designs.standard()).beyond()).isEmpty();
        assertThat(Stage.of(new FailNth(scenario, 1), Designs.standard()).beyond()).isNotEmpty();
    }
}
