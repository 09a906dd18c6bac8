// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.pci;

import static org.assertj.core.api.Assertions.assertThat;

import lazaret.iommu.Bench;
import lazaret.iommu.BlockReason;
import lazaret.kernel.Errno;
import lazaret.kernel.Held;
import lazaret.machine.Machine;
import lazaret.pcie.Config;
import lazaret.pcie.Config.AtsCap;
import lazaret.pcie.Config.ExpressCap;
import lazaret.pcie.Config.PasidCap;
import lazaret.pcie.Config.PriCap;
import org.junit.jupiter.api.Test;

class PciDevTest {
    private final PciBench pci = new PciBench();
    private final Bench bench = pci.bench;
    private final ToyFunction function = pci.function;
    private final PciDev dev = pci.dev;

    @Test
    void ats_is_enabled_with_its_smallest_page_and_disabled_without_forgetting_it() {
        assertThat(dev.enableAts(16)).isEqualTo(Errno.OK);
        assertThat(dev.atsEnabled()).isTrue();
        assertThat(function.peek16(ToyFunction.ATS + AtsCap.CTRL)).isEqualTo(0x8004);

        dev.disableAts();
        assertThat(dev.atsEnabled()).isFalse();
        assertThat(function.peek16(ToyFunction.ATS + AtsCap.CTRL)).isEqualTo(0x0004);
        int writes = function.writes().size();
        dev.disableAts();
        assertThat(function.writes()).hasSize(writes);
        assertThat(bench.wrongs()).isEmpty();
    }

    @Test
    void ats_cannot_be_enabled_twice_or_for_small_pages_or_without_the_capability() {
        assertThat(dev.prepareAts(11)).isEqualTo(Errno.EINVAL);
        assertThat(dev.enableAts(11)).isEqualTo(Errno.EINVAL);
        assertThat(dev.prepareAts(12)).isEqualTo(Errno.OK);
        assertThat(dev.enableAts(12)).isEqualTo(Errno.OK);
        assertThat(dev.prepareAts(12)).isEqualTo(Errno.EBUSY);
        assertThat(dev.enableAts(12)).isEqualTo(Errno.EBUSY);
        assertThat(bench.wrongs()).hasSize(1);

        ToyFunction plain = new ToyFunction(new Machine());
        plain.put(Config.EXT_CAPS, 0);
        PciDev other = new PciDev(bench.iommu, dev.bdf(), plain, dev.fwspec());
        assertThat(other.atsSupported()).isFalse();
        assertThat(other.prepareAts(12)).isEqualTo(Errno.EINVAL);
        assertThat(other.enableAts(12)).isEqualTo(Errno.EINVAL);
    }

    @Test
    void bus_mastering_is_one_bit() {
        function.put(4, 0x0010_0402);
        dev.setMaster();
        assertThat(function.peek16(Config.COMMAND)).isEqualTo(0x0406);
        dev.clearMaster();
        assertThat(function.peek16(Config.COMMAND)).isEqualTo(0x0402);
    }

    @Test
    void state_comes_back_in_the_order_express_pasid_pri_ats_header_command() {
        function.put(ToyFunction.EXPRESS + ExpressCap.DEVCTL, 0x5930);
        function.put(ToyFunction.PASID + PasidCap.CAP, 0x0003_0000);
        function.put(ToyFunction.PRI + PriCap.CTRL, 0x0001);
        function.put(ToyFunction.PRI + PriCap.ALLOC_REQ, 32);
        function.put(Config.BAR0, 0xf000_0000);
        dev.enableAts(12);
        dev.setMaster();
        saveAndReset();
        int before = function.writes().size();

        restore();
        assertThat(function.writes().subList(before, function.writes().size()))
                .containsExactly("68=5930", "1c6=3", "18c=20", "184=1", "146=8000", "10=f0000000", "4=4");
        assertThat(bench.wrongs()).isEmpty();
    }

    @Test
    void ats_that_was_switched_off_meanwhile_stays_off() {
        dev.enableAts(12);
        saveAndReset();
        dev.disableAts();
        int before = function.writes().size();

        restore();
        assertThat(function.writes().subList(before, function.writes().size()))
                .containsExactly("68=2810", "4=0");
    }

    @Test
    void a_function_that_does_not_answer_is_not_saved_as_all_ones() {
        function.absent(true);
        try (Held _ = dev.lock().lock()) {
            dev.saveState();
        }
        function.absent(false);
        int before = function.writes().size();

        restore();
        assertThat(function.writes()).hasSize(before);
        assertThat(bench.dmesg()).hasSize(1);
    }

    @Test
    void a_driver_is_bound_once_and_probed_on_the_default_domain() {
        ToyDriver driver = new ToyDriver(bench.machine, "mlx5_core");
        assertThat(dev.bind(driver)).isEqualTo(Errno.OK);
        assertThat(dev.bind(new ToyDriver(bench.machine, "other"))).isEqualTo(Errno.EBUSY);
        assertThat(dev.group().claimDmaOwner("vfio")).isEqualTo(Errno.EPERM);

        dev.unbind();
        assertThat(driver.seen()).containsExactly("probe", "remove");
        assertThat(dev.group().claimDmaOwner("vfio")).isEqualTo(Errno.OK);
        assertThat(dev.bind(driver)).isEqualTo(Errno.EBUSY);
        assertThat(bench.wrongs()).isEmpty();
    }

    @Test
    void a_driver_whose_probe_fails_leaves_the_device_unbound() {
        ToyDriver driver = new ToyDriver(bench.machine, "mlx5_core");
        driver.probeFails(true);
        assertThat(dev.bind(driver)).isEqualTo(Errno.EIO);

        driver.probeFails(false);
        assertThat(dev.bind(driver)).isEqualTo(Errno.OK);
        assertThat(dev.group().claimDmaOwner("vfio")).isEqualTo(Errno.EPERM);
        dev.unbind();
        assertThat(dev.group().claimDmaOwner("vfio")).isEqualTo(Errno.OK);
    }

    @Test
    void a_device_pulled_out_is_unbound_and_released_and_one_plugged_in_starts_afresh() {
        ToyDriver driver = new ToyDriver(bench.machine, "mlx5_core");
        dev.bind(driver);
        dev.enableAts(12);
        bench.iommu.resetPrepare(dev);
        bench.iommu.resetDone(dev, Errno.ENOTTY);

        function.absent(true);
        dev.disconnect();
        assertThat(dev.disconnected()).isTrue();
        dev.remove();
        assertThat(driver.seen()).containsExactly("probe", "remove");
        assertThat(dev.group()).isNull();
        assertThat(dev.add()).isEqualTo(Errno.ENODEV);

        function.absent(false);
        assertThat(dev.add()).isEqualTo(Errno.OK);
        assertThat(dev.disconnected()).isFalse();
        assertThat(dev.atsEnabled()).isFalse();
        assertThat(bench.blocked(dev)).isEqualTo(BlockReason.NONE);
        assertThat(bench.wrongs()).isEmpty();
    }

    private void saveAndReset() {
        try (Held _ = dev.lock().lock()) {
            dev.saveState();
        }
        int devctl = ToyFunction.EXPRESS + ExpressCap.DEVCTL;
        dev.config().write16(devctl, dev.config().read16(devctl) | 0x8000);
    }

    private void restore() {
        try (Held _ = dev.lock().lock()) {
            dev.restoreState();
        }
    }
}
