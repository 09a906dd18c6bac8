// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import lazaret.iommu.design.MinimumX;
import lazaret.iommu.pci.PciDev;
import lazaret.kernel.Errno;
import lazaret.kernel.Held;
import lazaret.smmuv3.Cd;
import lazaret.smmuv3.L1Cd;
import lazaret.smmuv3.Ste;
import org.junit.jupiter.api.Test;

class PasidChangeTest {
    private static final int PASID = 5;
    private static final String ATC_INV_ALL = "ATC_INV sid=0x100 ssv ssid=0x5 addr=0x0 size=52";

    private final Rig rig = new Rig(new MinimumX(), setup -> setup.withPasids(3));
    private final PciDev dev = rig.device(Rig.NIC);
    private final SmmuDomain domain = (SmmuDomain) rig.smmu.allocPaging(dev);

    private static List<String> steps(Rig rig) {
        return rig.hw.trace.stream().filter(t -> !t.startsWith("SYNC")).toList();
    }

    private static List<Inv.Key> keys(Rig rig, SmmuDomain domain) {
        List<Inv.Key> keys = new ArrayList<>();
        try (Held _ = rig.kernel.rcu().readLock()) {
            for (int i = 0; i < domain.invs().size(); i++) {
                if (domain.invs().get(i).inUse()) {
                    keys.add(domain.invs().get(i).key());
                }
            }
        }
        return keys;
    }

    private Ste ste() {
        return rig.hw.inMemory(Rig.NIC);
    }

    @Test
    void pasids_are_on_before_ats_and_off_after_it() {
        Rig other = new Rig(new MinimumX(), setup -> setup.withPasids(3));
        other.quiet();
        PciDev nic = other.device(Rig.NIC);
        assertThat(steps(other)).containsSubsequence("PASID on", "ATS on");

        other.quiet();
        other.core.releaseDevice(nic);
        assertThat(steps(other)).containsSubsequence("ATS off", "PASID off");
        assertThat(other.complaints()).isEmpty();
    }

    @Test
    void a_reset_that_switched_pasids_off_has_them_on_again_before_ats() {
        dev.group().attachPasid(domain, PASID);
        assertThat(rig.core.resetPrepare(dev)).isEqualTo(Errno.OK);
        dev.disablePasid();
        rig.quiet();
        rig.core.resetDone(dev, Errno.OK);

        assertThat(steps(rig)).containsSubsequence("PASID on", "ATS on", ATC_INV_ALL);
        assertThat(rig.complaints()).isEmpty();
    }

    @Test
    void a_pasid_gets_its_descriptor_and_the_device_forgets_what_it_had_under_it() {
        rig.quiet();
        assertThat(dev.group().attachPasid(domain, PASID)).isEqualTo(Errno.OK);

        assertThat(steps(rig)).containsExactly("CFGI_CD sid=0x100 ssid=0x5 leaf",
                "CFGI_CD sid=0x100 ssid=0x5 leaf", ATC_INV_ALL);
        long cd = ste().s1ContextPtr() + PASID * 64;
        assertThat(Cd.ASID.getInt(rig.machine.ram().load(cd))).isEqualTo(domain.asid());
        assertThat(Cd.TTB0.in(rig.machine.ram().load(cd + 8))).isEqualTo(domain.ttb());
        assertThat(Ste.S1CDMAX.getInt(ste().words()[0])).isEqualTo(3);
    }

    @Test
    void a_flush_asks_for_each_pasid_by_its_number() {
        dev.group().attachPasid(domain, PASID);
        dev.group().attachPasid(domain, 3);
        assertThat(keys(rig, domain)).containsExactly(Inv.Key.asid(domain.asid()),
                Inv.Key.ats(Rig.master(dev), 3), Inv.Key.ats(Rig.master(dev), PASID));
        rig.quiet();
        domain.invRange(0x1000, 0x1fff);

        assertThat(steps(rig)).contains("ATC_INV sid=0x100 ssv ssid=0x3 addr=0x1000 size=0",
                "ATC_INV sid=0x100 ssv ssid=0x5 addr=0x1000 size=0");
    }

    @Test
    void who_is_silent_for_two_pasids_is_one_culprit() {
        dev.group().attachPasid(domain, PASID);
        dev.group().attachPasid(domain, 3);
        rig.hw.silent.add(Rig.NIC);
        domain.invRange(0x1000, 0x1fff);

        assertThat(rig.fenced()).containsExactly(Rig.NIC);
        assertThat(rig.muted()).containsExactly(Rig.NIC);
        assertThat(rig.hw.refusesAts(Rig.NIC)).isTrue();
    }

    @Test
    void detached_it_has_no_descriptor_and_nobody_is_asked() {
        dev.group().attachPasid(domain, PASID);
        rig.quiet();
        dev.group().detachPasid(PASID);

        assertThat(steps(rig)).containsSubsequence("CFGI_CD sid=0x100 ssid=0x5 leaf", ATC_INV_ALL);
        assertThat(rig.machine.ram().load(ste().s1ContextPtr() + PASID * 64)).isZero();
        assertThat(keys(rig, domain)).isEmpty();
        assertThat(rig.complaints()).isEmpty();
    }

    @Test
    void with_a_pasid_in_use_the_entry_says_by_itself_what_becomes_of_dma_without() {
        dev.group().attachPasid(domain, PASID);

        assertThat(dev.group().replace(rig.smmu.identityDomain())).isEqualTo(Errno.OK);
        assertThat(ste().s1Dss()).isEqualTo(Ste.S1Dss.BYPASS);
        assertThat(ste().eats()).isEqualTo(Ste.Eats.TRANS);
        assertThat(dev.group().replace(rig.smmu.blockedDomain())).isEqualTo(Errno.OK);
        assertThat(ste().s1Dss()).isEqualTo(Ste.S1Dss.TERMINATE);
        assertThat(dev.atsEnabled()).isTrue();

        dev.group().detachPasid(PASID);
        assertThat(ste().words()).isEqualTo(Stes.abort());
        assertThat(dev.atsEnabled()).isFalse();
        assertThat(rig.complaints()).isEmpty();
    }

    @Test
    void the_first_pasid_of_a_blocked_device_turns_ats_on() {
        dev.group().replace(rig.smmu.blockedDomain());
        rig.quiet();

        assertThat(dev.group().attachPasid(domain, PASID)).isEqualTo(Errno.OK);
        assertThat(steps(rig)).containsSubsequence("CFGI_CD sid=0x100 ssid=0x5 leaf",
                "CFGI_STE sid=0x100 leaf", "ATS on", ATC_INV_ALL);
        assertThat(ste().s1Dss()).isEqualTo(Ste.S1Dss.TERMINATE);
        assertThat(ste().eats()).isEqualTo(Ste.Eats.TRANS);
    }

    @Test
    void nothing_that_a_pasid_does_lifts_a_fence() {
        dev.group().attachPasid(domain, 3);
        rig.design.quarantine(Rig.master(dev));

        dev.group().attachPasid(domain, PASID);
        dev.group().replace(rig.smmu.identityDomain());
        assertThat(rig.hw.refusesAts(Rig.NIC)).isTrue();
        dev.group().detachPasid(3);
        dev.group().detachPasid(PASID);
        assertThat(rig.hw.refusesAts(Rig.NIC)).isTrue();
        assertThat(rig.hw.trace).doesNotContain(ATC_INV_ALL);
    }

    @Test
    void ats_begins_for_all_or_for_nobody() {
        rig.design.quarantine(Rig.master(dev));
        rig.share(dev);
        assertThat(dev.group().attachPasid(domain, PASID)).isEqualTo(Errno.OK);

        assertThat(keys(rig, domain)).containsExactly(Inv.Key.asid(domain.asid()));
        assertThat(dev.atsEnabled()).isFalse();
    }

    @Test
    void without_memory_nothing_has_changed() {
        rig.quiet();
        SmmuDomain one = domain;
        rig.kernel.faults().failNth(3);     // the array slot, the callback, the invalidation array

        assertThat(dev.group().attachPasid(one, PASID)).isEqualTo(Errno.ENOMEM);
        assertThat(steps(rig)).isEmpty();
        assertThat(keys(rig, one)).isEmpty();
        assertThat(dev.group().attachPasid(one, PASID)).isEqualTo(Errno.OK);
    }

    @Test
    void many_pasids_have_leaves_that_come_with_the_first_of_their_range() {
        Rig many = new Rig(new MinimumX(), setup -> setup.withPasids(8));
        PciDev nic = many.device(Rig.NIC);
        SmmuDomain far = (SmmuDomain) many.smmu.allocPaging(nic);
        many.quiet();
        assertThat(nic.group().attachPasid(far, 0x41)).isEqualTo(Errno.OK);

        assertThat(steps(many)).startsWith("CFGI_CD sid=0x100 ssid=0x41");
        Ste entry = many.hw.inMemory(Rig.NIC);
        assertThat(entry.s1Fmt()).isEqualTo(Ste.S1Fmt.LEAF_4K);
        long leaf = L1Cd.L2PTR.in(many.machine.ram().load(entry.s1ContextPtr() + 8));
        assertThat(Cd.ASID.getInt(many.machine.ram().load(leaf + 64))).isEqualTo(far.asid());
        many.core.releaseDevice(nic);
        assertThat(many.complaints().stream().map(Object::toString)).noneMatch(c -> c.contains("page"));
    }
}
