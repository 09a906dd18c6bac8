// SPDX-License-Identifier: Apache-2.0
package lazaret.pcie.hw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import lazaret.machine.Unmodelled;
import lazaret.pcie.AtsSpan;
import lazaret.pcie.Config;
import lazaret.pcie.Config.AerCap;
import lazaret.pcie.Config.BridgeControl;
import lazaret.pcie.Config.DpcCap;
import lazaret.pcie.Config.ExpressCap;
import lazaret.pcie.DownTlp;
import lazaret.pcie.Pasid;
import lazaret.pcie.PcieEntry;
import lazaret.pcie.Tlp;
import lazaret.pcie.hw.DownPort.Event;
import lazaret.pcie.hw.Switch.Place;
import org.junit.jupiter.api.Test;

/** What a port does to the link below it: resets, containment, failures, an empty slot. */
class DownPortTest {
    private final PortRig rig = new PortRig(Place.SWITCH);

    private boolean there() {
        return rig.nic.config().read32(Config.VENDOR_ID) != -1;
    }

    private void invalidate() {
        rig.seen.receive(new DownTlp.InvalidateRequest(0, Pasid.NONE, false, AtsSpan.encode(0x1000, 0)));
        rig.settle();
    }

    private void bridgeControl(long value) {
        rig.left.config().write16(Config.BRIDGE_CONTROL, (int) value);
    }

    @Test
    void it_shows_itself_as_a_bridge_with_the_buses_below() {
        assertThat(rig.left.config().read8(Config.HEADER_TYPE)).isEqualTo(1);
        assertThat(rig.left.config().read32(Config.CLASS_REV) >>> 16).isEqualTo(0x0604);
        assertThat(Config.Buses.SECONDARY.get(rig.left.config().read32(Config.BUSES))).isEqualTo(1);
        assertThat(rig.linkActive()).isTrue();
        assertThat(ExpressCap.PDS.test(rig.slotStatus())).isTrue();
        assertThat(rig.left.bdf().rid()).isEqualTo(8);
    }

    @Test
    void a_secondary_bus_reset_lasts_as_long_as_software_says_and_resets_all_below() {
        bridgeControl(BridgeControl.SBR.mask());
        assertThat(there()).isFalse();
        assertThat(rig.gpu.ready()).as("below the other port").isTrue();
        rig.pass(5 * EndpointParams.FLR_US);
        assertThat(there()).isFalse();

        bridgeControl(0);
        rig.pass(EndpointParams.FLR_US);
        assertThat(there()).isTrue();
        assertThat(rig.nic.config().read16(Config.COMMAND)).isZero();
        assertThat(rig.root.resets()).isEqualTo(1);
    }

    @Test
    void a_disabled_link_is_down_until_it_is_enabled() {
        rig.left.config().write16(PortRig.SLOT + ExpressCap.LNKCTL, (int) ExpressCap.LD.mask());
        assertThat(rig.linkActive()).isFalse();
        assertThat(there()).isFalse();
        rig.left.config().write16(PortRig.SLOT + ExpressCap.LNKCTL, 0);
        assertThat(rig.linkActive()).isTrue();
        rig.pass(EndpointParams.FLR_US);
        assertThat(there()).isTrue();
    }

    @Test
    void a_link_that_fails_interrupts_whoever_wants_to_hear_of_it() {
        rig.slotEvents(ExpressCap.DLLSCE.mask());
        rig.left.linkFails(Event.TOLD);
        assertThat(rig.left.irq().pending()).isTrue();
        assertThat(ExpressCap.DLLSC.test(rig.slotStatus())).isTrue();
        rig.left.config().write16(PortRig.SLOT + ExpressCap.SLTSTA, (int) ExpressCap.DLLSC.mask());
        assertThat(ExpressCap.DLLSC.test(rig.slotStatus())).isFalse();

        rig.left.linkRecovers();
        assertThat(ExpressCap.DLLSC.test(rig.slotStatus())).isTrue();
    }

    @Test
    void or_nobody_learns_of_it_who_does_not_look() {
        rig.slotEvents(ExpressCap.DLLSCE.mask());
        rig.dpc(DpcCap.FATAL);
        rig.left.linkFails(Event.UNTOLD);
        assertThat(rig.left.irq().pending()).isFalse();
        assertThat(ExpressCap.DLLSC.test(rig.slotStatus())).isFalse();
        assertThat(rig.dpcStatus()).isZero();
        assertThat(rig.linkActive()).as("who reads the status sees it").isFalse();
        assertThat(there()).isFalse();
        invalidate();
        assertThat(rig.root.isEmpty()).isTrue();
        assertThat(rig.logged("ends at left: link down")).isTrue();
    }

    @Test
    void without_interrupts_enabled_there_is_only_the_status() {
        rig.left.linkFails(Event.TOLD);
        assertThat(rig.left.irq().pending()).isFalse();
        assertThat(ExpressCap.DLLSC.test(rig.slotStatus())).isTrue();
    }

    @Test
    void who_is_pulled_out_does_not_come_back_and_the_slot_says_so() {
        rig.slotEvents(ExpressCap.PDCE.mask());
        rig.left.pulledOut();
        assertThat(rig.left.irq().pending()).isTrue();
        assertThat(ExpressCap.PDS.test(rig.slotStatus())).isFalse();
        assertThat(ExpressCap.PDC.test(rig.slotStatus())).isTrue();
        rig.left.linkRecovers();
        rig.pass(EndpointParams.FLR_US);
        assertThat(rig.nic.alive()).isFalse();
    }

    @Test
    void an_error_contains_the_port_until_software_releases_it() {
        rig.dpc(DpcCap.FATAL);
        rig.left.error(rig.nic, true);
        assertThat(rig.dpcStatus()).isEqualTo(
                (int) (DpcCap.TRIGGER.mask() | DpcCap.REASON.prep(2) | DpcCap.INTERRUPT.mask()));
        assertThat(rig.left.config().read16(PortRig.DPC + DpcCap.SOURCE_ID)).isEqualTo(0x100);
        assertThat(rig.left.irq().pending()).isTrue();
        assertThat(there()).isFalse();
        invalidate();
        assertThat(rig.root.isEmpty()).isTrue();

        rig.left.config().write16(PortRig.DPC + DpcCap.STATUS,
                (int) (DpcCap.TRIGGER.mask() | DpcCap.INTERRUPT.mask()));
        assertThat(rig.dpcStatus() & 9).isZero();
        rig.pass(EndpointParams.FLR_US);
        assertThat(there()).isTrue();
        assertThat(rig.log).contains(new PcieEntry.PortChanged(8, "left", "is contained"),
                new PcieEntry.PortChanged(8, "left", "link up"));
    }

    @Test
    void which_errors_do_that_is_for_software_to_say() {
        rig.left.error(rig.nic, true);
        assertThat(rig.left.linkUp()).as("off").isTrue();
        rig.dpc(DpcCap.FATAL);
        rig.left.error(rig.nic, false);
        assertThat(rig.left.linkUp()).as("fatal ones only").isTrue();
        rig.dpc(DpcCap.NON_FATAL);
        rig.left.error(rig.nic, false);
        assertThat(rig.left.linkUp()).isFalse();
        assertThat(DpcCap.REASON.get(rig.dpcStatus())).isEqualTo(1);
    }

    @Test
    void an_error_that_contains_nobody_reaches_the_root_which_tells_of_the_first_one() {
        var root = new PortRig(Place.ROOT);
        root.left.error(root.nic, false);
        assertThat(root.left.irq().pending()).as("nobody asked for it").isFalse();
        root.left.config().write16(PortRegisters.AER + AerCap.ROOT_STATUS, 0x24);
        root.left.config().write16(PortRegisters.AER + AerCap.ROOT_COMMAND, (int) AerCap.FATAL_EN.mask());
        root.left.error(root.nic, false);
        assertThat(root.left.irq().pending()).as("only fatal ones").isFalse();
        root.left.error(root.gpu, true);

        assertThat(root.left.irq().pending()).isTrue();
        assertThat(root.left.linkUp()).isTrue();
        assertThat(root.left.config().read16(PortRegisters.AER + AerCap.ROOT_STATUS)).isEqualTo(0x6c);
        assertThat(root.left.config().read16(PortRegisters.AER + AerCap.UNCOR_SOURCE)).isEqualTo(0x100);
    }

    @Test
    void a_failing_link_triggers_it_too_and_so_does_software() {
        rig.dpc(DpcCap.FATAL);
        rig.left.linkFails(Event.TOLD);
        assertThat(DpcCap.REASON.get(rig.dpcStatus())).isZero();
        assertThat(DpcCap.TRIGGER.test(rig.dpcStatus())).isTrue();

        var other = new PortRig(Place.SWITCH);
        other.left.config().write16(PortRig.DPC + DpcCap.CTL, (int) DpcCap.TRIGGER_NOW.mask());
        assertThat(other.left.linkUp()).as("it is off").isTrue();
        other.left.config().write16(PortRig.DPC + DpcCap.CTL,
                (int) (DpcCap.TRIGGER_ENABLE.prep(1) | DpcCap.TRIGGER_NOW.mask()));
        assertThat(other.left.linkUp()).isFalse();
        assertThat(DpcCap.REASON.get(other.dpcStatus())).isEqualTo(3);
        assertThat(DpcCap.REASON_EXT.get(other.dpcStatus())).isEqualTo(1);
    }

    @Test
    void what_the_port_has_taken_arrives_although_the_link_is_down() {
        rig.above.holdsBack(EndpointFaults.HELD);
        rig.nic.program().untranslated().write(0x1000, 7).ring();
        rig.settle();
        rig.left.linkFails(Event.UNTOLD);
        assertThat(rig.root.isEmpty()).isTrue();
        rig.above.release();
        rig.settle();
        assertThat(rig.root.take(Tlp.MemWrite.class).data()).isEqualTo(7);
    }

    @Test
    void a_switch_that_dawdles_keeps_the_order_and_its_time() {
        rig.above.holdsBack(10);
        var program = rig.nic.program().untranslated().write(0x1000, 1).write(0x1000, 2);
        program.ring();
        rig.settle();
        rig.above.holdsBack(0);
        program.ring();
        rig.settle();
        assertThat(rig.root.isEmpty()).as("nothing passes what is held").isTrue();
        rig.pass(10);
        assertThat(rig.root.take(Tlp.MemWrite.class).data()).isEqualTo(1);
        assertThat(rig.root.take(Tlp.MemWrite.class).data()).isEqualTo(2);
    }

    @Test
    void a_root_port_is_busy_while_something_rises_and_must_not_be_released_then() {
        var root = new PortRig(Place.ROOT);
        root.dpc(DpcCap.FATAL);
        root.above.holdsBack(EndpointFaults.HELD);
        root.nic.program().untranslated().write(0x1000, 7).ring();
        root.settle();
        root.left.error(root.nic, true);
        assertThat(DpcCap.RP_BUSY.test(root.dpcStatus())).isTrue();
        assertThatThrownBy(() -> root.left.config().write16(PortRig.DPC + DpcCap.STATUS, 1))
                .isInstanceOf(Unmodelled.class);
        root.above.release();
        root.settle();
        root.left.config().write16(PortRig.DPC + DpcCap.STATUS, 1);
        assertThat(root.left.linkUp()).isTrue();
    }

    @Test
    void the_root_knows_its_own_links_and_those_behind_a_switch_not() {
        assertThat(rig.seen.rid()).isEqualTo(0x100);
        rig.left.linkFails(Event.UNTOLD);
        assertThat(rig.seen.listening()).isTrue();
        var root = new PortRig(Place.ROOT);
        assertThat(root.seen.listening()).isTrue();
        root.left.linkFails(Event.UNTOLD);
        assertThat(root.seen.listening()).isFalse();
    }

    @Test
    void a_message_comes_down_and_its_answer_goes_up() {
        invalidate();
        assertThat(rig.root.take(Tlp.InvalidateCompletion.class).itagVector()).isEqualTo(1);
    }

    @Test
    void only_defined_bits_of_its_registers_are_writable() {
        for (int offset = 0; offset < Config.SIZE; offset += 4) {
            if (offset != PortRig.DPC + DpcCap.CAP && offset != (Config.BRIDGE_CONTROL & ~3)) {
                rig.left.config().write32(offset, -1);
            }
        }
        assertThat(rig.left.config().read32(Config.VENDOR_ID)).isEqualTo(0x1a2f_1234);
        assertThat(rig.left.config().read32(PortRegisters.ACS + 4) >>> 16).isEqualTo(0x5f);
        assertThat(rig.left.config().read32(Config.SIZE - 4)).isZero();
    }
}
