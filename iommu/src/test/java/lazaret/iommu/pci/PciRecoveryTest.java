// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.pci;

import static lazaret.iommu.pci.ErsResult.CAN_RECOVER;
import static lazaret.iommu.pci.ErsResult.DISCONNECT;
import static lazaret.iommu.pci.ErsResult.NEED_RESET;
import static lazaret.iommu.pci.ErsResult.NONE;
import static lazaret.iommu.pci.ErsResult.NO_AER_DRIVER;
import static lazaret.iommu.pci.ErsResult.RECOVERED;
import static org.assertj.core.api.Assertions.assertThat;

import lazaret.iommu.Bench;
import lazaret.kernel.Errno;
import org.junit.jupiter.api.Test;

class PciRecoveryTest {
    private final PciBench pci = new PciBench();
    private final Bench bench = pci.bench;
    private final PciDev dev = pci.dev;
    private final PciBridge bridge = new PciBridge(bench.kernel, new ToyFunction(bench.machine));
    private final PciTree tree = new PciTree(bench.iommu);
    private final PciRecovery recovery = new PciRecovery(bridge);
    private final ToyDriver driver = new ToyDriver(bench.machine, "toy");

    private void bound() {
        tree.remove(dev);
        dev.below(bridge);
        dev.wants(driver);
        assertThat(tree.rescan(dev)).isEqualTo(Errno.OK);
    }

    @Test
    void the_worst_answer_counts_but_a_reset_is_tried_for_who_wants_it() {
        assertThat(NONE.and(CAN_RECOVER)).isEqualTo(CAN_RECOVER);
        assertThat(CAN_RECOVER.and(NONE)).isEqualTo(CAN_RECOVER);
        assertThat(CAN_RECOVER.and(NEED_RESET)).isEqualTo(NEED_RESET);
        assertThat(NEED_RESET.and(CAN_RECOVER)).isEqualTo(NEED_RESET);
        assertThat(DISCONNECT.and(CAN_RECOVER)).isEqualTo(DISCONNECT);
        assertThat(DISCONNECT.and(NEED_RESET)).isEqualTo(NEED_RESET);
        assertThat(RECOVERED.and(NO_AER_DRIVER)).isEqualTo(NO_AER_DRIVER);
        assertThat(NO_AER_DRIVER.and(NEED_RESET)).isEqualTo(NO_AER_DRIVER);
    }

    @Test
    void a_frozen_way_is_reset_between_the_two_questions() {
        bound();

        assertThat(recovery.recover(ChannelState.FROZEN, () -> {
            assertThat(driver.seen()).containsExactly("probe", "error_detected FROZEN");
            return RECOVERED;
        })).isEqualTo(RECOVERED);
        assertThat(driver.seen()).containsExactly("probe", "error_detected FROZEN", "slot_reset", "resume");
        assertThat(bench.wrongs()).isEmpty();
    }

    @Test
    void who_can_go_on_without_a_reset_is_asked_whether_it_works() {
        bound();
        driver.needs(CAN_RECOVER);

        assertThat(recovery.recover(ChannelState.NORMAL, () -> DISCONNECT)).isEqualTo(RECOVERED);
        assertThat(driver.seen()).endsWith("error_detected NORMAL", "mmio_enabled", "resume");
    }

    @Test
    void without_a_link_all_are_told_that_it_is_for_ever() {
        bound();

        assertThat(recovery.recover(ChannelState.FROZEN, () -> DISCONNECT)).isEqualTo(DISCONNECT);
        assertThat(driver.seen()).endsWith("error_detected FROZEN", "error_detected PERM_FAILURE");
    }

    @Test
    void a_function_without_a_driver_does_not_recover() {
        bound();
        dev.unbind();

        assertThat(recovery.recover(ChannelState.FROZEN, () -> RECOVERED)).isEqualTo(DISCONNECT);
    }
}
