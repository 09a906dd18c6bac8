// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.pci;

import static org.assertj.core.api.Assertions.assertThat;

import lazaret.iommu.Bench;
import lazaret.kernel.Errno;
import lazaret.pcie.Config.AerCap;
import org.junit.jupiter.api.Test;

class AerTest {
    private static final int AER = 0x200;
    private static final int STATUS = AER + AerCap.ROOT_STATUS;
    private static final String BUS_IN_RESET = "3e=40";

    private final PciBench pci = new PciBench();
    private final Bench bench = pci.bench;
    private final ToyFunction port = new ToyFunction(bench.machine);
    private final PciBridge bridge = new PciBridge(bench.kernel, port);
    private final ToyDriver driver = new ToyDriver(bench.machine, "toy");
    private final Aer aer = new Aer(bridge, pci.reset, AER);

    AerTest() {
        PciTree tree = new PciTree(bench.iommu);
        tree.remove(pci.dev);
        pci.dev.below(bridge);
        pci.dev.wants(driver);
        assertThat(tree.rescan(pci.dev)).isEqualTo(Errno.OK);
    }

    private void received(long what) {
        port.put(STATUS, (int) (AerCap.UNCOR_RCV.mask() | what));
        port.put(AER + (AerCap.UNCOR_SOURCE & ~3), 0x100 << 16);
    }

    @Test
    void it_asks_to_be_told_and_has_nothing_to_do_before() {
        assertThat(port.peek16(AER + AerCap.ROOT_COMMAND)).isEqualTo(6);
        assertThat(aer.noted()).isFalse();
        aer.handle();
        assertThat(driver.seen()).containsExactly("probe");
    }

    @Test
    void a_fatal_error_resets_the_link_without_a_word_to_the_iommu() {
        bench.log.clear();
        received(AerCap.FATAL_RCV.mask());

        assertThat(aer.noted()).isTrue();
        assertThat(port.writes()).as("what was noted is cleared by a one").endsWith("230=44");
        aer.handle();
        assertThat(driver.seen()).endsWith("error_detected FROZEN", "slot_reset", "resume");
        assertThat(port.writes()).contains(BUS_IN_RESET);
        assertThat(port.peek16(AER + AerCap.ROOT_COMMAND)).isEqualTo(6);
        assertThat(bench.facts()).noneMatch(fact -> fact.contains("prepared"));
        assertThat(bench.wrongs()).isEmpty();
    }

    @Test
    void another_one_leaves_the_link_alone() {
        driver.needs(ErsResult.CAN_RECOVER);
        received(AerCap.NONFATAL_RCV.mask());

        aer.noted();
        aer.handle();
        assertThat(driver.seen()).endsWith("error_detected NORMAL", "mmio_enabled", "resume");
        assertThat(port.writes()).doesNotContain(BUS_IN_RESET);
    }

    @Test
    void what_does_not_come_back_is_lost_to_its_driver() {
        received(AerCap.FATAL_RCV.mask());
        aer.noted();
        pci.function.absent(true);
        aer.handle();

        assertThat(driver.seen()).endsWith("error_detected FROZEN", "error_detected PERM_FAILURE");
    }
}
