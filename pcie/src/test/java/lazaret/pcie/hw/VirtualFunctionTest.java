// SPDX-License-Identifier: Apache-2.0
package lazaret.pcie.hw;

import static org.assertj.core.api.Assertions.assertThat;

import lazaret.machine.Alone;
import lazaret.machine.Machine;
import lazaret.pcie.AtsSpan;
import lazaret.pcie.Bdf;
import lazaret.pcie.Config;
import lazaret.pcie.Config.AtsCap;
import lazaret.pcie.Config.SriovCap;
import lazaret.pcie.DownTlp;
import lazaret.pcie.Pasid;
import lazaret.pcie.Tlp;
import org.junit.jupiter.api.Test;

/** What virtual functions have of their own, and what they share with the physical one. */
class VirtualFunctionTest {
    private static final int SRIOV_CTRL = 0x140 + SriovCap.CTRL;
    private static final int DEPTH = 2;

    private final Machine machine = new Machine();
    private final HandPlayedRoot root = new HandPlayedRoot();
    private final Endpoint physical = new Endpoint(machine, "pf", Bdf.parse("01:00.0"),
            EndpointParams.USUAL.queue(DEPTH).virtualFunctions(1), EndpointFaults.NONE);
    private final Endpoint virtual = Endpoint.virtual(machine, "vf", Bdf.parse("01:00.1"), physical);

    VirtualFunctionTest() {
        physical.connect(root);
        virtual.connect(root);
        enable(true);
        pass(EndpointParams.FLR_US);
    }

    private void enable(boolean on) {
        physical.config().write16(SRIOV_CTRL, on ? 1 : 0);
    }

    private void ats(Endpoint function, boolean on, int stu) {
        function.config().write16(Rig.ATS_CTRL, (int) (AtsCap.ENABLE.prep(on) | AtsCap.STU.prep(stu)));
    }

    private void pass(long us) {
        var alarm = machine.clock().alarm("test");
        alarm.arm(us);
        new Alone(machine).await(alarm::due);
        new Alone(machine).settle();
    }

    private void invalidate(Endpoint function, int itag) {
        function.receive(new DownTlp.InvalidateRequest(itag, Pasid.NONE, false, AtsSpan.encode(0x1000, 0)));
    }

    @Test
    void they_come_and_go_with_the_enable_of_the_physical_one() {
        assertThat(virtual.ready()).isTrue();
        assertThat(virtual.config().read32(Config.VENDOR_ID)).isEqualTo(-1);
        assertThat(virtual.config().read16(Config.COMMAND)).isZero();
        enable(false);
        assertThat(virtual.ready()).isFalse();
        assertThat(virtual.listening()).isFalse();
    }

    @Test
    void a_reset_of_the_physical_one_takes_them_away() {
        physical.config().write16(Rig.DEVCTL, 1 << 15);
        pass(EndpointParams.FLR_US);
        assertThat(physical.ready()).isTrue();
        assertThat(virtual.ready()).isFalse();
        assertThat(physical.config().read16(SRIOV_CTRL)).isZero();
    }

    @Test
    void a_reset_of_a_virtual_one_concerns_nobody_else() {
        ats(physical, true, 0);
        virtual.config().write16(Rig.DEVCTL, 1 << 15);
        assertThat(virtual.ready()).isFalse();
        assertThat(physical.ready()).isTrue();
        assertThat(physical.atsEnabled()).isTrue();
    }

    @Test
    void ats_is_on_or_off_for_each() {
        ats(virtual, true, 0);
        assertThat(physical.atsEnabled()).isFalse();
        assertThat(virtual.atsEnabled()).isTrue();
        ats(physical, true, 0);
        ats(physical, false, 0);
        assertThat(virtual.atsEnabled()).isTrue();
    }

    @Test
    void the_smallest_translation_unit_is_that_of_the_physical_one() {
        ats(physical, true, 3);
        ats(virtual, true, 5);
        assertThat(virtual.stu()).isEqualTo(3);
        assertThat(AtsCap.STU.get(virtual.config().read16(Rig.ATS_CTRL))).isZero();
    }

    @Test
    void the_queue_of_invalidations_is_one_for_all() {
        assertThat(AtsCap.QDEP.get(virtual.config().read16(Rig.ATS_CTRL - 2))).isZero();
        invalidate(physical, 0);
        invalidate(virtual, 1);
        invalidate(virtual, 2);
        assertThat(virtual.throttled()).isTrue();
        assertThat(physical.throttled()).isFalse();
        new Alone(machine).settle();
        assertThat(virtual.throttled()).isFalse();
        for (int answers = 0; answers < 3; answers++) {
            root.take(Tlp.InvalidateCompletion.class);
        }
    }
}
