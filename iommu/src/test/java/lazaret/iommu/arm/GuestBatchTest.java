// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import lazaret.iommu.Domain;
import lazaret.iommu.pci.PciDev;
import lazaret.kernel.Errno;
import lazaret.kernel.Held;
import lazaret.smmuv3.Command;
import lazaret.smmuv3.Ste;
import lazaret.smmuv3.TlbRange;
import org.junit.jupiter.api.Test;

class GuestBatchTest {
    /** As the guest calls its only device. */
    private static final int GUESTS = 0x8;
    private static final Command ATC = new Command.AtcInv(GUESTS, false, 0, false, 0x1000, 0);

    private final Rig rig = new Rig();

    /** A guest that has the NIC with a stage 1 of its own and ATS, and not the GPU. */
    private Vsmmu guest() {
        PciDev nic = rig.device(Rig.NIC);
        rig.device(Rig.GPU);
        Vsmmu guest = rig.smmu.vsmmu(rig.core.nestParentAlloc(nic));
        assertThat(guest.gives(nic, GUESTS)).isEqualTo(Errno.OK);
        long[] s1 = Stes.s1(0x4008_0000L, Ste.Eats.TRANS, true);
        Domain.Nested nested = guest.allocNested(s1[0], s1[1]);
        assertThat(nic.group().replace(nested)).isEqualTo(Errno.OK);
        rig.warm(Rig.NIC, Rig.GPU);
        rig.quiet();
        return guest;
    }

    private List<String> asked() {
        return rig.hw.trace.stream().filter(t -> !t.startsWith("SYNC")).toList();
    }

    @Test
    void streams_and_vmid_are_those_of_hardware() {
        Vsmmu guest = guest();

        assertThat(guest.invalidate(List.of(new Command.TlbiNhVa(0, 3, 0x1000, true, TlbRange.NONE),
                new Command.TlbiNsnhAll(), new Command.CfgiCdAll(GUESTS), ATC))).isEqualTo(4);
        assertThat(asked()).containsExactly("TLBI_NH_VA vmid=0x1 asid=0x3 addr=0x1000 leaf",
                "TLBI_NH_ALL vmid=0x1", "CFGI_CD_ALL sid=0x100", "ATC_INV sid=0x100 addr=0x1000 size=0");
    }

    @Test
    void a_time_out_is_contained_before_the_guest_hears_which_command_failed() {
        Vsmmu guest = guest();
        rig.hw.silent.add(Rig.NIC);

        assertThat(guest.invalidate(List.of(new Command.TlbiNhAll(0), ATC, ATC))).isEqualTo(1);
        assertThat(rig.fenced()).containsExactly(Rig.NIC);
        assertThat(rig.muted()).containsExactly(Rig.NIC);
        assertThat(rig.complaints()).isEmpty();
    }

    @Test
    void a_quarantined_device_is_not_asked_again_and_the_guest_is_not_told_that_it_forgot() {
        Vsmmu guest = guest();
        rig.hw.silent.add(Rig.NIC);
        guest.invalidate(List.of(ATC));
        rig.quiet();

        assertThat(guest.invalidate(List.of(ATC))).isZero();
        assertThat(asked()).isEmpty();
    }

    @Test
    void while_a_device_does_not_answer_its_guest_others_can_be_attached() {
        Vsmmu guest = guest();
        rig.hw.silent.add(Rig.NIC);
        long[] when = new long[2];

        rig.run((_, _) -> 0, () -> {
            rig.cpu0.start("guest", () -> {
                guest.invalidate(List.of(ATC));
                when[0] = rig.machine.clock().now();
            });
            rig.cpu1.start("host", () -> {
                rig.kernel.msleep(1);
                try (Held _ = rig.smmu.attachLock().lock()) {
                    when[1] = rig.machine.clock().now();
                }
            });
        });

        assertThat(rig.complaints()).isEmpty();
        assertThat(when[1]).isBetween(1L, PlayedSmmu.ATC_LIMIT_US - 1);
        assertThat(when[0]).isGreaterThanOrEqualTo(PlayedSmmu.ATC_LIMIT_US);
    }

    @Test
    void what_a_guest_may_not_send_never_reaches_the_queue() {
        Vsmmu guest = guest();

        assertThat(guest.invalidate(List.of(new Command.AtcInv(Rig.GPU, false, 0, false, 0, 52)))).isZero();
        assertThat(guest.invalidate(List.of(new Command.CfgiSte(GUESTS, true)))).isZero();
        assertThat(guest.invalidate(List.of(new Command.TlbiS12Vmall(0)))).isZero();
        assertThat(guest.invalidate(List.of(new Command.CfgiAll()))).isZero();
        assertThat(rig.hw.trace).isEmpty();
    }

    @Test
    void a_device_that_was_taken_from_the_guest_is_not_asked_for_it() {
        Vsmmu guest = guest();
        guest.takes(GUESTS);

        assertThat(guest.invalidate(List.of(ATC))).isZero();
        assertThat(guest.invalidate(List.of(new Command.CfgiCdAll(GUESTS)))).isZero();
        assertThat(rig.hw.trace).isEmpty();
    }

    @Test
    void a_device_that_has_left_the_vm_is_not_asked_for_it() {
        Vsmmu guest = guest();
        assertThat(rig.devices.get(Rig.NIC).group().replace(rig.smmu.blockedDomain())).isEqualTo(Errno.OK);
        rig.quiet();

        assertThat(guest.invalidate(List.of(ATC))).isZero();
        assertThat(rig.hw.trace).isEmpty();
    }
}
