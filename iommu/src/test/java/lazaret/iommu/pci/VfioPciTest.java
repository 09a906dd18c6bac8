// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.pci;

import static org.assertj.core.api.Assertions.assertThat;

import lazaret.iommu.Bench;
import lazaret.iommu.BlockReason;
import lazaret.iommu.Domain;
import lazaret.kernel.Errno;
import lazaret.kernel.Held;
import lazaret.pcie.Config;
import lazaret.pcie.Config.Command;
import org.junit.jupiter.api.Test;

class VfioPciTest {
    private final PciBench pci = new PciBench();
    private final Bench bench = pci.bench;
    private final PciDev dev = pci.dev;
    private final VfioPci vfio = new VfioPci(dev, pci.reset);
    private final Domain home = bench.toy.points(dev);
    private final Domain user = bench.iommu.pagingDomainAlloc(dev);

    private boolean master() {
        return Command.BME.test(dev.config().read16(Config.COMMAND));
    }

    @Test
    void who_opens_it_gets_it_reset_on_his_domain_and_who_closes_it_leaves_it_reset_at_home() {
        assertThat(dev.bind(vfio)).isEqualTo(Errno.OK);
        assertThat(vfio.open(user)).isEqualTo(Errno.OK);
        assertThat(bench.toy.points(dev)).isSameAs(user);
        assertThat(bench.facts()).anyMatch(fact -> fact.endsWith("reset done: OK"));
        dev.setMaster();

        bench.log.clear();
        vfio.close();
        assertThat(bench.toy.points(dev)).isSameAs(home);
        assertThat(bench.facts()).anyMatch(fact -> fact.endsWith("reset done: OK"));
        assertThat(master()).isFalse();
        assertThat(bench.wrongs()).isEmpty();
        bench.check(dev.group());
        dev.unbind();
    }

    @Test
    void it_is_open_once() {
        vfio.open(user);

        assertThat(vfio.open(user)).isEqualTo(Errno.EBUSY);
        vfio.close();
        assertThat(vfio.open(user)).isEqualTo(Errno.OK);
    }

    @Test
    void the_dma_of_somebody_else_stays_his() {
        dev.group().claimDmaOwner("somebody");

        assertThat(vfio.open(user)).isEqualTo(Errno.EPERM);
        assertThat(vfio.open(user)).as("nothing is left of it").isEqualTo(Errno.EPERM);
    }

    @Test
    void opening_does_not_wait_for_who_holds_the_device_lock_and_leaves_nothing() {
        try (Held _ = dev.lock().lock()) {
            assertThat(vfio.open(user)).isEqualTo(Errno.EAGAIN);
        }
        assertThat(bench.toy.points(dev)).isSameAs(home);
        assertThat(dev.group().claimDmaOwner("somebody")).isEqualTo(Errno.OK);
    }

    @Test
    void closing_does_not_wait_either_and_goes_without_the_reset() {
        vfio.open(user);
        bench.log.clear();
        try (Held _ = dev.lock().lock()) {
            vfio.close();
        }
        assertThat(bench.toy.points(dev)).isSameAs(home);
        assertThat(bench.facts()).noneMatch(fact -> fact.contains("reset"));
        assertThat(bench.dmesg()).containsExactly("pci 0000:01:00.0: closed without a reset: EAGAIN");
    }

    @Test
    void after_a_reset_that_failed_opening_is_refused_until_one_works() {
        vfio.open(user);
        pci.function.resetTakes(ToyFunction.NEVER);
        vfio.close();
        assertThat(bench.blocked(dev)).isEqualTo(BlockReason.RESET_FAILED);

        assertThat(vfio.open(user)).isEqualTo(Errno.EBUSY);
        pci.function.resetTakes(0);
        pci.function.revive();
        assertThat(pci.reset.function(dev)).isEqualTo(Errno.OK);
        assertThat(vfio.open(user)).isEqualTo(Errno.OK);
    }
}
