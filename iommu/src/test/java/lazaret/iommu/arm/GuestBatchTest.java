// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import lazaret.smmuv3.Command;
import lazaret.smmuv3.TlbRange;
import org.junit.jupiter.api.Test;

class GuestBatchTest {
    private static final int VMID = 9;
    /** As the guest calls its only device. */
    private static final int GUESTS = 0x8;
    private static final Command ATC = new Command.AtcInv(GUESTS, false, 0, false, 0x1000, 0);

    private final Rig rig = new Rig();

    private GuestBatch guest() {
        rig.device(Rig.NIC);
        rig.device(Rig.GPU);
        rig.warm(Rig.NIC, Rig.GPU);
        rig.quiet();
        return new GuestBatch(rig.smmu, VMID, Map.of(GUESTS, Rig.NIC));
    }

    private List<String> asked() {
        return rig.hw.trace.stream().filter(t -> !t.startsWith("SYNC")).toList();
    }

    @Test
    void streams_and_vmid_are_those_of_hardware() {
        GuestBatch guest = guest();

        assertThat(guest.run(List.of(new Command.TlbiNhVa(0, 3, 0x1000, true, TlbRange.NONE),
                new Command.TlbiNsnhAll(), new Command.CfgiCdAll(GUESTS), ATC))).isEqualTo(4);
        assertThat(asked()).containsExactly("TLBI_NH_VA vmid=0x9 asid=0x3 addr=0x1000 leaf",
                "TLBI_NH_ALL vmid=0x9", "CFGI_CD_ALL sid=0x100", "ATC_INV sid=0x100 addr=0x1000 size=0");
    }

    @Test
    void a_time_out_is_contained_before_the_guest_hears_which_command_failed() {
        GuestBatch guest = guest();
        rig.hw.silent.add(Rig.NIC);

        assertThat(guest.run(List.of(new Command.TlbiNhAll(0), ATC, ATC))).isEqualTo(1);
        assertThat(rig.fenced()).containsExactly(Rig.NIC);
        assertThat(rig.muted()).containsExactly(Rig.NIC);
        assertThat(rig.complaints()).isEmpty();
    }

    @Test
    void a_quarantined_device_is_not_asked_again_and_the_guest_is_not_told_that_it_forgot() {
        GuestBatch guest = guest();
        rig.hw.silent.add(Rig.NIC);
        guest.run(List.of(ATC));
        rig.quiet();

        assertThat(guest.run(List.of(ATC))).isZero();
        assertThat(asked()).isEmpty();
    }

    @Test
    void what_a_guest_may_not_send_never_reaches_the_queue() {
        GuestBatch guest = guest();

        assertThat(guest.run(List.of(new Command.AtcInv(Rig.GPU, false, 0, false, 0, 52)))).isZero();
        assertThat(guest.run(List.of(new Command.CfgiSte(GUESTS, true)))).isZero();
        assertThat(guest.run(List.of(new Command.TlbiS12Vmall(0)))).isZero();
        assertThat(guest.run(List.of(new Command.CfgiAll()))).isZero();
        assertThat(rig.hw.trace).isEmpty();
    }
}
