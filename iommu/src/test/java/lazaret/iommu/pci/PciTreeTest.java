// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.pci;

import static org.assertj.core.api.Assertions.assertThat;

import lazaret.iommu.Bench;
import lazaret.kernel.Errno;
import lazaret.kernel.KernelEntry.UseAfterFree;
import org.junit.jupiter.api.Test;

class PciTreeTest {
    private final PciBench pci = new PciBench();
    private final Bench bench = pci.bench;
    private final PciDev dev = pci.dev;
    private final PciTree tree = new PciTree(bench.iommu);
    private final PciBridge bridge = new PciBridge(bench.kernel, new ToyFunction(bench.machine));

    private void atTheBridge() {
        tree.remove(dev);
        dev.below(bridge);
        assertThat(tree.rescan(dev)).isEqualTo(Errno.OK);
    }

    private long usedAfterFree() {
        return bench.log.stream().filter(UseAfterFree.class::isInstance).count();
    }

    @Test
    void what_was_removed_is_found_again_and_gets_the_driver_that_wants_it() {
        var driver = new ToyDriver(bench.machine, "toy");
        dev.wants(driver);

        tree.remove(dev);
        assertThat(dev.isThere()).isFalse();
        assertThat(dev.group()).isNull();
        tree.remove(dev);
        assertThat(tree.rescan(dev)).isEqualTo(Errno.OK);
        assertThat(driver.seen()).containsExactly("probe");
        assertThat(dev.group()).isNotNull();
        assertThat(bench.wrongs()).isEmpty();
    }

    @Test
    void what_does_not_answer_is_not_found() {
        tree.remove(dev);
        pci.function.absent(true);

        assertThat(tree.rescan(dev)).isEqualTo(Errno.ENODEV);
        assertThat(dev.isThere()).isFalse();
    }

    @Test
    void who_was_removed_cannot_be_reset() {
        tree.remove(dev);

        assertThat(pci.reset.function(dev)).isEqualTo(Errno.ENODEV);
        assertThat(bench.wrongs()).isEmpty();
    }

    @Test
    void a_port_knows_who_is_below_it_now() {
        atTheBridge();
        assertThat(bridge.present()).containsExactly(dev);

        tree.remove(dev);
        assertThat(bridge.present()).isEmpty();
        assertThat(bridge.first()).isNull();
    }

    @Test
    void a_reference_keeps_what_was_removed_until_it_is_given_back() {
        atTheBridge();
        try (Presence there = bridge.first()) {
            tree.remove(dev);
            there.touch();
            assertThat(usedAfterFree()).isZero();
        }
        assertThat(usedAfterFree()).isZero();
    }

    @Test
    void without_one_it_is_used_after_it_was_freed() {
        atTheBridge();
        Presence there = dev.presence();
        tree.remove(dev);

        there.touch();
        assertThat(usedAfterFree()).isEqualTo(1);
    }
}
