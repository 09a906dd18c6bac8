// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.pci;

import static org.assertj.core.api.Assertions.assertThat;

import lazaret.iommu.Bench;
import lazaret.iommu.BlockReason;
import lazaret.kernel.Errno;
import lazaret.pcie.Bdf;
import lazaret.pcie.Config;
import lazaret.pcie.Config.AfCap;
import lazaret.pcie.Config.CxlPortCap;
import lazaret.pcie.Config.DvsecCap;
import lazaret.pcie.Config.ExpressCap;
import lazaret.pcie.Config.PmCap;
import org.junit.jupiter.api.Test;

class ResetMethodsTest {
    private static final String DEV = "0000:01:00.0 ";
    private static final int CXL = 0x200;

    private final PciBench pci = new PciBench();
    private final Bench bench = pci.bench;
    private final ToyFunction function = pci.function;
    private final PciDev dev = pci.dev;
    private final ToyFunction port = new ToyFunction(bench.machine);
    private final PciBridge bridge = new PciBridge(pci.bench.iommu.kernel(), port);

    @Test
    void a_reset_that_contains_another_one_is_one_to_the_iommu() {
        dev.quirk((resets, it) -> resets.flr(it));

        assertThat(pci.reset.function(dev)).isEqualTo(Errno.OK);
        assertThat(bench.facts()).containsOnlyOnce(DEV + "prepared for reset", DEV + "reset done: OK");
        assertThat(bench.facts()).last().isEqualTo(DEV + "blocked RESET→NONE");
        assertThat(bench.wrongs()).isEmpty();
    }

    @Test
    void the_outermost_result_is_the_one_that_counts() {
        dev.resetMethods(ResetMethod.DEVICE_SPECIFIC);
        dev.quirk((resets, it) -> resets.flr(it).ok() ? Errno.ENOTTY : Errno.OK);

        assertThat(pci.reset.function(dev)).isEqualTo(Errno.ENOTTY);
        assertThat(bench.blocked(dev)).isEqualTo(BlockReason.RESET_FAILED);
    }

    @Test
    void a_method_that_fails_leaves_the_device_blocked_and_the_next_one_frees_it() {
        dev.firmware((_, _) -> Errno.ENOTTY);

        assertThat(pci.reset.function(dev)).isEqualTo(Errno.OK);
        assertThat(bench.facts()).containsSubsequence(DEV + "reset done: ENOTTY",
                DEV + "blocked RESET→RESET_FAILED", DEV + "reset done: OK", DEV + "blocked RESET→NONE");
    }

    @Test
    void an_error_that_is_no_want_of_the_method_ends_the_attempts() {
        dev.firmware((_, _) -> Errno.EIO);

        assertThat(pci.reset.function(dev)).isEqualTo(Errno.EIO);
        assertThat(bench.blocked(dev)).isEqualTo(BlockReason.RESET_FAILED);
    }

    @Test
    void only_what_the_operator_chose_is_tried() {
        dev.firmware((_, _) -> Errno.ENOTTY);
        dev.resetMethods(ResetMethod.ACPI);

        assertThat(pci.reset.function(dev)).isEqualTo(Errno.ENOTTY);
        assertThat(bench.blocked(dev)).isEqualTo(BlockReason.RESET_FAILED);
    }

    @Test
    void advanced_features_and_power_management_reset_too() {
        function.offersOnly(AfCap.ID, 0x3 << 24);
        assertThat(resetAfresh()).isEqualTo(Errno.OK);
        assertThat(function.writes()).contains("94=1");
        function.offersOnly(PmCap.ID, 0);
        function.put(ToyFunction.OTHER + PmCap.PMCSR, 0);
        assertThat(resetAfresh()).isEqualTo(Errno.OK);

        assertThat(function.writes()).containsSubsequence("94=3", "94=0");
        assertThat(bench.facts()).containsSubsequence(DEV + "reset done: OK", DEV + "reset done: OK");
    }

    @Test
    void a_bus_is_reset_for_a_function_that_is_alone_on_it() {
        dev.below(bridge);
        dev.resetMethods(ResetMethod.BUS);

        assertThat(pci.reset.function(dev)).isEqualTo(Errno.OK);
        assertThat(port.writes()).containsExactly("3e=40", "3e=0");
        assertThat(bench.facts()).containsOnlyOnce(DEV + "prepared for reset");
    }

    @Test
    void a_function_with_company_has_no_reset_of_its_bus() {
        dev.below(bridge);
        new PciDev(bench.iommu, Bdf.parse("01:00.1"), new ToyFunction(bench.machine), dev.fwspec())
                .below(bridge);

        assertThat(pci.reset.has(dev, ResetMethod.BUS)).isFalse();
    }

    @Test
    void a_slot_says_nothing_about_our_own_reset() {
        dev.below(bridge);
        dev.resetMethods(ResetMethod.BUS);
        port.put(ToyFunction.EXPRESS + ExpressCap.SLTCTL, 0x1028);

        assertThat(pci.reset.function(dev)).isEqualTo(Errno.OK);
        assertThat(port.writes()).containsExactly("78=20", "3e=40", "3e=0", "7a=108", "78=1028");
    }

    @Test
    void a_cxl_port_is_told_to_let_the_reset_through_and_the_brackets_nest() {
        port.put(ToyFunction.PASID, CXL << 20 | 1 << 16 | Config.PasidCap.ID);
        port.put(CXL, 1 << 16 | DvsecCap.ID);
        port.put(CXL + DvsecCap.VENDOR, CxlPortCap.VENDOR);
        port.put(CXL + DvsecCap.DVSEC_ID, CxlPortCap.ID);
        dev.below(bridge);
        dev.resetMethods(ResetMethod.CXL_BUS);

        assertThat(pci.reset.function(dev)).isEqualTo(Errno.OK);
        assertThat(port.writes()).containsExactly("20c=1", "3e=40", "3e=0", "20c=0");
        assertThat(bench.facts()).containsOnlyOnce(DEV + "prepared for reset", DEV + "reset done: OK");
    }

    @Test
    void asking_for_methods_touches_neither_function_nor_port_nor_iommu() {
        dev.below(bridge);
        String before = bench.state(dev.group());

        assertThat(ResetMethod.values()).filteredOn(method -> pci.reset.has(dev, method))
                .containsExactly(ResetMethod.FLR, ResetMethod.BUS);
        assertThat(function.writes()).isEmpty();
        assertThat(port.writes()).isEmpty();
        assertThat(bench.toy.seen()).isEmpty();
        assertThat(bench.state(dev.group())).isEqualTo(before);
    }

    /** Reads the capabilities again first, as when the function is found. */
    private Errno resetAfresh() {
        dev.remove();
        dev.add();
        return pci.reset.function(dev);
    }
}
