// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

import static org.assertj.core.api.Assertions.assertThat;

import lazaret.smmuv3.Queue;
import lazaret.smmuv3.QueueBase;
import lazaret.smmuv3.Reg;
import org.junit.jupiter.api.Test;

class EvtqTest {
    private static final Queue Q = new Queue(5);

    private final Rig rig = new Rig();

    EvtqTest() {
        rig.device(Rig.NIC);
        rig.quiet();
    }

    /** The SMMU writes a C_BAD_STE of this stream. */
    private void event(int sid) {
        long base = rig.hw.read64(Reg.EVENTQ_BASE.offset());
        int prod = rig.hw.get(Reg.EVENTQ_PROD);
        rig.machine.ram().store(QueueBase.ADDR.in(base) + 32L * Q.idx(prod), 4 | (long) sid << 32);
        rig.hw.set(Reg.EVENTQ_PROD, Q.inc(prod));
    }

    private void interrupt() {
        rig.hw.eventqIrq.pulse();
        rig.run((n, why) -> 0, () -> rig.cpu1.start("idle " + rig.hw.get(Reg.EVENTQ_PROD), () -> { }));
    }

    @Test
    void an_event_is_printed_with_the_device_it_is_about() {
        event(Rig.NIC);
        interrupt();

        assertThat(rig.printed()).containsExactly("smmu: event: C_BAD_STE sid=0x100 client: 0000:01:00.0");
        assertThat(rig.hw.get(Reg.EVENTQ_CONS)).isEqualTo(1);
    }

    @Test
    void a_stream_without_a_device_is_printed_too() {
        event(0x999);
        interrupt();

        assertThat(rig.printed())
                .containsExactly("smmu: event: C_BAD_STE sid=0x999 client: (unassigned sid)");
    }

    @Test
    void all_that_is_there_is_taken_the_queue_goes_round_and_ten_are_told() {
        for (int i = 0; i < 100; i++) {
            event(Rig.NIC);
            event(Rig.NIC);
            event(Rig.NIC);
            interrupt();
        }

        assertThat(rig.printed()).hasSize(10);
        assertThat(rig.hw.get(Reg.EVENTQ_CONS)).isEqualTo(300 % 64);
        rig.quiet();

        rig.kernel.udelay(5_000_001);
        event(Rig.NIC);
        interrupt();
        assertThat(rig.printed()).hasSize(2).first().isEqualTo("smmu evtq: 290 callbacks suppressed");
    }

    @Test
    void an_overflow_is_told_and_acknowledged() {
        event(Rig.NIC);
        rig.hw.set(Reg.EVENTQ_PROD, Queue.drop(rig.hw.get(Reg.EVENTQ_PROD), 0));
        interrupt();
        assertThat(rig.printed()).hasSize(2).first().asString().contains("EVTQ overflow detected");
        rig.quiet();

        event(Rig.NIC);
        interrupt();
        assertThat(rig.printed()).hasSize(1);
        assertThat(Queue.overflowed(rig.hw.get(Reg.EVENTQ_PROD), rig.hw.get(Reg.EVENTQ_CONS))).isFalse();
    }

    @Test
    void an_interrupt_too_many_prints_nothing() {
        interrupt();

        assertThat(rig.printed()).isEmpty();
    }
}
