// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3.hw;

import static org.assertj.core.api.Assertions.assertThat;

import lazaret.machine.Irq;
import lazaret.pcie.DownTlp;
import lazaret.pcie.Pasid;
import lazaret.pcie.Tlp;
import lazaret.smmuv3.Command;
import lazaret.smmuv3.Event;
import lazaret.smmuv3.Gerror;
import lazaret.smmuv3.Idr0;
import lazaret.smmuv3.Idr1;
import lazaret.smmuv3.Idr3;
import lazaret.smmuv3.PriEntry;
import lazaret.smmuv3.Queue;
import lazaret.smmuv3.Reg;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Page requests: queued, answered by software, or answered at once. */
class PriQueueTest {
    private static final long PRIQ = 0x14000;
    private static final int LOG2 = 1;
    private static final int PRIQEN = 2;
    private static final int OVERFLOW = 1 << 31;
    private static final int FAILURE = DownTlp.PrgResponse.FAILURE;
    private static final int SUCCESS = 0;
    private static final int MSI = 0x30000;

    private final Rig rig = on(0);

    private static Rig on(int pps) {
        Rig rig = Rig.on(p -> p.with(Idr0.PRI, 1).with(Idr1.PRIQS, 5).with(Idr3.PPS, pps));
        rig.write64(Reg.PRIQ_BASE, PRIQ | LOG2);
        rig.enable(Rig.ALL_ON | PRIQEN);
        return rig;
    }

    @BeforeEach
    void interrupts_are_wanted() {
        rig.write64(Reg.PRIQ_IRQ_CFG0, MSI);
        rig.write(Reg.PRIQ_IRQ_CFG1, 0x77);
    }

    private static void asks(Rig rig, int pasid, int group, boolean last) {
        rig.function.port.send(new Tlp.PageRequest(Rig.SID, pasid, 0x7F_1234_5000L, group, last, true, true,
                false, false));
        rig.settle();
    }

    private void asks(int group) {
        asks(rig, Pasid.NONE, group, true);
    }

    private static DownTlp response(int group, int code, int pasid) {
        return new DownTlp.PrgResponse(group, code, pasid);
    }

    private PriEntry entry(int slot) {
        long at = PRIQ + 16L * slot;
        return PriEntry.decode(rig.ram.load(at), rig.ram.load(at + 8));
    }

    @Test
    void a_request_is_queued_word_for_word_and_software_answers_it() {
        asks(rig, 3, 5, true);

        assertThat(rig.ram.load(PRIQ)).isEqualTo(0xF000_0003_0000_0100L);
        assertThat(rig.ram.load(PRIQ + 8)).isEqualTo(0x7F_1234_5005L);
        assertThat(rig.read(Reg.PRIQ_PROD)).isEqualTo(1);
        assertThat(rig.function.received).isEmpty();

        rig.issue(new Command.PriResp(Rig.SID, true, 3, 5, Command.Resp.SUCCESS),
                new Command.PriResp(Rig.SID, false, 0, 6, Command.Resp.INVALID),
                new Command.PriResp(0x1ff, false, 0, 6, Command.Resp.INVALID),
                new Command.PriResp(Rig.SID, false, 0, 7, Command.Resp.FAILURE));
        assertThat(rig.function.received).containsExactly(response(5, SUCCESS, 3),
                response(6, 1, Pasid.NONE), response(7, FAILURE, Pasid.NONE));
    }

    @Test
    void without_pasid_nothing_is_privileged_or_executed() {
        for (int pasid : new int[] {Pasid.NONE, 2}) {
            rig.function.port.send(
                    new Tlp.PageRequest(Rig.SID, pasid, 0x1000, 1, true, false, true, true, true));
        }
        rig.settle();

        assertThat(entry(0).exec() || entry(0).priv()).isFalse();
        assertThat(entry(1).exec() && entry(1).priv()).isTrue();
    }

    @Test
    void while_the_queue_is_off_every_request_fails_but_not_a_stop_marker() {
        rig.enable(Rig.ALL_ON);
        asks(1);
        asks(rig, 3, 2, false);
        rig.function.port.send(new Tlp.PageRequest(Rig.SID, 3, 0, 0, true, false, false, false, false));
        rig.settle();
        assertThat(rig.function.received).containsExactly(
                response(1, FAILURE, Pasid.NONE), response(2, FAILURE, Pasid.NONE));

        rig.enable(Rig.ALL_ON & ~Rig.SMMUEN | PRIQEN);
        asks(3);
        assertThat(rig.function.last()).as("SMMUEN=0").isEqualTo(response(3, FAILURE, Pasid.NONE));
        rig.issue(new Command.PriResp(Rig.SID, false, 0, 4, Command.Resp.SUCCESS));
        assertThat(rig.function.last()).as("ignored").isEqualTo(response(3, FAILURE, Pasid.NONE));
    }

    @Test
    void after_an_overflow_nothing_is_queued_until_software_has_seen_it() {
        asks(1);
        asks(2);
        asks(3);
        assertThat(rig.read(Reg.PRIQ_PROD)).isEqualTo(OVERFLOW | 2);
        assertThat(rig.function.received).containsExactly(response(3, SUCCESS, Pasid.NONE));

        rig.write(Reg.PRIQ_CONS, 2);
        asks(rig, Pasid.NONE, 4, false);
        assertThat(rig.read(Reg.PRIQ_PROD)).as("room, but not acknowledged").isEqualTo(OVERFLOW | 2);
        assertThat(rig.function.received).as("not the last of its group").hasSize(1);

        rig.write(Reg.PRIQ_CONS, OVERFLOW | 2);
        asks(5);
        assertThat(rig.read(Reg.PRIQ_PROD)).isEqualTo(OVERFLOW | 3);
        assertThat(entry(0).prgIndex()).isEqualTo(5);
    }

    @Test
    void an_overflow_answers_with_a_pasid_if_that_is_known_to_be_right() {
        full(rig);
        asks(rig, 3, 7, true);
        assertThat(rig.function.last()).as("STE.PPAR=0").isEqualTo(response(7, SUCCESS, Pasid.NONE));
        rig.ste(Rig.SID, Rig.S5[0], Rig.S5[1] | 1 << 18);
        asks(rig, 3, 7, true);
        assertThat(rig.function.last()).as("STE.PPAR=1").isEqualTo(response(7, SUCCESS, 3));
        rig.ste(Rig.SID, Rig.S2);
        asks(rig, 3, 7, true);
        assertThat(rig.function.last()).as("STE.V=0").isEqualTo(response(7, FAILURE, Pasid.NONE));
        assertThat(rig.events()).isEmpty();

        Rig pps = on(1);
        full(pps);
        asks(pps, 3, 7, true);
        assertThat(pps.function.last()).isEqualTo(response(7, SUCCESS, 3));
    }

    @Test
    void a_broken_ste_is_recorded_where_software_wants_to_hear_of_it() {
        rig.enable(0);
        rig.write(Reg.CR2, 8);
        rig.ste(Rig.SID, Rig.S2);
        rig.enable(Rig.ALL_ON | PRIQEN);
        full(rig);
        asks(rig, 3, 7, true);
        assertThat(rig.events()).singleElement().isInstanceOf(Event.CBadSte.class);
    }

    @Test
    void a_cached_ste_will_do() {
        rig.function.asks(Rig.PAGE);
        rig.settle();
        rig.ste(Rig.SID, Rig.S2);
        rig.always(1);
        full(rig);
        asks(rig, 3, 7, true);
        assertThat(rig.function.last()).isEqualTo(response(7, SUCCESS, Pasid.NONE));
    }

    private static void full(Rig rig) {
        rig.write(Reg.PRIQ_CONS, rig.read(Reg.PRIQ_PROD) ^ 1 << LOG2);
    }

    @Test
    void a_queue_without_memory_is_an_error_and_fails_what_comes() {
        rig.enable(Rig.ALL_ON);
        rig.write64(Reg.PRIQ_BASE, 1L << 40 | LOG2);
        rig.enable(Rig.ALL_ON | PRIQEN);
        asks(1);
        assertThat(rig.read(Reg.GERROR)).isEqualTo((int) Gerror.PRIQ_ABT_ERR.mask());
        asks(2);
        assertThat(rig.function.received).containsExactly(
                response(1, FAILURE, Pasid.NONE), response(2, FAILURE, Pasid.NONE));
        assertThat(rig.read(Reg.PRIQ_PROD)).isZero();
    }

    @Test
    void software_hears_of_the_first_request_or_of_the_last_of_each_group() {
        rig.write(Reg.IRQ_CTRL, 2);
        rig.settle();
        asks(rig, Pasid.NONE, 1, false);
        assertThat(pulsed()).isTrue();
        assertThat(rig.ram.load(MSI)).isEqualTo(0x77);
        asks(1);
        assertThat(pulsed()).as("not empty before").isFalse();

        rig.write(Reg.IRQ_CTRL, 0);
        rig.settle();
        rig.write(Reg.PRIQ_IRQ_CFG2, OVERFLOW);
        rig.write(Reg.IRQ_CTRL, 2);
        rig.settle();
        rig.write(Reg.PRIQ_CONS, 2);
        asks(rig, Pasid.NONE, 1, false);
        assertThat(pulsed()).isFalse();
        asks(1);
        assertThat(pulsed()).isTrue();
        asks(2);
        assertThat(pulsed()).as("dropped").isTrue();
    }

    private boolean pulsed() {
        Irq irq = rig.smmu.priqIrq();
        boolean pulsed = irq.pending();
        irq.take();
        return pulsed;
    }

    @Test
    void registers_are_there_only_with_the_feature_and_fixed_while_it_is_on() {
        rig.write64(Reg.PRIQ_BASE, 0);
        rig.write(Reg.PRIQ_PROD, 3);
        assertThat(rig.mmio.read64(Reg.PRIQ_BASE.offset())).isEqualTo(PRIQ | LOG2);
        assertThat(rig.read(Reg.PRIQ_PROD)).isZero();
        assertThat(new Queue(LOG2).size()).isEqualTo(2);

        Rig without = Rig.on();
        without.write64(Reg.PRIQ_BASE, PRIQ | LOG2);
        without.write(Reg.PRIQ_CONS, 1);
        without.enable(Rig.ALL_ON | PRIQEN);
        assertThat(without.mmio.read64(Reg.PRIQ_BASE.offset())).isZero();
        assertThat(without.read(Reg.PRIQ_CONS)).isZero();
        assertThat(without.read(Reg.CR0ACK)).isEqualTo(Rig.ALL_ON);
    }
}
