// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import lazaret.iommu.design.MinimumX;
import lazaret.iommu.design.planted.ClosesLastChunkOnly;
import lazaret.kernel.Cpu;
import lazaret.smmuv3.Command;
import lazaret.smmuv3.Gerror;
import lazaret.smmuv3.Reg;
import org.junit.jupiter.api.Test;

class CmdqTest {
    private static final int DEAD = 0x66;

    private static Command tlbi(int asid) {
        return new Command.TlbiNhAsid(0, asid);
    }

    private static Command atcInv(int sid) {
        return new Command.AtcInv(sid, false, 0, false, 0x1000, 0);
    }

    private static List<Command> tlbis(int n) {
        return IntStream.range(0, n).mapToObj(CmdqTest::tlbi).toList();
    }

    private static List<Command> atcInvs(int n) {
        return IntStream.range(0, n).mapToObj(CmdqTest::atcInv).toList();
    }

    private static Rig rig() {
        Rig rig = new Rig();
        rig.quiet();
        return rig;
    }

    private static Rig rig(int log2, int chunk) {
        Rig rig = new Rig(new MinimumX(), setup -> setup.withCmdq(log2, chunk));
        rig.quiet();
        return rig;
    }

    private static List<String> texts(List<Command> commands) {
        return commands.stream().map(Command::text).toList();
    }

    private static long syncs(Rig rig) {
        return rig.hw.trace.stream().filter(Command.Sync.SEV.text()::equals).count();
    }

    // ---- one producer

    @Test
    void commands_are_executed_in_order_and_a_sync_ends_them() {
        Rig rig = rig();
        List<Command> commands = List.of(tlbi(1), tlbi(2), Command.Sync.SEV);

        assertThat(rig.smmu.cmdq().submit(commands.subList(0, 2))).isEqualTo(Synced.OK);
        assertThat(rig.hw.trace).isEqualTo(texts(commands));
    }

    @Test
    void an_empty_batch_is_a_sync() {
        Rig rig = rig();

        assertThat(rig.smmu.cmdq().submit(List.of())).isEqualTo(Synced.OK);
        assertThat(rig.hw.trace).containsExactly(Command.Sync.SEV.text());
    }

    @Test
    void the_queue_goes_round_any_number_of_times() {
        for (int log2 : new int[] {2, 3, 6, 7}) {
            Rig rig = rig(log2, 3);
            for (int i = 0; i < 300; i++) {
                assertThat(rig.smmu.cmdq().submit(tlbis(i % 4))).isEqualTo(Synced.OK);
            }
            assertThat(rig.hw.trace).hasSize(300 / 4 * (0 + 1 + 2 + 3) + 300);
        }
    }

    @Test
    void without_a_sync_nobody_waits() {
        Rig rig = rig();
        rig.hw.frozen = true;

        assertThat(rig.smmu.cmdq().issue(tlbis(3), false)).isEqualTo(Synced.OK);
    }

    @Test
    void a_long_batch_is_inserted_in_parts_and_synced_once() {
        Rig rig = rig(6, 16);

        assertThat(rig.smmu.cmdq().submit(tlbis(70))).isEqualTo(Synced.OK);
        assertThat(syncs(rig)).isEqualTo(1);
        assertThat(rig.hw.trace).hasSize(71);
    }

    @Test
    void each_part_with_an_atc_inv_ends_with_a_sync_of_its_own() {
        Rig rig = rig(6, 16);

        assertThat(rig.smmu.cmdq().submit(atcInvs(70))).isEqualTo(Synced.OK);
        assertThat(syncs(rig)).isEqualTo(5);
        assertThat(rig.hw.trace.get(16)).isEqualTo(Command.Sync.SEV.text());
        assertThat(rig.hw.trace.getLast()).isEqualTo(Command.Sync.SEV.text());
    }

    @Test
    void a_batch_that_fills_its_parts_exactly_gets_no_empty_one() {
        Rig rig = rig(6, 16);
        rig.smmu.cmdq().submit(atcInvs(32));

        assertThat(syncs(rig)).isEqualTo(2);
        assertThat(rig.hw.trace).hasSize(34);
    }

    @Test
    void a_time_out_in_any_part_is_a_time_out_of_the_batch() {
        Rig rig = rig(6, 16);
        rig.hw.silent.add(3);

        assertThat(rig.smmu.cmdq().submit(atcInvs(70))).isEqualTo(Synced.ATC_TIMEOUT);
    }

    // ---- errors

    @Test
    void who_waits_handles_the_error_itself_and_learns_of_it() {
        Rig rig = rig();
        rig.hw.silent.add(DEAD);

        assertThat(rig.smmu.cmdq().submit(List.of(atcInv(DEAD)))).isEqualTo(Synced.ATC_TIMEOUT);
        assertThat(rig.printed()).contains("smmu: CMDQ error (cons 0x03000005): ATC invalidate timeout");
        assertThat(rig.machine.clock().now()).isEqualTo(PlayedSmmu.ATC_LIMIT_US);
        assertThat(rig.hw.trace).hasSize(2);
    }

    @Test
    void the_next_sync_is_not_blamed() {
        Rig rig = rig();
        rig.hw.silent.add(DEAD);
        rig.smmu.cmdq().submit(List.of(atcInv(DEAD)));

        for (int i = 0; i < 200; i++) {
            assertThat(rig.smmu.cmdq().submit(List.of(tlbi(1)))).isEqualTo(Synced.OK);
        }
    }

    @Test
    void until_a_time_out_is_dealt_with_no_answer_of_a_device_is_a_good_one() {
        Rig rig = rig();
        rig.hw.silent.add(DEAD);
        rig.smmu.cmdq().submit(List.of(atcInv(DEAD)));

        assertThat(rig.smmu.cmdq().submit(List.of(atcInv(1)))).isEqualTo(Synced.DOUBTFUL);
        assertThat(rig.smmu.cmdq().submit(List.of(tlbi(1)))).isEqualTo(Synced.OK);
        rig.smmu.cmdq().settled();
        assertThat(rig.smmu.cmdq().submit(List.of(atcInv(1)))).isEqualTo(Synced.OK);
    }

    @Test
    void several_time_outs_of_one_batch_are_dealt_with_as_one() {
        Rig rig = rig(6, 1);
        rig.hw.silent.addAll(List.of(DEAD, DEAD + 1));
        rig.smmu.cmdq().submit(List.of(atcInv(DEAD), atcInv(1), atcInv(DEAD + 1)));
        rig.smmu.cmdq().settled();

        assertThat(rig.smmu.cmdq().submit(List.of(atcInv(1)))).isEqualTo(Synced.OK);
    }

    @Test
    void what_was_given_up_is_dealt_with() {
        Rig rig = rig();
        rig.hw.silent.add(DEAD);
        rig.hw.atcLimitUs = 5_000_000;
        rig.smmu.cmdq().submit(List.of(atcInv(DEAD)));
        rig.kernel.udelay(5_000_000);

        assertThat(rig.smmu.cmdq().submit(List.of(atcInv(1)))).isEqualTo(Synced.OK);
    }

    @Test
    void a_time_out_at_a_sync_that_replaces_an_illegal_command_is_everybodys() {
        Rig rig = rig();
        rig.hw.silent.add(DEAD);
        Command bad = new Command.Illegal(0xff, 0);

        assertThat(rig.smmu.cmdq().submit(List.of(atcInv(DEAD), bad))).isEqualTo(Synced.ATC_TIMEOUT);
    }

    @Test
    void an_illegal_command_becomes_a_sync_and_the_rest_is_executed() {
        Rig rig = rig();
        Command bad = new Command.Illegal(0xff, 0x1234);

        assertThat(rig.smmu.cmdq().submit(List.of(tlbi(1), bad, tlbi(2)))).isEqualTo(Synced.OK);
        assertThat(rig.hw.trace).isEqualTo(texts(List.of(tlbi(1),
                Command.Sync.SEV, tlbi(2), Command.Sync.SEV)));
        assertThat(rig.printed()).anyMatch(line -> line.contains("Illegal command"))
                .anyMatch(line -> line.contains("skipping command in error state"));
    }

    @Test
    void an_error_that_nobody_can_attribute_is_an_error_of_all_that_wait() {
        Rig rig = rig();
        rig.hw.frozen = true;
        rig.cpu0.start("breaks", () -> {
            rig.hw.set(Reg.CMDQ_CONS, rig.hw.get(Reg.CMDQ_CONS) | 0x7f << 24);
            rig.hw.set(Reg.GERROR, rig.hw.get(Reg.GERROR) ^ (int) Gerror.CMDQ_ERR.mask());
            rig.hw.frozen = false;
        });

        assertThat(rig.smmu.cmdq().submit(List.of(tlbi(1)))).isEqualTo(Synced.ATC_TIMEOUT);
        assertThat(rig.printed()).contains("smmu: CMDQ error (cons 0x7f000004): Unknown");
    }

    @Test
    void a_queue_that_stands_still_is_given_up_after_the_limit() {
        Rig rig = rig();
        rig.hw.frozen = true;

        assertThat(rig.smmu.cmdq().submit(List.of(tlbi(1)))).isEqualTo(Synced.EXPIRED);
        assertThat(rig.machine.clock().now()).isEqualTo(1_001_000);
        assertThat(rig.printed()).containsExactly(
                "smmu: CMD_SYNC timeout at 0x00000005 [hwprod 0x00000006, hwcons 0x00000004]");
    }

    @Test
    void what_was_given_up_frees_no_slot() {
        Rig rig = rig(3, 4);
        rig.hw.frozen = true;
        List<Synced> answers = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            answers.add(rig.smmu.cmdq().submit(tlbis(3)));
        }

        assertThat(answers).containsOnly(Synced.EXPIRED);
        assertThat(rig.printed()).filteredOn("smmu: CMDQ has no room"::equals).hasSize(3);
        assertThat(rig.machine.clock().now()).isLessThanOrEqualTo(5_010_000);

        rig.hw.frozen = false;
        assertThat(rig.smmu.cmdq().submit(List.of())).isEqualTo(Synced.OK);
        assertThat(rig.hw.trace).hasSize(2 * 4 + 1);
    }

    @Test
    void an_answer_that_comes_after_the_limit_is_not_credited_to_the_next_user_of_the_slot() {
        Rig rig = rig(3, 4);
        rig.hw.silent.add(DEAD);
        rig.hw.atcLimitUs = 5_000_000;
        assertThat(rig.smmu.cmdq().submit(List.of(atcInv(DEAD)))).isEqualTo(Synced.EXPIRED);

        rig.kernel.udelay(5_000_000);
        for (int i = 0; i < 100; i++) {
            assertThat(rig.smmu.cmdq().submit(List.of(tlbi(1)))).isEqualTo(Synced.OK);
        }
    }

    @Test
    void an_error_that_comes_back_for_ever_is_given_up_after_the_limit() {
        Rig rig = rig();
        rig.hw.silent.add(DEAD);
        rig.hw.report = PlayedSmmu.Report.WHILE_PENDING;

        assertThat(rig.smmu.cmdq().submit(List.of(atcInv(DEAD)))).isEqualTo(Synced.EXPIRED);
        assertThat(rig.machine.clock().now()).isBetween(1_000_000L, 1_200_000L);
        assertThat(rig.hw.timedOut).hasSizeLessThan(20);
    }

    @Test
    void an_error_that_comes_back_until_the_device_answers_is_waited_for() {
        Rig rig = rig();
        rig.hw.silent.add(DEAD);
        rig.hw.report = PlayedSmmu.Report.WHILE_PENDING;
        var answer = rig.machine.clock().alarm("device answers");
        answer.arm(200_000);
        rig.machine.add(new Late(rig, answer::due));

        assertThat(rig.smmu.cmdq().submit(List.of(atcInv(DEAD)))).isEqualTo(Synced.ATC_TIMEOUT);
        rig.smmu.cmdq().settled();
        assertThat(rig.smmu.cmdq().submit(List.of(atcInv(DEAD)))).isEqualTo(Synced.OK);
    }

    private record Late(Rig rig, lazaret.machine.Condition due) implements lazaret.machine.Strand {
        @Override
        public String name() {
            return "late device";
        }

        @Override
        public boolean enabled() {
            return due.holds() && !rig.hw.silent.isEmpty();
        }

        @Override
        public void step() {
            rig.hw.silent.clear();
        }
    }

    // ---- many producers

    /** Sends batches and, having waited for a SYNC, finds them executed, in one piece. */
    private static void producer(Rig rig, Cpu cpu, int id, int rounds, List<String> sent) {
        cpu.start("producer " + id, () -> {
            for (int i = 0; i < rounds; i++) {
                List<Command> batch = new ArrayList<>();
                for (int k = 0; k <= (id + i) % 3; k++) {
                    batch.add(tlbi(1000 * id + 10 * i + k));
                }
                sent.addAll(texts(batch));
                boolean sync = (id + i) % 4 != 0;
                Synced synced = rig.smmu.cmdq().issue(batch, sync);
                assertThat(synced).isEqualTo(Synced.OK);
                if (sync) {
                    assertThat(Collections.indexOfSubList(rig.hw.trace, texts(batch))).isNotNegative();
                }
            }
        });
    }

    @Test
    void whatever_the_order_each_command_is_executed_once_and_batches_stay_together() {
        List<String> sent = new ArrayList<>();
        Rig.random(300, () -> {
            sent.clear();
            return rig(3, 4);
        }, rig -> {
            producer(rig, rig.cpu0, 1, 5, sent);
            producer(rig, rig.cpu0, 2, 5, sent);
            producer(rig, rig.cpu1, 3, 5, sent);
            producer(rig, rig.kernel.cpu("cpu2"), 4, 5, sent);
        }, rig -> {
            rig.machine.enter(new lazaret.machine.Alone(rig.machine), lazaret.machine.Chance.FIRST);
            rig.smmu.cmdq().submit(List.of());
            List<String> executed = new ArrayList<>(rig.hw.trace);
            executed.removeIf(Command.Sync.SEV.text()::equals);
            assertThat(executed).containsExactlyInAnyOrderElementsOf(sent);
            assertThat(rig.complaints()).isEmpty();
        });
    }

    private static void asker(Rig rig, Cpu cpu, int sid, int rounds) {
        cpu.start("asker " + sid, () -> {
            for (int i = 0; i < rounds; i++) {
                Synced synced = rig.smmu.cmdq().submit(List.of(atcInv(sid)));
                assertThat(synced == Synced.ATC_TIMEOUT).isEqualTo(rig.hw.silent.contains(sid));
                assertThat(synced.consumed()).isTrue();
                if (synced == Synced.ATC_TIMEOUT) {
                    rig.smmu.cmdq().settled();
                }
            }
        });
    }

    @Test
    void an_error_reaches_exactly_those_whose_invalidation_it_is() {
        Rig.random(300, () -> rig(3, 4), rig -> {
            rig.hw.silent.add(DEAD);
            asker(rig, rig.cpu0, DEAD, 4);
            asker(rig, rig.cpu0, 1, 4);
            asker(rig, rig.cpu1, 2, 6);
            asker(rig, rig.kernel.cpu("cpu2"), DEAD + 1, 6);
            rig.hw.silent.add(DEAD + 1);
        }, rig -> assertThat(rig.complaints()).isEmpty());
    }

    @Test
    void without_a_sync_in_each_part_an_error_surfaces_at_somebody_elses() {
        List<Synced> answers = new ArrayList<>();
        Rig.random(30, () -> {
            Rig rig = new Rig(new ClosesLastChunkOnly(), setup -> setup.withCmdq(6, 2));
            rig.hw.silent.add(DEAD);
            return rig;
        }, rig -> {
            List<Command> batch = List.of(atcInv(DEAD), atcInv(1), atcInv(2));
            rig.cpu0.start("asker", () -> rig.smmu.cmdq().submit(batch));
            rig.cpu1.start("bystander", () -> answers.add(rig.smmu.cmdq().submit(List.of(tlbi(1)))));
        }, rig -> { });

        assertThat(answers).contains(Synced.ATC_TIMEOUT);
    }
}
