// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import lazaret.iommu.IommuEntry;
import lazaret.iommu.Mm;
import lazaret.iommu.Prot;
import lazaret.iommu.Sva;
import lazaret.iommu.design.MinimumX;
import lazaret.iommu.pci.PciDev;
import lazaret.kernel.Errno;
import lazaret.kernel.KernelEntry;
import lazaret.smmuv3.Cd;
import org.junit.jupiter.api.Test;

class SvaTest {
    private static final long PAGE = 0x9000_0000L;
    private static final int FIRST = 4;

    private final Rig rig = new Rig(new MinimumX(), setup -> setup.withPasids(3));
    private final PciDev nic = rig.device(Rig.NIC);
    private final PciDev gpu = rig.device(Rig.GPU);
    private final Sva sva = rig.core.sva();
    private final Mm mm = process("mm");

    private Mm process(String name) {
        return new Mm(rig.core, name, rig.smmu.processTables(name));
    }

    private long cd(PciDev dev, int pasid) {
        return rig.machine.ram().load(rig.hw.inMemory(dev.bdf().rid()).s1ContextPtr() + pasid * 64L);
    }

    private List<String> steps() {
        return rig.hw.trace.stream().filter(t -> !t.startsWith("SYNC")).toList();
    }

    private long freed(String what) {
        return rig.entries(IommuEntry.DomainFreed.class).stream()
                .filter(f -> f.domain().equals(what)).count();
    }

    @Test
    void a_bound_device_walks_the_tables_of_the_process() {
        assertThat(sva.bind(nic, mm)).isEqualTo(Errno.OK);

        assertThat(mm.pasid()).isEqualTo(FIRST);
        assertThat(Cd.V.test(cd(nic, FIRST))).isTrue();
        long ttb = rig.machine.ram().load(rig.hw.inMemory(Rig.NIC).s1ContextPtr() + FIRST * 64 + 8);
        assertThat(Cd.TTB0.in(ttb)).isEqualTo(mm.root());
    }

    @Test
    void what_the_process_gives_back_everybody_bound_to_it_forgets() {
        sva.bind(nic, mm);
        sva.bind(gpu, mm);
        mm.map(0x1000, PAGE);
        rig.quiet();

        assertThat(mm.unmap(0x1000)).isEqualTo(PAGE);
        assertThat(steps()).containsExactly("TLBI_NH_VA vmid=0x0 asid=0x3 addr=0x1000 leaf",
                "ATC_INV sid=0x100 ssv ssid=0x4 addr=0x1000 size=0",
                "ATC_INV sid=0x200 ssv ssid=0x4 addr=0x1000 size=0");
        assertThat(rig.entries(IommuEntry.FlushEnd.class)).hasSize(1);
    }

    @Test
    void a_page_that_was_not_there_concerns_nobody() {
        sva.bind(nic, mm);
        rig.quiet();

        assertThat(mm.unmap(0x1000)).isEqualTo(-1);
        assertThat(rig.hw.trace).isEmpty();
    }

    @Test
    void binds_count_and_the_last_of_an_iommu_takes_the_domain_along() {
        sva.bind(nic, mm);
        sva.bind(nic, mm);
        sva.bind(gpu, mm);
        sva.unbind(nic, mm);
        assertThat(Cd.V.test(cd(nic, FIRST))).isTrue();
        sva.unbind(nic, mm);
        assertThat(cd(nic, FIRST)).isZero();
        assertThat(freed("mm")).isZero();

        sva.unbind(gpu, mm);
        assertThat(freed("mm")).isEqualTo(1);
        rig.quiet();
        mm.map(0x1000, PAGE);
        mm.unmap(0x1000);
        assertThat(rig.hw.trace).isEmpty();
        assertThat(rig.complaints()).isEmpty();
    }

    @Test
    void a_process_that_ended_leaves_a_descriptor_that_refuses_quietly() {
        sva.bind(nic, mm);
        rig.quiet();
        mm.release();

        assertThat(Cd.EPD0.test(cd(nic, FIRST))).isTrue();
        assertThat(Cd.R.test(cd(nic, FIRST))).isFalse();
        assertThat(Cd.V.test(cd(nic, FIRST))).isTrue();
        assertThat(steps()).containsSubsequence("CFGI_CD sid=0x100 ssid=0x4 leaf",
                "TLBI_NH_ASID vmid=0x0 asid=0x3", "ATC_INV sid=0x100 ssv ssid=0x4 addr=0x0 size=36");
    }

    @Test
    void tables_and_pasid_stay_until_the_last_device_was_unbound() {
        sva.bind(nic, mm);
        mm.release();
        mm.put();
        Mm other = process("other");
        assertThat(sva.bind(nic, other)).isEqualTo(Errno.OK);
        assertThat(other.pasid()).isEqualTo(FIRST + 1);

        sva.unbind(nic, mm);
        assertThat(rig.complaints()).isEmpty();
        mm.map(0x1000, PAGE);
        assertThat(rig.entries(KernelEntry.UseAfterFree.class)).as("it has gone now").isNotEmpty();
        Mm third = process("third");
        assertThat(sva.bind(nic, third)).isEqualTo(Errno.OK);
        assertThat(third.pasid()).as("free again").isEqualTo(FIRST);
    }

    @Test
    void nobody_is_bound_to_a_process_that_ended() {
        mm.release();
        assertThat(sva.bind(nic, mm)).isEqualTo(Errno.ENOENT);
    }

    @Test
    void a_bind_that_fails_leaves_nothing() {
        rig.kernel.faults().failNth(2);     // the domain, the array slot
        assertThat(sva.bind(nic, mm)).isEqualTo(Errno.ENOMEM);
        assertThat(freed("mm")).isEqualTo(1);

        assertThat(sva.bind(nic, mm)).isEqualTo(Errno.OK);
        sva.unbind(nic, mm);
        mm.release();
        mm.put();
        assertThat(rig.complaints()).isEmpty();
    }

    @Test
    void when_pasids_are_used_up_nobody_is_bound() {
        for (int i = 0; i < FIRST; i++) {
            assertThat(sva.bind(nic, process("mm" + i))).isEqualTo(Errno.OK);
        }
        assertThat(sva.bind(nic, mm)).isEqualTo(Errno.ENOSPC);
    }

    @Test
    void a_process_is_no_domain_for_dma_without_pasid_and_is_not_mapped_by_the_iommu() {
        SvaDomain domain = (SvaDomain) rig.smmu.allocSva(nic, mm);

        assertThat(nic.group().replace(domain)).isEqualTo(Errno.EINVAL);
        assertThat(domain.map(0x1000, PAGE, 0x1000, Prot.READ)).isEqualTo(Errno.EOPNOTSUPP);
    }
}
