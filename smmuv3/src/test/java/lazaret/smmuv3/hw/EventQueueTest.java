// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3.hw;

import static org.assertj.core.api.Assertions.assertThat;

import lazaret.smmuv3.Event;
import lazaret.smmuv3.Reg;
import org.junit.jupiter.api.Test;

class EventQueueTest {
    private static final int OVFLG = 1 << 31;

    private final Rig rig = Rig.on();

    private void faults(int times) {
        for (int i = 0; i < times; i++) {
            rig.function.writes(0x1000 * (i + 1), i);
        }
        rig.settle();
    }

    @Test
    void a_record_is_complete_when_prod_moves() {
        faults(1);

        assertThat(rig.read(Reg.EVENTQ_PROD)).isEqualTo(1);
        assertThat(rig.events()).singleElement().isInstanceOf(Event.FTranslation.class);
    }

    /** Vector Q14. */
    @Test
    void a_full_queue_drops_records_and_says_so_once() {
        faults(8);
        assertThat(rig.read(Reg.EVENTQ_PROD)).isEqualTo(8);

        faults(1);
        assertThat(rig.read(Reg.EVENTQ_PROD)).isEqualTo(OVFLG | 8);

        faults(1);
        assertThat(rig.read(Reg.EVENTQ_PROD)).isEqualTo(OVFLG | 8);

        rig.write(Reg.EVENTQ_CONS, 1);
        faults(1);
        assertThat(rig.read(Reg.EVENTQ_PROD)).isEqualTo(OVFLG | 9);
        assertThat(rig.ram.load(Rig.EVTQ) & 0xff).isEqualTo(0x10);

        rig.write(Reg.EVENTQ_CONS, OVFLG | 1);
        faults(1);
        assertThat(rig.read(Reg.EVENTQ_PROD)).isEqualTo(9);
    }

    /** Vector T20. */
    @Test
    void forbidden_translated_writes_overflow_the_queue_without_a_global_error() {
        rig.ste(Rig.SID, Rig.S5);
        for (int i = 0; i < 12; i++) {
            rig.function.writesTranslated(Rig.PA, i);
        }
        rig.settle();

        assertThat(rig.read(Reg.EVENTQ_PROD)).isEqualTo(OVFLG | 8);
        assertThat(rig.read(Reg.GERROR)).isZero();
        assertThat(rig.events()).hasSize(8).allMatch(Event.FTranslForbidden.class::isInstance);
        assertThat(rig.entries(SmmuEntry.EventRecorded.class).stream().filter(e -> !e.written())).hasSize(4);
    }

    @Test
    void a_queue_that_is_off_drops_records_without_overflow() {
        rig.enable(Rig.ALL_ON & ~Rig.EVENTQEN);
        faults(20);

        assertThat(rig.read(Reg.EVENTQ_PROD)).isZero();
    }

    @Test
    void a_queue_where_there_is_no_memory_is_an_error_and_takes_nothing_more() {
        Rig nowhere = new Rig();
        nowhere.queues();
        nowhere.tables();
        nowhere.write64(Reg.EVENTQ_BASE, 1L << 40 | Rig.EVTQ_LOG2);
        nowhere.enable(Rig.ALL_ON);
        nowhere.function.writes(0x1000, 1);
        nowhere.function.writes(0x1000, 1);
        nowhere.settle();

        assertThat(nowhere.read(Reg.GERROR)).isEqualTo(1 << 2);
        assertThat(nowhere.read(Reg.EVENTQ_PROD)).isZero();

        nowhere.enable(Rig.ALL_ON & ~Rig.EVENTQEN);
        nowhere.write64(Reg.EVENTQ_BASE, Rig.EVTQ | Rig.EVTQ_LOG2);
        nowhere.enable(Rig.ALL_ON);
        nowhere.function.writes(0x1000, 1);
        nowhere.settle();
        assertThat(nowhere.read(Reg.EVENTQ_PROD)).isZero();

        nowhere.acknowledge();
        nowhere.function.writes(0x1000, 1);
        nowhere.settle();
        assertThat(nowhere.read(Reg.EVENTQ_PROD)).isEqualTo(1);
    }
}
