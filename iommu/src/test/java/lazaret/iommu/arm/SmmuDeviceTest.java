// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import lazaret.iommu.Domain;
import lazaret.iommu.Fwspec;
import lazaret.iommu.IommuEntry;
import lazaret.iommu.design.MinimumX;
import lazaret.iommu.pci.PciDev;
import lazaret.kernel.Errno;
import lazaret.kernel.Gfp;
import lazaret.kernel.KernelEntry;
import lazaret.machine.Unmodelled;
import lazaret.pcie.Bdf;
import lazaret.smmuv3.Cr0;
import lazaret.smmuv3.Reg;
import lazaret.smmuv3.Ste;
import lazaret.smmuv3.StreamTable;
import org.junit.jupiter.api.Test;

class SmmuDeviceTest {
    // ---- bring-up

    @Test
    void it_is_brought_up_in_the_order_the_kernel_keeps() {
        Rig rig = new Rig();

        assertThat(rig.probed).isEqualTo(Errno.OK);
        assertThat(rig.hw.writes.stream().map(w -> w.substring(0, w.indexOf('=')))).containsExactly(
                "CR0", "CR1", "CR2", "STRTAB_BASE", "STRTAB_BASE_CFG",
                "CMDQ_BASE", "CMDQ_PROD", "CMDQ_CONS", "CR0", "CMDQ_PROD", "CMDQ_PROD",
                "EVENTQ_BASE", "EVENTQ_PROD", "EVENTQ_CONS", "CR0",
                "CR0",
                "IRQ_CTRL", "GERROR_IRQ_CFG0", "EVENTQ_IRQ_CFG0", "IRQ_CTRL",
                "CR0");
        assertThat(Reg.CR0.print(rig.hw.get(Reg.CR0)))
                .isEqualTo("CR0[SMMUEN=1 EVENTQEN=1 CMDQEN=1 ATSCHK=1]");
        assertThat(Reg.CR1.print(rig.hw.get(Reg.CR1))).contains("TABLE_SH=3");
        assertThat(rig.hw.get(Reg.CR1)).isEqualTo(0xd75);
        assertThat(rig.hw.trace).satisfiesExactly(
                config -> assertThat(config).startsWith("CFGI_ALL"), sync -> assertThat(sync)
                        .startsWith("SYNC"),
                tlb -> assertThat(tlb).startsWith("TLBI_NSNH_ALL"), sync -> assertThat(sync)
                        .startsWith("SYNC"));
    }

    @Test
    void one_that_firmware_left_on_is_made_to_refuse_everything_first() {
        Rig rig = new Rig();
        rig.quiet();
        rig.hw.set(Reg.CR0, (int) Cr0.SMMUEN.mask());
        SmmuDevice again = new SmmuDevice(rig.kernel, rig.design,
                new SmmuSetup("smmu", rig.hw, null, null, null, true, 16, 0, 6, 5, 16, 1000, 1, 16,
                        null, false));
        rig.hw.set(Reg.GBPA, 0);
        Errno err = again.probe();

        assertThat(rig.hw.writes.getFirst()).isEqualTo("GBPA=80100000");
        assertThat(rig.printed()).anyMatch(line -> line.contains("currently enabled"));
        assertThat(err).as("nobody clears Update here").isEqualTo(Errno.ETIMEDOUT);
    }

    @Test
    void without_ats_in_the_smmu_nothing_about_ats_is_switched() {
        Rig rig = new Rig();
        rig.hw.set(Reg.IDR0, rig.hw.get(Reg.IDR0) & ~(1 << 10));
        rig.hw.set(Reg.CR0, 0);
        SmmuDevice again = new SmmuDevice(rig.kernel, rig.design,
                SmmuSetup.of("other", rig.hw, null, null, null));

        assertThat(again.probe()).isEqualTo(Errno.OK);
        assertThat(Cr0.ATSCHK.test(rig.hw.get(Reg.CR0))).isFalse();
    }

    @Test
    void queues_and_tables_that_the_hardware_cannot_have_are_refused() {
        assertThat(new Rig(new MinimumX(), s -> s.withCmdq(11, 16)).probed).isEqualTo(Errno.EINVAL);
        assertThat(new Rig(new MinimumX(), s -> s.withLinearTable(17)).probed).isEqualTo(Errno.EINVAL);
    }

    @Test
    void without_memory_it_does_not_come_up_and_says_so() {
        Rig good = new Rig();
        for (int nth = 1; nth <= 3; nth++) {
            SmmuDevice again = new SmmuDevice(good.kernel, good.design,
                    SmmuSetup.of("other", good.hw, null, null, null));
            good.hw.set(Reg.CR0, 0);
            good.kernel.faults().failNth(nth);
            assertThat(again.probe()).isEqualTo(Errno.ENOMEM);
            good.kernel.faults().neverFail();
        }
    }

    // ---- stream table

    @Test
    void two_levels_reach_an_entry_and_refuse_its_neighbours() {
        Rig rig = new Rig();
        rig.device(Rig.NIC);

        assertThat(StreamTable.of(0, rig.hw.get(Reg.STRTAB_BASE_CFG), 16).fmt())
                .isEqualTo(StreamTable.Fmt.TWO_LEVEL);
        assertThat(rig.hw.inMemory(Rig.NIC).config()).isEqualTo(Ste.Config.S1_TRANS);
        assertThat(rig.hw.inMemory(Rig.NIC + 1).words()).isEqualTo(Stes.abort());
        assertThat(rig.hw.inMemory(Rig.NIC ^ 0xff).words()).isEqualTo(Stes.abort());
    }

    @Test
    void a_level_2_table_is_filled_before_the_descriptor_points_to_it_in_one_store() {
        Rig rig = new Rig();
        rig.quiet();
        rig.device(Rig.NIC);
        List<KernelEntry.Stored> stores = rig.entries(KernelEntry.Stored.class);
        long l2 = rig.hw.stePa(Rig.NIC) & -0x4000L;
        int pointer = 0;
        while ((stores.get(pointer).after() & -0x4000L) != l2) {
            pointer++;
        }

        assertThat(stores.subList(0, pointer)).hasSize(256)
                .allMatch(s -> (s.pa() & -0x4000L) == l2 && s.after() == 1);
        assertThat(rig.hw.trace.getFirst()).isEqualTo("CFGI_STE sid=0x100");
    }

    @Test
    void a_second_device_of_the_range_uses_the_table_of_the_first() {
        Rig rig = new Rig();
        rig.device(Rig.NIC);
        rig.quiet();
        rig.device(Rig.NIC + 5);

        assertThat(rig.hw.stePa(Rig.NIC + 5)).isEqualTo(rig.hw.stePa(Rig.NIC) + 5 * 64);
        assertThat(rig.hw.trace).allMatch(c -> !c.startsWith("CFGI_STE") || c.contains("leaf"));
    }

    @Test
    void a_linear_table_has_all_its_entries_from_the_start() {
        Rig rig = new Rig(new MinimumX(), s -> s.withLinearTable(9));

        assertThat(rig.hw.inMemory(0).words()).isEqualTo(Stes.abort());
        assertThat(rig.hw.inMemory(511).words()).isEqualTo(Stes.abort());
        rig.device(Rig.NIC);
        assertThat(rig.hw.inMemory(Rig.NIC).config()).isEqualTo(Ste.Config.S1_TRANS);
    }

    // ---- devices

    @Test
    void a_stream_beyond_the_table_is_refused() {
        Rig rig = new Rig(new MinimumX(), s -> s.withLinearTable(8));

        assertThat(rig.unprobed(Rig.NIC).add()).isEqualTo(Errno.ERANGE);
    }

    @Test
    void two_masters_cannot_have_one_stream_and_the_first_keeps_it() {
        Rig rig = new Rig();
        PciDev first = rig.device(Rig.NIC);
        PciDev second = new PciDev(rig.core, new Bdf(Rig.GPU), new AtsFunction(rig.hw.trace),
                new Fwspec(rig.smmu, List.of(Rig.NIC), "other"));

        assertThat(second.add()).isEqualTo(Errno.EBUSY);
        assertThat(rig.complaints()).isEmpty();
        first.remove();
        assertThat(second.add()).isEqualTo(Errno.OK);
    }

    @Test
    void several_streams_of_one_device_are_not_modelled() {
        Rig rig = new Rig();
        PciDev dev = new PciDev(rig.core, new Bdf(Rig.NIC), new AtsFunction(rig.hw.trace),
                new Fwspec(rig.smmu, List.of(1, 2), "unit"));

        assertThatThrownBy(dev::add).isInstanceOf(Unmodelled.class);
    }

    @Test
    void a_released_device_leaves_an_entry_that_refuses_and_gives_back_its_memory() {
        Rig rig = new Rig();
        rig.device(Rig.GPU);
        rig.quiet();
        PciDev dev = rig.device(Rig.NIC + 1);
        dev.remove();

        assertThat(rig.hw.inMemory(Rig.NIC + 1).words()).isEqualTo(Stes.abort());
        assertThat(rig.entries(KernelEntry.PageFreed.class)).extracting(KernelEntry.PageFreed::owner)
                .contains("0000:01:00.1 cd");
        assertThat(rig.complaints()).isEmpty();
    }

    @Test
    void a_device_that_comes_again_starts_clean() {
        Rig rig = new Rig();
        PciDev dev = rig.device(Rig.NIC);
        Master before = Rig.master(dev);
        rig.design.quarantine(before);
        dev.remove();
        rig.quiet();

        assertThat(dev.add()).isEqualTo(Errno.OK);
        assertThat(rig.fence(dev)).isEqualTo(FenceState.NONE);
        assertThat(rig.hw.inMemory(Rig.NIC).eats()).isEqualTo(Ste.Eats.TRANS);
        assertThat(rig.complaints()).isEmpty();
    }

    @Test
    void the_release_of_a_silent_device_waits_for_it_once_at_most() {
        Rig rig = new Rig();
        PciDev dev = rig.device(Rig.NIC);
        rig.hw.silent.add(Rig.NIC);
        dev.remove();

        assertThat(rig.machine.clock().now()).isEqualTo(PlayedSmmu.ATC_LIMIT_US);
        assertThat(rig.complaints()).isEmpty();
    }

    @Test
    void the_release_of_a_muted_device_does_not_wait_for_it() {
        Rig rig = new Rig();
        PciDev dev = rig.device(Rig.NIC);
        rig.design.quarantine(Rig.master(dev));
        rig.hw.silent.add(Rig.NIC);
        dev.remove();

        assertThat(rig.machine.clock().now()).isZero();
    }

    @Test
    void a_probe_that_runs_out_of_memory_leaves_nothing() {
        Rig rig = new Rig();
        rig.device(Rig.GPU);
        for (int nth = 1;; nth++) {
            PciDev dev = rig.unprobed(Rig.NIC + 1);
            rig.kernel.faults().failNth(nth);
            Errno err = dev.add();
            rig.kernel.faults().neverFail();
            if (err.ok()) {
                assertThat(nth).isGreaterThan(6);
                break;
            }
            assertThat(err).isEqualTo(Errno.ENOMEM);
            assertThat(dev.iommu()).isNull();
        }
        assertThat(rig.complaints()).isEmpty();
    }

    // ---- domains

    @Test
    void every_domain_has_a_tag_and_a_name_of_its_own_and_gives_the_tag_back() {
        Rig rig = new Rig();
        PciDev dev = rig.device(Rig.NIC);
        SmmuDomain one = (SmmuDomain) rig.smmu.allocPaging(dev);
        SmmuDomain two = (SmmuDomain) rig.smmu.allocPaging(dev);
        assertThat(one.asid()).isNotEqualTo(two.asid()).isNotZero();
        assertThat(one.name()).isNotEqualTo(two.name());

        rig.core.domainFree(one);
        assertThat(((SmmuDomain) rig.smmu.allocPaging(dev)).asid()).isEqualTo(one.asid());
    }

    @Test
    void tags_run_out() {
        Rig rig = new Rig();
        PciDev dev = rig.device(Rig.NIC);
        int count = 0;
        while (rig.smmu.allocPaging(dev) != null) {
            count++;
        }

        assertThat(count).isEqualTo(62);
    }

    @Test
    void a_freed_domain_leaves_the_tlb_and_gives_back_all_its_pages() {
        Rig rig = new Rig();
        PciDev dev = rig.device(Rig.NIC);
        rig.quiet();
        Domain.Paging domain = rig.smmu.allocPaging(dev);
        domain.map(0x1000, rig.kernel.pages().alloc(Gfp.KERNEL, "buffer"), 0x1000, lazaret.iommu.Prot.READ);
        rig.core.domainFree(domain);

        assertThat(rig.hw.trace.getFirst()).startsWith("TLBI_NH_ASID");
        assertThat(rig.entries(KernelEntry.PageAllocated.class).size())
                .isEqualTo(rig.entries(KernelEntry.PageFreed.class).size() + 1);
    }

    @Test
    void identity_and_blocked_are_one_each() {
        Rig rig = new Rig();
        PciDev dev = rig.device(Rig.NIC);
        assertThat(dev.group().replace(rig.smmu.identityDomain())).isEqualTo(Errno.OK);
        assertThat(rig.hw.inMemory(Rig.NIC).words()).isEqualTo(Stes.bypass());

        assertThat(dev.group().replace(rig.smmu.blockedDomain())).isEqualTo(Errno.OK);
        assertThat(rig.hw.inMemory(Rig.NIC).words()).isEqualTo(Stes.abort());
        assertThat(rig.entries(IommuEntry.Attached.class)).hasSize(3);
    }

    @Test
    void a_domain_of_another_smmu_is_refused() {
        Rig rig = new Rig();
        PciDev dev = rig.device(Rig.NIC);
        Domain foreign = new Rig().smmu.allocPaging(dev);

        assertThat(rig.attach(dev, foreign, rig.domain(dev))).isEqualTo(Errno.EINVAL);
    }
}
