// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import lazaret.iommu.Domain;
import lazaret.iommu.Prot;
import lazaret.iommu.pci.PciDev;
import lazaret.kernel.Errno;
import lazaret.kernel.Held;
import lazaret.kernel.KernelEntry;
import lazaret.smmuv3.Pte;
import lazaret.smmuv3.Ste;
import org.junit.jupiter.api.Test;

class NestedDomainTest {
    private static final long TABLE = 0x4008_0000L;
    private static final String ATC_INV_ALL = "ATC_INV sid=0x100 addr=0x0 size=52";

    private final Rig rig = new Rig();
    private final PciDev nic = rig.device(Rig.NIC);
    private final Domain.Paging vm = rig.core.nestParentAlloc(nic);
    private final Vsmmu guest = rig.smmu.vsmmu(vm);

    private Domain.Nested ste(Ste.Eats eats) {
        long[] s1 = Stes.s1(TABLE, eats, true);
        return guest.allocNested(s1[0], s1[1]);
    }

    private Domain.Nested attach(Ste.Eats eats) {
        Domain.Nested next = ste(eats);
        assertThat(nic.group().replace(next)).isEqualTo(Errno.OK);
        return next;
    }

    private Ste inMemory() {
        return rig.hw.inMemory(Rig.NIC);
    }

    private boolean asks() {
        try (Held _ = rig.kernel.rcu().readLock()) {
            return ((VmDomain) vm).invs().asks(Rig.master(nic));
        }
    }

    private List<String> commands() {
        return rig.hw.trace.stream().filter(t -> !t.startsWith("SYNC")).toList();
    }

    @Test
    void without_a_stage_1_of_the_guests_the_device_goes_through_stage_2_alone() {
        assertThat(nic.group().replace(vm)).isEqualTo(Errno.OK);

        assertThat(inMemory().words()).isEqualTo(Stes.s2(((VmDomain) vm).ttb(), 1, 4, Ste.Eats.TRANS));
        assertThat(rig.functions.get(Rig.NIC).atsOn()).isTrue();
    }

    @Test
    void the_guests_stage_1_stands_before_the_vms_memory_and_ats_is_on_if_the_guest_wants_it() {
        attach(Ste.Eats.TRANS);

        assertThat(inMemory().config()).isEqualTo(Ste.Config.NESTED);
        assertThat(inMemory().s1ContextPtr()).isEqualTo(TABLE);
        assertThat(inMemory().get(Ste.S2VMID)).isEqualTo(1);
        assertThat(inMemory().eats()).isEqualTo(Ste.Eats.TRANS);
        assertThat(rig.functions.get(Rig.NIC).atsOn()).isTrue();
        assertThat(asks()).isTrue();
    }

    @Test
    void a_guest_switches_ats_off_and_on_and_nothing_else_is_interrupted() {
        attach(Ste.Eats.TRANS);
        rig.quiet();
        attach(Ste.Eats.ABT);

        assertThat(commands()).containsExactly("ATS off", "CFGI_STE sid=0x100 leaf", ATC_INV_ALL);
        assertThat(rig.functions.get(Rig.NIC).atsOn()).isFalse();
        assertThat(asks()).isFalse();
        rig.quiet();
        attach(Ste.Eats.TRANS);

        assertThat(commands()).containsExactly("CFGI_STE sid=0x100 leaf", "ATS on", ATC_INV_ALL);
        assertThat(asks()).isTrue();
    }

    @Test
    void from_the_vms_memory_to_the_guests_stage_1_and_back_the_entry_is_never_invalid() {
        assertThat(nic.group().replace(vm)).isEqualTo(Errno.OK);
        rig.quiet();
        attach(Ste.Eats.TRANS);
        assertThat(nic.group().replace(vm)).isEqualTo(Errno.OK);

        assertThat(rig.entries(KernelEntry.Stored.class).stream()
                .filter(s -> s.pa() == rig.hw.stePa(Rig.NIC) && !Ste.V.test(s.after()))).isEmpty();
        assertThat(commands().stream().filter("CFGI_STE sid=0x100 leaf"::equals).count()).isGreaterThan(1);
    }

    @Test
    void whatever_a_guest_writes_a_fenced_device_has_no_ats() {
        attach(Ste.Eats.TRANS);
        rig.design.quarantine(Rig.master(nic));
        attach(Ste.Eats.ABT);
        attach(Ste.Eats.TRANS);

        assertThat(inMemory().config()).isEqualTo(Ste.Config.NESTED);
        assertThat(inMemory().eats()).isEqualTo(Ste.Eats.ABT);
        assertThat(rig.hw.refusesAts(Rig.NIC)).isTrue();
        assertThat(rig.functions.get(Rig.NIC).atsOn()).isFalse();
        assertThat(asks()).isFalse();
    }

    @Test
    void what_the_host_unmaps_stage_2_forgets_first_then_both_and_the_device_forgets_all() {
        attach(Ste.Eats.TRANS);
        assertThat(vm.map(0x5000, 0x90000, 4096, Prot.READ_WRITE)).isEqualTo(Errno.OK);
        rig.quiet();

        assertThat(vm.unmap(0x5000, 4096)).isEqualTo(4096);
        assertThat(rig.hw.trace.stream().map(t -> t.startsWith("SYNC") ? "SYNC" : t))
                .containsExactly("TLBI_S2_IPA vmid=0x1 ipa=0x5000 leaf", "SYNC", "TLBI_NH_ALL vmid=0x1",
                        "SYNC", ATC_INV_ALL, "SYNC");
    }

    @Test
    void without_a_stage_1_of_the_guests_the_device_knows_the_range() {
        assertThat(nic.group().replace(vm)).isEqualTo(Errno.OK);
        assertThat(vm.map(0x5000, 0x90000, 4096, Prot.READ_WRITE)).isEqualTo(Errno.OK);
        rig.quiet();

        vm.unmap(0x5000, 4096);
        assertThat(commands()).contains("ATC_INV sid=0x100 addr=0x5000 size=0").doesNotContain(ATC_INV_ALL);
    }

    @Test
    void a_page_of_stage_2_is_described_as_such() {
        assertThat(vm.map(0x5000, 0x90000, 4096, Prot.READ_WRITE)).isEqualTo(Errno.OK);
        long table = ((VmDomain) vm).ttb();
        for (int level = 0; level < Pte.LAST_LEVEL; level++) {
            table = Pte.NEXT.in(rig.machine.ram().load(table + 8L * Pte.index(0x5000, level)));
        }
        long pte = rig.machine.ram().load(table + 8L * Pte.index(0x5000, Pte.LAST_LEVEL));

        assertThat(Pte.OA.in(pte)).isEqualTo(0x90000);
        assertThat(Pte.MEMATTR.getInt(pte)).isEqualTo(0xf);
        assertThat(pte & (Pte.S2AP_READ | Pte.S2AP_WRITE)).isEqualTo(Pte.S2AP_READ | Pte.S2AP_WRITE);
        assertThat(vm.map(1L << 40, 0x90000, 4096, Prot.READ_WRITE)).isEqualTo(Errno.EINVAL);
    }

    @Test
    void who_leaves_a_vm_has_its_tag_forgotten_and_a_domain_of_it_can_be_freed() {
        Domain.Nested nested = attach(Ste.Eats.TRANS);
        rig.quiet();
        assertThat(nic.group().replace(rig.smmu.blockedDomain())).isEqualTo(Errno.OK);

        assertThat(commands()).contains("ATS off", ATC_INV_ALL, "TLBI_S12_VMALL vmid=0x1");
        assertThat(asks()).isFalse();
        rig.core.domainFree(nested);
        rig.core.domainFree(vm);
        assertThat(rig.complaints()).isEmpty();
        assertThat(rig.core.nestParentAlloc(nic).name()).isEqualTo(vm.name());
    }

    @Test
    void what_a_guest_may_not_write_becomes_no_domain() {
        assertThat(guest.allocNested(Stes.s2(0, 1, 4, Ste.Eats.ABT)[0], 0)).isNull();
        assertThat(guest.allocNested(Stes.s1(TABLE, Ste.Eats.S1CHK, true)[0], Ste.EATS.prep(Ste.Eats.S1CHK)))
                .isNull();
    }

    @Test
    void where_the_entry_leads_to_a_guests_descriptors_no_pasid_is_attached() {
        Rig pasids = new Rig(new lazaret.iommu.design.MinimumX(), setup -> setup.withPasids(4));
        PciDev dev = pasids.device(Rig.NIC);
        Domain.Paging memory = pasids.core.nestParentAlloc(dev);
        Domain.Paging other = pasids.core.pagingDomainAlloc(dev);

        assertThat(dev.group().attachPasid(other, 1)).isEqualTo(Errno.OK);
        assertThat(dev.group().replace(memory)).isEqualTo(Errno.EBUSY);
        dev.group().detachPasid(1);
        assertThat(dev.group().replace(memory)).isEqualTo(Errno.OK);
        assertThat(dev.group().attachPasid(other, 1)).isEqualTo(Errno.EINVAL);
    }
}
