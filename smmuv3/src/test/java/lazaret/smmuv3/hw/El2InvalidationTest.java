// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3.hw;

import static lazaret.smmuv3.hw.Rig.SYNC;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import lazaret.smmuv3.CmdError;
import lazaret.smmuv3.Command;
import lazaret.smmuv3.Idr0;
import lazaret.smmuv3.Reg;
import lazaret.smmuv3.TlbRange;
import lazaret.smmuv3.hw.SmmuParams.AtcReport;
import org.junit.jupiter.api.Test;

/** Translations of the hypervisor's own streams, and what else only a whole SMMU shows. */
class El2InvalidationTest {
    private static final int ASID = 7;
    private static final int E2H = 1;

    /** A page of an EL2 stream is cached, and gone from memory. */
    private static Rig stale(int cr2) {
        Rig rig = new Rig(p -> p.with(Idr0.HYP, 1));
        rig.queues();
        rig.write(Reg.CR2, 2 | cr2);
        rig.tables();
        rig.enable(Rig.ALL_ON);
        rig.function.writes(Rig.IOVA, 1);
        rig.settle();
        assertThat(rig.ram.load(Rig.PA)).isEqualTo(1);
        rig.put(Rig.LEAF_AT, 0);
        rig.always(1);
        return rig;
    }

    private static boolean passesAfter(int cr2, Command command) {
        Rig rig = stale(cr2);
        rig.issue(command, SYNC);
        rig.function.writes(Rig.IOVA, 2);
        rig.settle();
        return rig.ram.load(Rig.PA) == 2;
    }

    @Test
    void each_command_of_el2_reaches_them() {
        for (Command command : List.of(new Command.TlbiEl2All(),
                new Command.TlbiEl2Va(ASID, Rig.PAGE, true, TlbRange.NONE),
                new Command.TlbiEl2Vaa(Rig.PAGE, true, TlbRange.NONE))) {
            assertThat(passesAfter(0, command)).as(command.text()).isFalse();
            assertThat(passesAfter(E2H, command)).as(command.text()).isFalse();
        }
        assertThat(passesAfter(E2H, new Command.TlbiEl2Asid(ASID))).isFalse();
    }

    @Test
    void those_for_others_do_not() {
        for (Command command : List.of(new Command.TlbiNhAll(0), new Command.TlbiNsnhAll(),
                new Command.TlbiNhVa(0, ASID, Rig.PAGE, true, TlbRange.NONE),
                new Command.TlbiEl2Va(ASID, Rig.PAGE + 0x1000, true, TlbRange.NONE),
                new Command.TlbiEl2Vaa(Rig.PAGE + 0x1000, true, TlbRange.NONE))) {
            assertThat(passesAfter(E2H, command)).as(command.text()).isTrue();
        }
        assertThat(passesAfter(E2H, new Command.TlbiEl2Asid(ASID + 1))).isTrue();
        assertThat(passesAfter(E2H, new Command.TlbiEl2Va(ASID + 1, Rig.PAGE, true, TlbRange.NONE))).isTrue();
    }

    @Test
    void a_reset_seen_by_the_root_ends_what_the_function_owed() {
        Rig rig = Rig.on(p -> p.with(AtcReport.REPORT_WHILE_PENDING));
        rig.issue(Rig.atcInv(Rig.SID, 0x1000, 0), SYNC);
        rig.wait(1);
        assertThat(rig.error()).isEqualTo(CmdError.ATC_INV_SYNC.code());
        rig.acknowledge();
        assertThat(rig.stopped()).as("it fails again").isTrue();
        rig.function.port.functionReset();
        rig.acknowledge();
        assertThat(rig.stopped()).isFalse();
    }

    @Test
    void a_command_that_nobody_knows_is_illegal() {
        Rig rig = Rig.on();
        rig.append(SYNC);
        rig.put(Rig.CMDQ, 0xff, 0);
        rig.publish();
        rig.settle();
        assertThat(rig.error()).isEqualTo(CmdError.ILL.code());
    }
}
