// SPDX-License-Identifier: Apache-2.0
package lazaret.lab;

import static org.assertj.core.api.Assertions.assertThat;

import lazaret.explore.Schedule;
import lazaret.iommu.arm.Master;
import lazaret.iommu.arm.SmmuDesign;
import lazaret.iommu.design.Designs;
import lazaret.iommu.design.MinimumX;
import lazaret.lab.oracle.Property;
import lazaret.lab.scenario.Scenarios;
import org.junit.jupiter.api.Test;

/** What comes after a run: somebody resets what is out of service. */
class OperatorTest {
    /** Its reset is never over. */
    private static final class TripsInReset extends MinimumX {
        @Override
        public void resetDone(Master master) {
            throw new IllegalStateException("BUG in resetDone");
        }
    }

    private static Judged run(SmmuDesign design) {
        return Stage.of(Scenarios.named("second-flush-skips-muted"), design)
                .run(Schedule.STRAIGHT.chance(1, 1), Plan.STEPS);
    }

    @Test
    void what_escapes_the_operators_reset_is_a_finding() {
        assertThat(run(new TripsInReset()).violations()).singleElement().satisfies(v -> {
            assertThat(v.property()).isEqualTo(Property.P13);
            assertThat(v.headline()).contains("its reset does not end", "BUG in resetDone");
        });
    }

    @Test
    void a_reset_that_works_is_none() {
        assertThat(run(Designs.standard()).violations()).isEmpty();
    }
}
