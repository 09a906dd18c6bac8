// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.pci;

import static org.assertj.core.api.Assertions.assertThat;

import lazaret.iommu.Bench;
import lazaret.iommu.BlockReason;
import lazaret.iommu.Domain;
import lazaret.iommu.ToyIommu;
import lazaret.kernel.Errno;
import lazaret.pcie.Config;
import org.junit.jupiter.api.Test;

class PciResetTest {
    private static final String DEV = "0000:01:00.0 ";
    private static final String PCI = "pci 0000:01:00.0: ";
    private static final long SECOND = 1_000_000;

    private PciBench pci = new PciBench();
    private Bench bench = pci.bench;
    private ToyFunction function = pci.function;
    private PciDev dev = pci.dev;

    @Test
    void a_function_level_reset_is_bracketed_takes_its_hundred_milliseconds_and_restores() {
        Domain home = bench.toy.points(dev);
        function.resetTakes(50_000);

        assertThat(pci.reset.flr(dev)).isEqualTo(Errno.OK);
        assertThat(bench.machine.clock().now()).isEqualTo(100_000);
        assertThat(bench.facts()).containsExactly(DEV + "moves to toy blocked",
                DEV + "attached to toy blocked", DEV + "blocked NONE→RESET", DEV + "prepared for reset",
                DEV + "reset done: OK", DEV + "moves to " + home, DEV + "attached to " + home,
                DEV + "blocked RESET→NONE");
        assertThat(function.writes()).containsExactly("68=a810");
        assertThat(bench.dmesg()).isEmpty();
        assertThat(bench.wrongs()).isEmpty();
        bench.check(dev.group());
    }

    @Test
    void a_slow_function_is_waited_for_and_talked_about() {
        function.resetTakes(3 * SECOND);

        assertThat(pci.reset.flr(dev)).isEqualTo(Errno.OK);
        assertThat(bench.dmesg()).containsExactly(PCI + "not ready 1023ms after FLR; waiting",
                PCI + "not ready 2047ms after FLR; waiting", PCI + "ready 4095ms after FLR");
        assertThat(bench.blocked(dev)).isEqualTo(BlockReason.NONE);
    }

    @Test
    void a_function_that_never_comes_back_is_given_up_and_stays_blocked() {
        function.resetTakes(ToyFunction.NEVER);

        assertThat(pci.reset.flr(dev)).isEqualTo(Errno.ENOTTY);
        assertThat(bench.dmesg()).last().isEqualTo(PCI + "not ready 65535ms after FLR; giving up");
        assertThat(bench.blocked(dev)).isEqualTo(BlockReason.RESET_FAILED);
        assertThat(bench.toy.points(dev)).isSameAs(bench.toy.blockedDomain());
        bench.check(dev.group());
    }

    @Test
    void pending_transactions_are_waited_for_before_the_iommu_is_told() {
        function.pendingReads(2);
        assertThat(pci.reset.flr(dev)).isEqualTo(Errno.OK);
        assertThat(bench.machine.clock().now()).isEqualTo(100_000 + 200_000 + 100_000);
        assertThat(bench.dmesg()).isEmpty();

        function.pendingReads(100);
        assertThat(pci.reset.flr(dev)).isEqualTo(Errno.OK);
        assertThat(bench.dmesg()).containsExactly(PCI + "timed out waiting for pending transaction; "
                + "performing function level reset anyway");
    }

    @Test
    void when_the_iommu_cannot_be_stopped_nothing_is_reset() {
        start(new PciBench(new Bench(Bench.SOUND, false)));
        String before = bench.state(dev.group());
        bench.toy.fail(ToyIommu.Call.ALLOC, 1, 1);

        assertThat(pci.reset.flr(dev)).isEqualTo(Errno.ENOMEM);
        assertThat(function.writes()).isEmpty();
        assertThat(bench.state(dev.group())).isEqualTo(before);
        assertThat(bench.dmesg()).containsExactly(PCI + "failed to stop IOMMU for a PCI reset: ENOMEM");
    }

    @Test
    void an_absent_function_is_not_taken_for_one_that_can_be_reset() {
        function.absent(true);
        String before = bench.state(dev.group());

        assertThat(pci.reset.flr(dev)).isEqualTo(Errno.ENOTTY);
        assertThat(bench.machine.clock().now()).isZero();
        assertThat(bench.state(dev.group())).isEqualTo(before);
    }

    @Test
    void nobody_waits_for_a_function_that_is_known_to_be_gone() {
        function.resetTakes(ToyFunction.NEVER);
        dev.disconnect();

        assertThat(pci.reset.flr(dev)).isEqualTo(Errno.ENOTTY);
        assertThat(bench.machine.clock().now()).isEqualTo(100_000);
        assertThat(bench.blocked(dev)).isEqualTo(BlockReason.RESET_FAILED);
    }

    @Test
    void an_operators_reset_quiets_the_driver_and_gives_everything_back() {
        ToyDriver driver = new ToyDriver(bench.machine, "mlx5_core");
        dev.bind(driver);
        dev.enableAts(12);
        function.put(Config.BAR0, 0xf000_0000);

        assertThat(pci.reset.function(dev)).isEqualTo(Errno.OK);
        assertThat(function.writes()).containsExactly("4=4", "146=8000", "4=400", "68=a810", "68=2810",
                "146=8000", "10=f0000000", "4=4");
        assertThat(driver.seen()).containsExactly("probe", "reset_prepare", "reset_done");
        assertThat(function.peek16(Config.COMMAND)).isEqualTo(4);
        assertThat(function.peek16(ToyFunction.ATS + 6)).isEqualTo(0x8000);
        assertThat(function.read32(Config.BAR0)).isEqualTo(0xf000_0000);
        assertThat(bench.wrongs()).isEmpty();
    }

    @Test
    void asking_whether_a_function_can_be_reset_touches_neither_it_nor_the_iommu() {
        String before = bench.state(dev.group());
        function.absent(true);

        assertThat(pci.reset.has(dev, ResetMethod.FLR)).isTrue();
        assertThat(bench.toy.seen()).isEmpty();
        assertThat(bench.state(dev.group())).isEqualTo(before);
    }

    @Test
    void a_function_without_a_reset_method_is_left_alone() {
        ToyFunction plain = new ToyFunction(bench.machine);
        plain.put(ToyFunction.EXPRESS + 4, 0);
        PciDev other = new PciDev(bench.iommu, lazaret.pcie.Bdf.parse("02:00.0"), plain, dev.fwspec());
        other.add();

        assertThat(pci.reset.function(other)).isEqualTo(Errno.ENOTTY);
        assertThat(plain.writes()).isEmpty();
    }

    @Test
    void unbind_reset_and_bind_repair_a_device_whose_earlier_reset_failed() {
        ToyDriver driver = new ToyDriver(bench.machine, "mlx5_core");
        Domain home = bench.toy.points(dev);
        dev.bind(driver);
        function.resetTakes(ToyFunction.NEVER);
        assertThat(pci.reset.function(dev)).isEqualTo(Errno.ENOTTY);
        dev.unbind();
        bench.check(dev.group());
        assertThat(bench.blocked(dev)).isEqualTo(BlockReason.RESET_FAILED);

        function.revive();
        function.resetTakes(0);
        assertThat(pci.reset.function(dev)).isEqualTo(Errno.OK);
        assertThat(dev.bind(driver)).isEqualTo(Errno.OK);
        assertThat(bench.toy.points(dev)).isSameAs(home);
        assertThat(bench.blocked(dev)).isEqualTo(BlockReason.NONE);
        assertThat(bench.wrongs()).isEmpty();
    }

    private void start(PciBench other) {
        pci = other;
        bench = pci.bench;
        function = pci.function;
        dev = pci.dev;
    }
}
