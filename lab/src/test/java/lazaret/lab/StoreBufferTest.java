// SPDX-License-Identifier: Apache-2.0
package lazaret.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import lazaret.explore.Explored;
import lazaret.explore.Explorer;
import lazaret.iommu.design.Designs;
import lazaret.iommu.design.planted.PlantedBugs;
import lazaret.lab.oracle.Property;
import lazaret.lab.scenario.Scenarios;
import org.junit.jupiter.api.Test;

/** A barrier that is missing is found with store buffers, and not without. */
class StoreBufferTest {
    /** One unmap of one device, without store buffers. */
    private record Plain() implements Scenario {
        @Override
        public String line() {
            return "one unmap";
        }

        @Override
        public void stage(Lab lab) {
            lab.errorInterruptMissing();
            Fn nic = lab.endpoint("nic", "01:00.0");
            Space space = lab.domain(nic);
            space.map(0x1000);
            nic.warm(0x1000);
            lab.cpu("cpu0", () -> space.unmap(0x1000));
        }
    }

    private static Explored explored(Scenario scenario, String planted) {
        return Explorer.of(() -> Stage.of(scenario, planted == null ? Designs.standard()
                : PlantedBugs.named(planted)).program(null)).until((_, _, found) -> found > 0).explore();
    }

    @Test
    void commands_that_are_on_their_way_when_their_slots_are_called_finished_are_executed_too_early() {
        Explored found = explored(new Buffered(new Plain()), "planted:omitsCommandBarrier");

        assertThat(found.found()).extracting(f -> f.kind().split(" ")[0]).contains("P12");
    }

    @Test
    void nothing_shows_without_store_buffers() {
        Explored all = explored(new Plain(), "planted:omitsCommandBarrier");

        assertThat(all.complete()).isTrue();
        assertThat(all.found()).isEqualTo(List.of());
    }

    @Test
    void with_its_barriers_the_driver_is_right_on_cpus_with_store_buffers() {
        Explored all = explored(new Buffered(new Plain()), null);

        assertThat(all.complete()).isTrue();
        assertThat(all.found()).isEqualTo(List.of());
    }

    @Test
    void a_flush_that_looks_for_newcomers_before_its_store_is_seen_misses_one() {
        Stage stage = Stage.of(Scenarios.named("unmap-races-with-attach"),
                PlantedBugs.named("planted:omitsFlushBarrier"));

        assertThat(Hunt.runsUntil(Property.P1, stage, Plan.hunt(300, 1))).isPositive();
    }
}
