// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import lazaret.iommu.Prot;
import lazaret.iommu.design.MinimumX;
import lazaret.iommu.design.planted.NoLastLook;
import lazaret.iommu.pci.PciDev;
import lazaret.kernel.Errno;
import lazaret.kernel.Held;
import lazaret.smmuv3.Cd;
import lazaret.smmuv3.Ste;
import org.junit.jupiter.api.Test;

class AttachTest {
    private static final String ATC_INV_ALL = "ATC_INV sid=0x100 addr=0x0 size=52";

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

    @Test
    void the_entry_is_there_before_the_device_may_ask_and_is_asked_to_forget_all_afterwards() {
        Rig rig = new Rig();
        rig.quiet();
        rig.device(Rig.NIC);

        assertThat(steps(rig)).containsExactly("CFGI_STE sid=0x100", "CFGI_CD sid=0x100 leaf",
                "CFGI_CD sid=0x100 leaf",
                "CFGI_STE sid=0x100 leaf", "CFGI_STE sid=0x100 leaf", "ATS on", ATC_INV_ALL);
    }

    @Test
    void entry_descriptor_and_array_say_what_was_attached() {
        Rig rig = new Rig();
        PciDev dev = rig.device(Rig.NIC);
        SmmuDomain domain = rig.domain(dev);
        Ste ste = rig.hw.inMemory(Rig.NIC);

        assertThat(ste.config()).isEqualTo(Ste.Config.S1_TRANS);
        assertThat(ste.eats()).isEqualTo(Ste.Eats.TRANS);
        long w0 = rig.machine.ram().load(ste.s1ContextPtr());
        assertThat(Cd.ASID.getInt(w0)).isEqualTo(domain.asid());
        assertThat(Cd.TTB0.in(rig.machine.ram().load(ste.s1ContextPtr() + 8))).isEqualTo(domain.ttb());
        assertThat(keys(rig, domain)).containsExactly(Inv.Key.asid(domain.asid()),
                Inv.Key.ats(Rig.master(dev), Cds.NO_PASID));
        assertThat(rig.functions.get(Rig.NIC).atsOn()).isTrue();
    }

    @Test
    void leaving_turns_the_device_off_first_and_asks_it_to_forget_before_flushes_stop_asking() {
        Rig rig = new Rig();
        PciDev dev = rig.device(Rig.NIC);
        SmmuDomain domain = rig.domain(dev);
        rig.quiet();
        assertThat(dev.group().replace(rig.smmu.blockedDomain())).isEqualTo(Errno.OK);

        assertThat(steps(rig)).containsExactly("ATS off", "CFGI_STE sid=0x100 leaf",
                "CFGI_STE sid=0x100 leaf",
                "CFGI_STE sid=0x100 leaf", ATC_INV_ALL, "TLBI_NH_ASID vmid=0x0 asid=0x" + domain.asid(),
                "CFGI_CD sid=0x100 leaf", "CFGI_CD sid=0x100 leaf");
        assertThat(keys(rig, domain)).isEmpty();
        assertThat(rig.hw.inMemory(Rig.NIC).words()).isEqualTo(Stes.abort());
    }

    @Test
    void replacing_a_domain_keeps_ats_on_and_empties_the_device() {
        Rig rig = new Rig();
        PciDev dev = rig.device(Rig.NIC);
        SmmuDomain before = rig.domain(dev);
        rig.quiet();
        SmmuDomain after = rig.share(dev);

        assertThat(rig.hw.trace).doesNotContain("ATS off", "ATS on").contains(ATC_INV_ALL);
        assertThat(rig.hw.inMemory(Rig.NIC).eats()).isEqualTo(Ste.Eats.TRANS);
        assertThat(keys(rig, before)).isEmpty();
        assertThat(keys(rig, after)).hasSize(2);
    }

    @Test
    void the_tag_is_flushed_when_its_last_device_leaves_and_not_before() {
        Rig rig = new Rig();
        PciDev nic = rig.device(Rig.NIC);
        PciDev gpu = rig.device(Rig.GPU);
        rig.share(nic, gpu);
        rig.quiet();

        assertThat(nic.group().replace(rig.smmu.blockedDomain())).isEqualTo(Errno.OK);
        assertThat(rig.hw.trace).noneMatch(t -> t.startsWith("TLBI"));
        assertThat(gpu.group().replace(rig.smmu.blockedDomain())).isEqualTo(Errno.OK);
        assertThat(rig.hw.trace).filteredOn(t -> t.startsWith("TLBI_NH_ASID")).hasSize(1);
    }

    @Test
    void a_fenced_device_is_attached_without_ats() {
        Rig rig = new Rig();
        PciDev dev = rig.device(Rig.NIC);
        rig.design.quarantine(Rig.master(dev));
        rig.quiet();
        SmmuDomain after = rig.share(dev);

        assertThat(rig.hw.inMemory(Rig.NIC).config()).isEqualTo(Ste.Config.S1_TRANS);
        assertThat(rig.hw.inMemory(Rig.NIC).eats()).isEqualTo(Ste.Eats.ABT);
        assertThat(rig.hw.trace).contains("ATS off").doesNotContain(ATC_INV_ALL);
        assertThat(keys(rig, after)).containsExactly(Inv.Key.asid(after.asid()));
    }

    @Test
    void an_attach_that_times_out_leaves_the_device_attached_and_fenced() {
        Rig rig = new Rig();
        rig.hw.silent.add(Rig.NIC);
        PciDev dev = rig.device(Rig.NIC);

        assertThat(rig.fence(dev)).isEqualTo(FenceState.HOLDS);
        assertThat(rig.hw.refusesAts(Rig.NIC)).isTrue();
        assertThat(rig.hw.inMemory(Rig.NIC).config()).isEqualTo(Ste.Config.S1_TRANS);
    }

    @Test
    void without_memory_for_the_array_nothing_has_changed() {
        Rig rig = new Rig();
        PciDev dev = rig.device(Rig.NIC);
        SmmuDomain before = rig.domain(dev);
        SmmuDomain next = (SmmuDomain) rig.smmu.allocPaging(dev);
        rig.quiet();
        rig.kernel.faults().failNth(1);

        assertThat(dev.group().replace(next)).isEqualTo(Errno.ENOMEM);
        assertThat(rig.hw.trace).isEmpty();
        assertThat(keys(rig, before)).hasSize(2);
    }

    @Test
    void leaving_needs_no_memory() {
        Rig rig = new Rig();
        PciDev dev = rig.device(Rig.NIC);
        SmmuDomain domain = rig.domain(dev);
        rig.kernel.faults().failNth(1);

        assertThat(dev.group().replace(rig.smmu.blockedDomain())).isEqualTo(Errno.OK);
        assertThat(keys(rig, domain)).isEmpty();
    }

    @Test
    void a_device_that_cannot_turn_ats_on_is_attached_without_it_and_leaves_no_trace() {
        Rig rig = new Rig();
        PciDev dev = rig.device(Rig.NIC);
        assertThat(dev.group().replace(rig.smmu.blockedDomain())).isEqualTo(Errno.OK);
        assertThat(dev.enableAts(12)).as("somebody was faster").isEqualTo(Errno.OK);
        rig.quiet();
        SmmuDomain domain = rig.share(dev);

        assertThat(rig.printed()).contains("0000:01:00.0: failed to enable ATS: EBUSY");
        assertThat(rig.hw.inMemory(Rig.NIC).eats()).isEqualTo(Ste.Eats.ABT);
        assertThat(keys(rig, domain)).containsExactly(Inv.Key.asid(domain.asid()));
        rig.quiet();
        assertThat(dev.group().replace(rig.smmu.blockedDomain())).isEqualTo(Errno.OK);
        assertThat(rig.hw.trace).doesNotContain("ATS off");
    }

    @Test
    void what_ats_needs_is_looked_at_in_probe_and_no_attach_tries_what_cannot_be() {
        Rig rig = new Rig();
        PciDev dev = rig.device(Rig.NIC);
        rig.core.releaseDevice(dev);
        assertThat(dev.enableAts(12)).as("somebody was faster").isEqualTo(Errno.OK);
        rig.quiet();
        assertThat(rig.core.probeDevice(dev)).isEqualTo(Errno.OK);
        SmmuDomain domain = rig.share(dev);

        assertThat(rig.printed()).contains("0000:01:00.0: does without ATS: EBUSY")
                .noneMatch(line -> line.contains("failed to enable ATS"));
        assertThat(rig.hw.inMemory(Rig.NIC).eats()).isEqualTo(Ste.Eats.ABT);
        assertThat(keys(rig, domain)).containsExactly(Inv.Key.asid(domain.asid()));
        assertThat(rig.complaints()).isEmpty();
    }

    // ---- identity with ATS

    private static Rig demanding() {
        Rig rig = new Rig(new MinimumX(), setup -> setup.withPasids(3));
        PciDev dev = rig.unprobed(Rig.NIC);
        dev.demandsAts();
        rig.quiet();
        assertThat(dev.add()).isEqualTo(Errno.OK);
        rig.devices.put(Rig.NIC, dev);
        return rig;
    }

    @Test
    void a_device_that_demands_ats_has_it_on_the_identity_domain() {
        Rig rig = demanding();
        Ste ste = rig.hw.inMemory(Rig.NIC);

        assertThat(ste.config()).isEqualTo(Ste.Config.S1_TRANS);
        assertThat(ste.s1Dss()).isEqualTo(Ste.S1Dss.BYPASS);
        assertThat(ste.eats()).isEqualTo(Ste.Eats.TRANS);
        assertThat(rig.hw.trace).containsSubsequence("CFGI_STE sid=0x100 leaf", "ATS on", ATC_INV_ALL);
        assertThat(rig.complaints()).isEmpty();
    }

    @Test
    void on_identity_it_is_fenced_as_anywhere_and_a_reset_gives_ats_back() {
        Rig rig = demanding();
        PciDev dev = rig.devices.get(Rig.NIC);
        rig.design.quarantine(Rig.master(dev));
        assertThat(rig.hw.refusesAts(Rig.NIC)).isTrue();
        assertThat(rig.hw.inMemory(Rig.NIC).s1Dss()).isEqualTo(Ste.S1Dss.BYPASS);

        rig.share(dev);
        rig.quiet();
        assertThat(dev.group().replace(rig.smmu.identityDomain())).isEqualTo(Errno.OK);
        assertThat(rig.hw.inMemory(Rig.NIC).s1Dss()).isEqualTo(Ste.S1Dss.BYPASS);
        assertThat(rig.hw.inMemory(Rig.NIC).eats()).isEqualTo(Ste.Eats.ABT);
        assertThat(rig.hw.trace).doesNotContain("ATS on");

        reset(rig, dev, Errno.OK);
        assertThat(rig.hw.inMemory(Rig.NIC).eats()).isEqualTo(Ste.Eats.TRANS);
        assertThat(rig.functions.get(Rig.NIC).atsOn()).isTrue();
        assertThat(rig.complaints()).isEmpty();
    }

    @Test
    void a_device_that_comes_from_page_tables_is_asked_to_forget_them() {
        Rig rig = demanding();
        PciDev dev = rig.devices.get(Rig.NIC);
        SmmuDomain domain = rig.share(dev);
        assertThat(keys(rig, domain)).hasSize(2);
        rig.quiet();
        assertThat(dev.group().replace(rig.smmu.identityDomain())).isEqualTo(Errno.OK);

        assertThat(rig.hw.trace).contains(ATC_INV_ALL).doesNotContain("ATS off");
        assertThat(keys(rig, domain)).isEmpty();
        assertThat(rig.hw.inMemory(Rig.NIC).eats()).isEqualTo(Ste.Eats.TRANS);
    }

    // ---- reset

    private static Errno reset(Rig rig, PciDev dev, Errno result) {
        Errno prepared = rig.core.resetPrepare(dev);
        rig.core.resetDone(dev, result);
        return prepared;
    }

    @Test
    void a_reset_that_worked_lifts_fence_and_mute_and_restores_ats() {
        Rig rig = new Rig();
        PciDev dev = rig.device(Rig.NIC);
        rig.design.quarantine(Rig.master(dev));
        rig.quiet();

        assertThat(reset(rig, dev, Errno.OK)).isEqualTo(Errno.OK);
        assertThat(rig.fence(dev)).isEqualTo(FenceState.NONE);
        assertThat(Rig.master(dev).muted()).isFalse();
        assertThat(rig.hw.inMemory(Rig.NIC).eats()).isEqualTo(Ste.Eats.TRANS);
        assertThat(keys(rig, rig.domain(dev))).hasSize(2);
        assertThat(rig.hw.trace).filteredOn(ATC_INV_ALL::equals).hasSize(1);
    }

    @Test
    void a_reset_that_failed_lifts_nothing() {
        Rig rig = new Rig();
        PciDev dev = rig.device(Rig.NIC);
        rig.design.quarantine(Rig.master(dev));
        reset(rig, dev, Errno.ENOTTY);

        assertThat(rig.fence(dev)).isEqualTo(FenceState.HOLDS);
        assertThat(Rig.master(dev).muted()).isTrue();
        assertThat(rig.hw.inMemory(Rig.NIC).words()).isEqualTo(Stes.abort());

        reset(rig, dev, Errno.OK);
        assertThat(rig.hw.inMemory(Rig.NIC).eats()).isEqualTo(Ste.Eats.TRANS);
    }

    @Test
    void a_reset_after_which_the_device_is_still_silent_does_not_count() {
        Rig rig = new Rig();
        PciDev dev = rig.device(Rig.NIC);
        rig.design.quarantine(Rig.master(dev));
        rig.hw.silent.add(Rig.NIC);
        reset(rig, dev, Errno.OK);

        assertThat(rig.hw.inMemory(Rig.NIC).words()).isEqualTo(Stes.abort());
        assertThat(rig.fence(dev)).isEqualTo(FenceState.HOLDS);
        assertThat(rig.functions.get(Rig.NIC).atsOn()).isFalse();
        assertThat(keys(rig, rig.domain(dev))).isEmpty();
        assertThat(dev.group().replace(rig.smmu.allocPaging(dev))).isEqualTo(Errno.EBUSY);

        rig.hw.silent.clear();
        reset(rig, dev, Errno.OK);
        assertThat(rig.hw.inMemory(Rig.NIC).eats()).isEqualTo(Ste.Eats.TRANS);
        assertThat(rig.complaints()).isEmpty();
    }

    @Test
    void a_healthy_device_survives_a_reset_while_its_domain_is_flushed() {
        Rig.random(100, () -> {
            Rig rig = new Rig();
            rig.share(rig.device(Rig.NIC), rig.device(Rig.GPU));
            return rig;
        }, rig -> {
            PciDev dev = rig.devices.get(Rig.NIC);
            SmmuDomain domain = rig.domain(dev);
            rig.cpu0.start("resets", () -> reset(rig, dev, Errno.OK));
            rig.cpu1.start("flushes", () -> {
                for (int i = 0; i < 3; i++) {
                    assertThat(domain.map(0x1000, 0x9000_0000L, 0x1000, Prot.READ)).isEqualTo(Errno.OK);
                    domain.unmap(0x1000, 0x1000);
                }
            });
        }, rig -> {
            assertThat(rig.fenced()).isEmpty();
            assertThat(rig.complaints()).isEmpty();
            assertThat(rig.hw.inMemory(Rig.NIC).eats()).isEqualTo(Ste.Eats.TRANS);
        });
    }

    // ---- against a fence that comes meanwhile

    /**
     * A fence while the device is attached to another domain; how often EATS was set after it was ordered.
     */
    private static int reopened(SmmuDesign design) {
        int[] count = {0};
        Rig.random(150, () -> {
            Rig rig = new Rig(design);
            rig.device(Rig.NIC);
            assertThat(rig.devices.get(Rig.NIC).group().replace(rig.smmu.blockedDomain()))
                    .isEqualTo(Errno.OK);
            return rig;
        }, rig -> {
            PciDev dev = rig.devices.get(Rig.NIC);
            rig.cpu0.start("attach", () -> rig.share(dev));
            rig.cpu1.start("fence", () -> rig.design.quarantine(Rig.master(dev)));
        }, rig -> {
            assertThat(rig.complaints()).isEmpty();
            assertThat(rig.fence(rig.devices.get(Rig.NIC))).isEqualTo(FenceState.HOLDS);
            count[0] += rig.hw.refusesAts(Rig.NIC) ? 0 : 1;
        });
        return count[0];
    }

    @Test
    void a_fence_is_never_lost_to_an_attach_that_was_under_way() {
        assertThat(reopened(new MinimumX())).isZero();
        assertThat(reopened(new NoLastLook())).isPositive();
    }
}
