// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.pci;

import static org.assertj.core.api.Assertions.assertThat;

import lazaret.machine.Machine;
import lazaret.pcie.Config;
import lazaret.pcie.Config.AfCap;
import lazaret.pcie.Config.AtsCap;
import lazaret.pcie.Config.ExpressCap;
import lazaret.pcie.Config.PasidCap;
import lazaret.pcie.Config.PmCap;
import org.junit.jupiter.api.Test;

class CapabilitiesTest {
    private final ToyFunction function = new ToyFunction(new Machine());

    @Test
    void capabilities_are_found_by_walking_both_lists() {
        assertThat(Capabilities.of(function)).isEqualTo(new Capabilities(ToyFunction.EXPRESS,
                ToyFunction.ATS, ToyFunction.PRI, ToyFunction.PASID, true, 0, 0));
    }

    @Test
    void what_is_not_in_the_list_is_not_there() {
        function.put(ToyFunction.ATS, ToyFunction.PASID << 20 | 1 << 16 | AtsCap.ID);
        function.put(ToyFunction.EXPRESS + ExpressCap.DEVCAP, 0);

        assertThat(Capabilities.of(function)).isEqualTo(new Capabilities(ToyFunction.EXPRESS,
                ToyFunction.ATS, 0, ToyFunction.PASID, false, 0, 0));
    }

    @Test
    void other_resets_count_where_the_capability_offers_them() {
        function.offersOnly(AfCap.ID, 0x3 << 24);
        assertThat(Capabilities.of(function).af()).isEqualTo(ToyFunction.OTHER);
        function.offersOnly(AfCap.ID, 0x1 << 24);
        assertThat(Capabilities.of(function).af()).isZero();

        function.offersOnly(PmCap.ID, 0);
        assertThat(Capabilities.of(function).pm()).isEqualTo(ToyFunction.OTHER);
        function.put(ToyFunction.OTHER + PmCap.PMCSR, (int) PmCap.NO_SOFT_RESET.mask());
        assertThat(Capabilities.of(function).pm()).isZero();
    }

    @Test
    void a_function_without_a_capability_list_has_none() {
        function.put(4, 0);
        function.put(Config.EXT_CAPS, 0);
        assertThat(Capabilities.of(function)).isEqualTo(Capabilities.NONE);
    }

    @Test
    void an_absent_function_has_no_capabilities_and_is_not_asked_for_long() {
        function.absent(true);
        assertThat(Capabilities.of(function)).isEqualTo(Capabilities.NONE);
        assertThat(function.reads()).isLessThan(10);
    }

    @Test
    void lists_that_bite_their_tail_end() {
        function.put(0x40, 0x40 << 8 | Config.VENDOR_CAP);
        function.put(ToyFunction.PRI, ToyFunction.ATS << 20 | 1 << 16 | 0x1234);

        assertThat(Capabilities.find(function, ExpressCap.ID)).isZero();
        assertThat(Capabilities.findExt(function, PasidCap.ID)).isZero();
    }
}
