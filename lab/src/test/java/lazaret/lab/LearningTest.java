// SPDX-License-Identifier: Apache-2.0
package lazaret.lab;

import static org.assertj.core.api.Assertions.assertThat;

import lazaret.explore.Explored;
import lazaret.explore.Explorer;
import lazaret.iommu.design.Designs;
import lazaret.lab.scenario.Scenarios;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an exploration of the real model leaves out, because of what it has learnt, makes no difference. */
class LearningTest {
    @ParameterizedTest
    @ValueSource(strings = {"error-interrupt-pends-on-waiter", "error-handled-by-interrupt"})
    void every_state_and_those_that_are_needed_lead_to_the_same_ends(String scenario) {
        Explored all = explore(scenario, false);
        Explored some = explore(scenario, true);

        assertThat(some.complete()).isTrue();
        assertThat(some.states()).isLessThan(all.states());
        assertThat(some.endStates()).isEqualTo(all.endStates());
        assertThat(some.endings().keySet()).isEqualTo(all.endings().keySet());
        assertThat(some.found()).isEqualTo(all.found());
    }

    private static Explored explore(String scenario, boolean learns) {
        Stage stage = Stage.of(Scenarios.named(scenario), Designs.standard());
        return Explorer.of(() -> stage.program(null)).limit(Plan.STEPS).learning(learns).explore();
    }
}
