// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.pci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import lazaret.iommu.Bench;
import lazaret.iommu.BlockReason;
import lazaret.iommu.Fwspec;
import lazaret.kernel.Errno;
import lazaret.machine.Unmodelled;
import lazaret.pcie.Bdf;
import lazaret.pcie.Config;
import lazaret.pcie.Config.SriovCap;
import org.junit.jupiter.api.Test;

class SriovTest {
    private static final int SRIOV = 0x200;
    private static final String SWITCHED_ON = "208=1";

    private final PciBench pci = new PciBench();
    private final Bench bench = pci.bench;
    private final PciDev physical = pci.dev;
    private final PciTree tree = new PciTree(bench.iommu);
    private final ToyFunction function = new ToyFunction(bench.machine);
    private final PciDev virtual = new PciDev(bench.iommu, Bdf.parse("01:00.1"), function,
            new Fwspec(bench.toy, List.of(0x101), "v"), physical);
    private final Sriov sriov;

    SriovTest() {
        pci.function.put(ToyFunction.PASID, SRIOV << 20 | 1 << 16 | Config.PasidCap.ID);
        pci.function.put(SRIOV, 1 << 16 | SriovCap.ID);
        function.put(0, -1);
        sriov = new Sriov(physical, tree);
        sriov.add(virtual);
    }

    @Test
    void switched_on_they_are_found_each_in_a_group_of_its_own() {
        assertThat(sriov.enable()).isEqualTo(Errno.OK);

        assertThat(pci.function.writes()).contains(SWITCHED_ON);
        assertThat(virtual.isThere()).isTrue();
        assertThat(virtual.group()).isNotSameAs(physical.group());
        assertThat(sriov.enable()).isEqualTo(Errno.EBUSY);
        assertThat(bench.wrongs()).isEmpty();
    }

    @Test
    void switched_off_they_are_removed_first() {
        sriov.enable();
        sriov.disable();
        sriov.disable();

        assertThat(virtual.isThere()).isFalse();
        assertThat(virtual.group()).isNull();
        assertThat(pci.function.peek16(SRIOV + SriovCap.CTRL)).isZero();
        assertThat(sriov.enable()).isEqualTo(Errno.OK);
        assertThat(bench.wrongs()).isEmpty();
    }

    @Test
    void who_does_not_come_is_not_found() {
        function.absent(true);

        assertThat(sriov.enable()).isEqualTo(Errno.ENODEV);
        assertThat(virtual.isThere()).isFalse();
    }

    @Test
    void they_go_with_the_physical_one_and_have_no_vendor() {
        assertThat(virtual.present()).isTrue();
        pci.function.absent(true);
        assertThat(virtual.present()).isFalse();
    }

    @Test
    void a_reset_of_the_physical_one_is_announced_for_that_alone_and_switches_them_on_again() {
        sriov.enable();
        bench.log.clear();

        assertThat(pci.reset.function(physical)).isEqualTo(Errno.OK);
        assertThat(bench.facts()).filteredOn(fact -> fact.contains("prepared"))
                .containsExactly("0000:01:00.0 prepared for reset");
        assertThat(pci.function.writes()).filteredOn(SWITCHED_ON::equals).hasSize(2);
        assertThat(bench.blocked(virtual)).isEqualTo(BlockReason.NONE);
    }

    @Test
    void the_removal_of_the_physical_one_before_them_is_not_modelled() {
        sriov.enable();

        assertThatThrownBy(() -> tree.remove(physical)).isInstanceOf(Unmodelled.class);
    }
}
