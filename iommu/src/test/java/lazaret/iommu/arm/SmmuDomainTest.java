// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import lazaret.iommu.IommuEntry;
import lazaret.iommu.Prot;
import lazaret.iommu.design.planted.AtcBeforeTlb;
import lazaret.iommu.pci.PciDev;
import lazaret.kernel.Errno;
import lazaret.machine.Entry;
import org.junit.jupiter.api.Test;

class SmmuDomainTest {
    private static final long FRAME = 0x9000_0000L;

    private final Rig rig = new Rig();
    private final PciDev nic = rig.device(Rig.NIC);
    private final SmmuDomain domain = rig.domain(nic);

    SmmuDomainTest() {
        rig.quiet();
    }

    private List<Entry> told() {
        return rig.log.stream().filter(IommuEntry.class::isInstance).toList();
    }

    @Test
    void mapping_tells_the_oracle_page_by_page_and_sends_nothing() {
        assertThat(domain.map(0x1000, FRAME, 0x2000, Prot.READ_WRITE)).isEqualTo(Errno.OK);

        assertThat(told()).containsExactly(
                new IommuEntry.Mapped(domain.name(), 0x1000, FRAME, 0x1000),
                new IommuEntry.Mapped(domain.name(), 0x2000, FRAME + 0x1000, 0x1000));
        assertThat(rig.hw.trace).isEmpty();
    }

    @Test
    void unmapping_clears_all_then_flushes_the_range_once() {
        domain.map(0x1000, FRAME, 0x2000, Prot.READ_WRITE);
        rig.quiet();

        assertThat(domain.unmap(0x1000, 0x2000)).isEqualTo(0x2000);
        assertThat(told()).containsExactly(
                new IommuEntry.Unmapped(domain.name(), 0x1000, FRAME, 0x1000),
                new IommuEntry.Unmapped(domain.name(), 0x2000, FRAME + 0x1000, 0x1000),
                new IommuEntry.FlushBegin(domain.name(), 0x1000, 0x2fff),
                new IommuEntry.FlushEnd(domain.name(), 0x1000, 0x2fff));
    }

    @Test
    void the_tlb_has_forgotten_before_any_device_is_asked() {
        domain.map(0x1000, FRAME, 0x1000, Prot.READ_WRITE);
        rig.quiet();
        domain.unmap(0x1000, 0x1000);

        assertThat(rig.hw.trace).satisfiesExactly(
                tlbi -> assertThat(tlbi).startsWith("TLBI_NH_VA"), sync -> assertThat(sync)
                        .startsWith("SYNC"),
                inv -> assertThat(inv).isEqualTo("ATC_INV sid=0x100 addr=0x1000 size=0"),
                sync -> assertThat(sync).startsWith("SYNC"));
    }

    @Test
    void one_invalidation_covers_the_whole_range() {
        domain.map(0x3000, FRAME, 0x2000, Prot.READ_WRITE);
        rig.quiet();
        domain.unmap(0x3000, 0x2000);

        assertThat(rig.hw.trace).filteredOn(t -> t.startsWith("ATC_INV"))
                .containsExactly("ATC_INV sid=0x100 addr=0x0 size=3");
    }

    @Test
    void a_device_without_ats_is_not_asked() {
        assertThat(nic.group().replace(rig.smmu.blockedDomain())).isEqualTo(Errno.OK);
        rig.design.fence(Rig.master(nic));
        SmmuDomain other = rig.share(nic);
        other.map(0x1000, FRAME, 0x1000, Prot.READ);
        rig.quiet();
        other.unmap(0x1000, 0x1000);

        assertThat(rig.hw.trace).noneMatch(t -> t.startsWith("ATC_INV"))
                .anyMatch(t -> t.startsWith("TLBI_NH_VA"));
    }

    @Test
    void where_nothing_is_mapped_nothing_is_flushed() {
        assertThat(domain.unmap(0x1000, 0x1000)).isZero();
        assertThat(told()).isEmpty();
        assertThat(rig.hw.trace).isEmpty();
    }

    @Test
    void a_hole_does_not_end_an_unmap() {
        domain.map(0x1000, FRAME, 0x1000, Prot.READ);
        domain.map(0x3000, FRAME, 0x1000, Prot.READ);

        assertThat(domain.unmap(0x1000, 0x3000)).isEqualTo(0x2000);
    }

    @Test
    void a_map_that_fails_in_the_middle_leaves_nothing() {
        domain.map(0x3000, FRAME, 0x1000, Prot.READ);
        rig.quiet();

        assertThat(domain.map(0x1000, FRAME, 0x3000, Prot.READ)).isEqualTo(Errno.EEXIST);
        assertThat(domain.unmap(0x1000, 0x2000)).isZero();
        assertThat(rig.entries(IommuEntry.FlushEnd.class)).as("devices may have used it").hasSize(1);
        assertThat(domain.unmap(0x3000, 0x1000)).isEqualTo(0x1000);
    }

    @Test
    void what_is_not_whole_pages_or_beyond_48_bits_is_refused() {
        assertThat(domain.map(0x1001, FRAME, 0x1000, Prot.READ)).isEqualTo(Errno.EINVAL);
        assertThat(domain.map(0x1000, FRAME + 8, 0x1000, Prot.READ)).isEqualTo(Errno.EINVAL);
        assertThat(domain.map(0x1000, FRAME, 0x800, Prot.READ)).isEqualTo(Errno.EINVAL);
        assertThat(domain.map(0x1000, FRAME, 0, Prot.READ)).isEqualTo(Errno.EINVAL);
        assertThat(domain.map(1L << 48, FRAME, 0x1000, Prot.READ)).isEqualTo(Errno.EINVAL);
        assertThat(domain.map((1L << 48) - 0x1000, FRAME, 0x2000, Prot.READ)).isEqualTo(Errno.EINVAL);
    }

    @Test
    void a_flush_may_be_called_with_a_spinlock_held() {
        domain.map(0x1000, FRAME, 0x1000, Prot.READ);
        try (var _ = rig.kernel.irqSave()) {
            domain.unmap(0x1000, 0x1000);
        }

        assertThat(rig.complaints()).isEmpty();
    }

    @Test
    void the_order_of_tlb_and_atc_is_the_designs() {
        Rig planted = new Rig(new AtcBeforeTlb());
        SmmuDomain other = planted.domain(planted.device(Rig.NIC));
        other.map(0x1000, FRAME, 0x1000, Prot.READ);
        planted.quiet();
        other.unmap(0x1000, 0x1000);

        assertThat(planted.hw.trace.getFirst()).startsWith("ATC_INV");
    }

    /**
     * The SMMU has the old translation in its TLB when the flush begins, a second device is attached
     * meanwhile and may be given it: then the flush has to ask that device too.
     */
    @Test
    void a_device_that_was_attached_before_the_tlb_forgot_is_asked() {
        Rig.random(200, () -> {
            Rig other = new Rig();
            other.share(other.device(Rig.NIC));
            other.device(Rig.GPU);
            return other;
        }, other -> {
            SmmuDomain shared = other.domain(other.devices.get(Rig.NIC));
            shared.map(0x1000, FRAME, 0x1000, Prot.READ);
            other.quiet();
            other.cpu0.start("flush", () -> shared.unmap(0x1000, 0x1000));
            other.cpu1.start("attach", () -> {
                PciDev gpu = other.devices.get(Rig.GPU);
                assertThat(gpu.group().replace(shared)).isEqualTo(Errno.OK);
            });
        }, other -> {
            List<String> trace = other.hw.trace;
            int tlbi = index(trace, "TLBI_NH_VA");
            int empty = index(trace, "ATC_INV sid=0x200 addr=0x0 size=52");
            int asked = index(trace, "ATC_INV sid=0x200 addr=0x1000 size=0");
            assertThat(empty > tlbi || asked > tlbi).as("%s", trace).isTrue();
        });
    }

    private static int index(List<String> trace, String start) {
        int at = trace.size() - 1;
        while (at >= 0 && !trace.get(at).startsWith(start)) {
            at--;
        }
        return at;
    }
}
