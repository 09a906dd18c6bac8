// SPDX-License-Identifier: Apache-2.0
package lazaret.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import lazaret.iommu.arm.Insertion;
import lazaret.iommu.arm.SmmuDesign;
import lazaret.iommu.design.Designs;
import lazaret.iommu.design.MinimumX;
import lazaret.lab.oracle.Property;
import lazaret.lab.scenario.Scenarios;
import org.junit.jupiter.api.Test;

/** What the stack does wrong while the stage is wired is found as what it does wrong later. */
class BootTest {
    private static final class Falls extends MinimumX {
        @Override
        public void insert(Insertion insertion) {
            throw new IllegalStateException("NULL pointer");
        }
    }

    private static final class PublishesWhatItDidNotWrite extends MinimumX {
        @Override
        public void insert(Insertion insertion) {
            insertion.announce();
        }
    }

    private static final class NeverFinishes extends MinimumX {
        @Override
        public void insert(Insertion insertion) {
            insertion.write();
        }
    }

    private static Property found(SmmuDesign design) {
        Stage stage = Stage.of(Scenarios.named(Scenarios.FLAGSHIP), design);
        return Hunt.hunt(stage, Plan.hunt(2, 1), Hunt.Progress.SILENT).finding().violation().property();
    }

    @Test
    void an_exception_that_escapes_the_stack_is_an_oops_of_every_run() {
        assertThat(found(new Falls())).isEqualTo(Property.P8);
    }

    @Test
    void a_stack_that_waits_for_ever_is_stuck_in_every_run() {
        assertThat(found(new NeverFinishes())).isEqualTo(Property.P9);
    }

    @Test
    void a_queue_that_the_stack_has_filled_with_nothing_does_not_stop_lazaret() {
        assertThat(found(new PublishesWhatItDidNotWrite())).isNotNull();
    }

    @Test
    void what_the_scenario_does_wrong_comes_out_as_it_is() {
        Scenario wrong = new Scenario() {
            @Override
            public String line() {
                return "there is no device";
            }

            @Override
            public void stage(Lab lab) {
                lab.domain();
            }
        };

        assertThatThrownBy(() -> Stage.of(wrong, Designs.standard()))
                .hasMessage("a domain needs an endpoint first");
    }
}
