// SPDX-License-Identifier: Apache-2.0
package lazaret.pcie.hw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import lazaret.machine.Machine;
import lazaret.machine.Unmodelled;
import lazaret.pcie.At;
import lazaret.pcie.Bdf;
import lazaret.pcie.Config;
import lazaret.pcie.Config.AcsCap;
import lazaret.pcie.CplStatus;
import lazaret.pcie.DownTlp;
import lazaret.pcie.Function;
import lazaret.pcie.Pasid;
import lazaret.pcie.PcieEntry;
import lazaret.pcie.Tlp;
import lazaret.pcie.hw.DownPort.Event;
import lazaret.pcie.hw.Switch.Place;
import org.junit.jupiter.api.Test;

/** Where requests go: to peers, to the root, to nobody; with and without access control. */
class SwitchTest {
    private static final long PEER = PortRig.GPU_BAR + 8;

    private final PortRig rig = new PortRig(Place.SWITCH);

    private void writes(long address) {
        rig.nic.program().untranslated().write(address, 7).ring();
        rig.settle();
    }

    private void forges(long address) {
        rig.nic.program().forgedWrite(address, 9).ring();
        rig.settle();
    }

    @Test
    void without_access_control_a_peer_is_reached_and_the_root_sees_nothing() {
        writes(PEER);
        assertThat(rig.gpu.mailbox()).isEqualTo(7);
        assertThat(rig.root.isEmpty()).isTrue();
        forges(PEER);
        assertThat(rig.gpu.mailbox()).isEqualTo(9);
        assertThat(rig.log).contains(new PcieEntry.PeerReached(0x200, 0x100, At.TRANSLATED, true, PEER, 9));
        assertThat(rig.logged("02:00.0 is written 0x9 at 0xe0000008 by 01:00.0 translated")).isTrue();
    }

    @Test
    void a_read_of_a_peer_is_answered_by_it() {
        writes(PEER);
        var program = rig.nic.program().untranslated().read(PEER);
        program.ring();
        rig.settle();
        assertThat(program.lastRead()).isEqualTo(7);
    }

    @Test
    void redirection_sends_all_of_it_to_the_root() {
        rig.acs(AcsCap.RR.mask());
        writes(PEER);
        forges(PEER);
        assertThat(rig.gpu.mailbox()).isZero();
        assertThat(rig.root.take(Tlp.MemWrite.class).at()).isEqualTo(At.UNTRANSLATED);
        assertThat(rig.root.take(Tlp.MemWrite.class).at()).isEqualTo(At.TRANSLATED);
    }

    @Test
    void direct_translated_requests_pass_the_root_by_although_others_are_redirected() {
        rig.acs(AcsCap.RR.mask() | AcsCap.DT.mask());
        writes(PEER);
        assertThat(rig.root.take(Tlp.MemWrite.class).at()).isEqualTo(At.UNTRANSLATED);
        forges(PEER);
        assertThat(rig.gpu.mailbox()).isEqualTo(9);
        assertThat(rig.root.isEmpty()).isTrue();
    }

    @Test
    void what_is_for_no_peer_goes_to_the_root_and_so_does_what_a_peer_does_not_decode() {
        writes(0x1000);
        assertThat(rig.root.take(Tlp.MemWrite.class).address()).isEqualTo(0x1000);
        rig.gpu.config().write16(Config.COMMAND, 0);
        writes(PEER);
        assertThat(rig.root.take(Tlp.MemWrite.class).address()).isEqualTo(PEER);
    }

    @Test
    void a_peer_that_is_gone_takes_nothing() {
        rig.right.linkFails(Event.UNTOLD);
        writes(PEER);
        assertThat(rig.root.take(Tlp.MemWrite.class).address()).isEqualTo(PEER);

        rig.right.linkRecovers();
        rig.pass(EndpointParams.FLR_US);
        rig.gpu.config().write32(Config.BAR0, (int) PortRig.GPU_BAR);
        rig.gpu.config().write16(Config.COMMAND, 2);
        var program = rig.nic.program().untranslated().read(PEER);
        program.ring();
        strand("nic dma2").step();
        rig.gpu.remove();
        rig.settle();
        assertThat(program.failed()).as("on its way when the peer went").isEqualTo(1);
    }

    private lazaret.machine.Strand strand(String name) {
        return rig.machine.hardware().stream().filter(s -> s.name().equals(name)).findFirst().orElseThrow();
    }

    @Test
    void translation_blocking_stops_all_that_is_not_untranslated() {
        rig.acs(AcsCap.TB.mask());
        forges(0x8000_0000L);
        assertThat(rig.root.isEmpty()).isTrue();
        assertThat(rig.logged("ACS translation blocking")).isTrue();
        rig.nic.config().write16(Rig.ATS_CTRL, 1 << 15);
        var program = rig.nic.program().write(0x1000, 1);
        program.ring();
        rig.settle();
        assertThat(program.failed()).as("its translation request is refused").isEqualTo(1);
        writes(0x1000);
        assertThat(rig.root.take()).isInstanceOf(Tlp.MemWrite.class);
    }

    @Test
    void source_validation_stops_ids_that_do_not_belong_below() {
        rig.acs(AcsCap.SV.mask());
        writes(0x1000);
        assertThat(rig.root.isEmpty()).isFalse();
        rig.root.clear();
        rig.left.config().write32(Config.BUSES, 0x05_05_00);
        writes(0x1000);
        assertThat(rig.root.isEmpty()).isTrue();
        assertThat(rig.logged("ACS source validation")).isTrue();
    }

    @Test
    void a_port_that_is_no_bus_master_passes_messages_only() {
        rig.left.config().write16(Config.COMMAND, 0);
        var program = rig.nic.program().untranslated().write(0x1000, 1).read(0x1000);
        program.ring();
        rig.settle();
        assertThat(rig.root.isEmpty()).isTrue();
        assertThat(program.failed()).as("the read").isEqualTo(1);
        rig.nic.send(new Tlp.InvalidateCompletion(0x100, 1, 1));
        assertThat(rig.root.take()).isInstanceOf(Tlp.InvalidateCompletion.class);
    }

    // Conventional PCI.

    private final Machine machine = rig.machine;
    private Function alias;
    private final HandPlayedRoot there = new HandPlayedRoot();
    private final ConventionalBridge bridge = new ConventionalBridge(machine, 5, function -> {
        alias = function;
        return there;
    });

    private Endpoint old(String bdf) {
        var params = EndpointParams.USUAL.withoutAts().pasidBits(0);
        var old = new Endpoint(machine, bdf, Bdf.parse(bdf), params, EndpointFaults.NONE);
        bridge.plug(old);
        old.config().write16(Config.COMMAND, 6);
        return old;
    }

    @Test
    void behind_a_bridge_to_conventional_pci_all_functions_look_alike() {
        Endpoint one = old("05:01.0");
        Endpoint two = old("05:02.0");
        one.program().untranslated().write(0x1000, 1).ring();
        two.program().untranslated().write(0x2000, 2).ring();
        rig.settle();
        assertThat(there.take(Tlp.MemWrite.class).rid()).isEqualTo(bridge.alias()).isEqualTo(0x500);
        assertThat(there.take(Tlp.MemWrite.class).rid()).isEqualTo(alias.rid());
        assertThat(alias.listening()).isTrue();
    }

    @Test
    void answers_find_the_one_that_asked() {
        Program first = old("05:01.0").program().untranslated().read(0x1000);
        Program second = old("05:02.0").program().untranslated().read(0x2000);
        first.ring();
        second.ring();
        rig.settle();
        var one = there.take(Tlp.MemRead.class);
        var two = there.take(Tlp.MemRead.class);
        alias.receive(new DownTlp.ReadCompletion(CplStatus.SC, two.tag(), 2));
        alias.receive(new DownTlp.ReadCompletion(CplStatus.SC, one.tag(), 1));
        alias.receive(new DownTlp.ReadCompletion(CplStatus.SC, one.tag(), 3));
        rig.settle();
        assertThat(first.lastRead()).isEqualTo(1);
        assertThat(second.lastRead()).isEqualTo(2);
    }

    @Test
    void an_invalidation_by_that_id_reaches_nobody() {
        old("05:01.0");
        alias.receive(new DownTlp.InvalidateRequest(0, Pasid.NONE, false, 0x1000));
        rig.settle();
        assertThat(there.isEmpty()).isTrue();
    }

    @Test
    void there_is_no_ats_on_that_bus() {
        Endpoint one = old("05:01.0");
        assertThatThrownBy(() -> one.send(new Tlp.InvalidateCompletion(0x508, 1, 1)))
                .isInstanceOf(Unmodelled.class);
        one.program().forgedWrite(0x8000_0000L, 1).ring();
        assertThatThrownBy(rig::settle).isInstanceOf(Unmodelled.class);
    }

    @Test
    void it_remembers_only_so_many_reads() {
        Endpoint one = old("05:01.0");
        for (int tag = 0; tag < 32; tag++) {
            one.send(new Tlp.MemRead(0x508, At.UNTRANSLATED, Pasid.NONE, 0x1000, tag, 0x1000));
        }
        assertThatThrownBy(() -> one.send(new Tlp.MemRead(0x508, At.UNTRANSLATED, Pasid.NONE, 0, 32, 0)))
                .isInstanceOf(Unmodelled.class);
    }
}
