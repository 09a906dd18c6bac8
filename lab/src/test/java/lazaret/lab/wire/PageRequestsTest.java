// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.wire;

import static lazaret.pcie.hw.EndpointFaults.NONE;
import static org.assertj.core.api.Assertions.assertThat;

import lazaret.pcie.Config.PriCap;
import lazaret.pcie.hw.EndpointParams;
import lazaret.pcie.hw.Program;
import lazaret.smmuv3.Command;
import lazaret.smmuv3.PriEntry;
import lazaret.smmuv3.Reg;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A page that is missing: asked for by the device, queued, answered by software, used by the device. */
class PageRequestsTest {
    private static final int PRI = 0x120;
    private static final long MISSING = 0x1f_f000;

    private final Wire wire = new Wire(NONE);
    private final Program program = wire.nic.program().write(MISSING, 7);

    @BeforeEach
    void page_requests_are_on() {
        wire.nic.config().write32(PRI + PriCap.ALLOC_REQ, 4);
        wire.nic.config().write16(PRI + PriCap.CTRL, (int) PriCap.ENABLE.mask());
    }

    /** What a handler finds in the queue; it takes it out. */
    private PriEntry taken() {
        assertThat(wire.smmu.priqIrq().pending()).isTrue();
        wire.smmu.priqIrq().take();
        PriEntry entry = PriEntry.decode(wire.machine.ram().load(Wire.PRIQ),
                wire.machine.ram().load(Wire.PRIQ + 8));
        wire.write(Reg.PRIQ_CONS, wire.read(Reg.PRIQ_PROD));
        return entry;
    }

    private void respond(PriEntry to, Command.Resp how) {
        wire.issue(new Command.PriResp(to.sid(), to.ssv(), to.ssid(), to.prgIndex(), how), Wire.sync());
    }

    private PriEntry asked() {
        program.ring();
        wire.settle();
        assertThat(program.idle()).as("it waits").isFalse();
        return taken();
    }

    @Test
    void the_device_asks_software_maps_the_page_and_the_write_lands() {
        PriEntry entry = asked();
        assertThat(entry.sid()).isEqualTo(Wire.SID);
        assertThat(entry.address()).isEqualTo(MISSING);
        assertThat(entry.write()).isTrue();
        assertThat(entry.last()).isTrue();

        wire.map(MISSING);
        respond(entry, Command.Resp.SUCCESS);
        assertThat(program.done()).isEqualTo(1);
        assertThat(wire.at(MISSING)).isEqualTo(7);
    }

    @Test
    void a_success_without_a_page_ends_the_operation() {
        respond(asked(), Command.Resp.SUCCESS);
        assertThat(program.failed()).isEqualTo(1);
        assertThat(wire.smmu.priqIrq().pending()).as("it asks once").isFalse();
    }

    @Test
    void a_page_that_does_not_exist_ends_it_too_and_the_next_one_may_ask() {
        respond(asked(), Command.Resp.INVALID);
        assertThat(program.failed()).isEqualTo(1);
        asked();
    }

    @Test
    void after_a_failure_it_does_not_ask_any_more() {
        respond(asked(), Command.Resp.FAILURE);
        assertThat(PriCap.STOPPED.test(wire.nic.config().read16(PRI + PriCap.STATUS))).isTrue();
        program.ring();
        wire.settle();
        assertThat(program.failed()).isEqualTo(2);
        assertThat(wire.smmu.priqIrq().pending()).isFalse();
    }

    @Test
    void a_response_that_comes_after_a_reset_answers_nothing() {
        PriEntry entry = asked();
        wire.flr();
        wire.pass(EndpointParams.FLR_US);
        respond(entry, Command.Resp.SUCCESS);
        assertThat(PriCap.UPRGI.test(wire.nic.config().read16(PRI + PriCap.STATUS))).isTrue();
    }

    @Test
    void with_the_queue_off_the_device_is_told_to_stop() {
        wire.write(Reg.CR0, 0x1d);
        wire.settle();
        program.ring();
        wire.settle();
        assertThat(program.failed()).isEqualTo(1);
        assertThat(PriCap.RF.test(wire.nic.config().read16(PRI + PriCap.STATUS))).isTrue();
    }
}
