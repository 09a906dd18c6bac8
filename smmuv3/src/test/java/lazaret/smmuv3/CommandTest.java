// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import lazaret.machine.Field;
import lazaret.smmuv3.Command.AtcInv;
import lazaret.smmuv3.Command.CfgiAll;
import lazaret.smmuv3.Command.CfgiSteRange;
import lazaret.smmuv3.Command.Illegal;
import lazaret.smmuv3.Command.Sync;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class CommandTest {
    private static final int ROUNDS = 2_000;

    private final SplittableRandom random = new SplittableRandom(0x53_4d_4d_55);

    @TestFactory
    Stream<DynamicTest> decoding_what_was_encoded_gives_the_same_command() {
        return Arrays.stream(Op.values()).map(op -> DynamicTest.dynamicTest(op.name(), () -> {
            for (int i = 0; i < ROUNDS; i++) {
                Command command = Command.decode(word0(op), random.nextLong());

                assertThat(Command.decode(command.w0(), command.w1())).isEqualTo(command);
            }
        }));
    }

    @TestFactory
    Stream<DynamicTest> every_field_moves_exactly_its_own_bits() {
        return legal().map(op -> DynamicTest.dynamicTest(op.name(), () -> {
            for (int i = 0; i < ROUNDS; i++) {
                for (Field field : op.operands()) {
                    moves(op, field, random.nextLong());
                }
            }
        }));
    }

    private void moves(Op op, Field field, long value) {
        long w0 = word0(op) & ~op.res0(0);
        long w1 = random.nextLong() & ~op.res0(1);
        long bits = value & field.mask();
        long then0 = field.word() == 0 ? w0 & ~field.mask() | bits : w0;
        long then1 = field.word() == 1 ? w1 & ~field.mask() | bits : w1;

        Command before = Command.decode(w0, w1);
        Command after = Command.decode(then0, then1);
        if (before instanceof CfgiAll || after instanceof CfgiAll) {
            return;         // has no stream id
        }
        assertThat(before.w0() ^ after.w0()).isEqualTo(w0 ^ then0);
        assertThat(before.w1() ^ after.w1()).isEqualTo(w1 ^ then1);
    }

    @TestFactory
    Stream<DynamicTest> bits_that_are_reserved_are_ignored_and_reported() {
        return legal().map(op -> DynamicTest.dynamicTest(op.name(), () -> {
            for (int bit = 0; bit < 64; bit++) {
                reserved(op, 0, 1L << bit);
                reserved(op, 1, 1L << bit);
            }
        }));
    }

    private static void reserved(Op op, int word, long bit) {
        long w0 = op.code() | (word == 0 ? bit : 0);
        long w1 = word == 1 ? bit : 0;
        if ((op.res0(word) & bit) != 0) {
            assertThat(Command.decode(w0, w1)).isEqualTo(Command.decode(op.code(), 0));
            assertThat(Command.reserved(word, w0, w1)).isEqualTo(bit);
        } else if (word == 1 || op == Op.of((int) w0)) {
            assertThat(Command.reserved(word, w0, w1)).isZero();
        }
    }

    @Test
    void every_kind_of_command_is_decoded_to() {
        var kinds = new ArrayList<Class<?>>();
        for (int code = 0; code < 256; code++) {
            kinds.add(Command.decode(code, 0).getClass());
        }
        kinds.add(Command.decode(Op.CFGI_STE_RANGE.code(), 31).getClass());

        assertThat(kinds).contains(Command.class.getPermittedSubclasses());
    }

    @Test
    void codes_that_mean_nothing_are_illegal_and_keep_their_words() {
        for (int code : new int[] {0x00, 0x08, 0x14, 0x19, 0x24, 0x29, 0x31, 0x42, 0x47, 0x72, 0x80, 0xff}) {
            long w0 = random.nextLong() & ~0xffL | code;
            long w1 = random.nextLong();

            assertThat(Command.decode(w0, w1)).isEqualTo(new Illegal(w0, w1));
            assertThat(Command.decode(w0, w1).text()).startsWith("illegal opcode 0x");
        }
    }

    @Test
    void commands_of_other_queues_are_illegal_but_known_by_name() {
        for (Op op : List.of(Op.TLBI_EL3_ALL, Op.TLBI_EL3_VA, Op.TLBI_S_EL2_ALL, Op.TLBI_S_EL2_ASID,
                Op.TLBI_S_EL2_VA, Op.TLBI_S_EL2_VAA, Op.TLBI_S_S12_VMALL, Op.TLBI_S_S2_IPA,
                Op.TLBI_SNH_ALL)) {
            assertThat(Command.decode(op.code(), 0)).isEqualTo(new Illegal(op.code(), 0));
            assertThat(Command.decode(op.code(), 0).text()).startsWith("illegal " + op.name());
        }
    }

    @Test
    void the_largest_range_means_everything() {
        assertThat(Command.decode(0x0000_0123_0000_0004L, 31)).isEqualTo(new CfgiAll());
        assertThat(new CfgiAll().w0()).isEqualTo(4);
        assertThat(new CfgiAll().w1()).isEqualTo(31);
        assertThat(new CfgiAll().text()).isEqualTo("CFGI_ALL");
    }

    @Test
    void a_range_of_streams_is_aligned_to_its_size() {
        var range = new CfgiSteRange(0x107, 7);

        assertThat(range.covers(0x100)).isTrue();
        assertThat(range.covers(0x1ff)).isTrue();
        assertThat(range.covers(0x200)).isFalse();
        assertThat(range.covers(0xff)).isFalse();
        assertThat(new CfgiSteRange(-1, 30).covers(Integer.MIN_VALUE)).isTrue();
        assertThat(new CfgiSteRange(-1, 30).covers(Integer.MAX_VALUE)).isFalse();
    }

    @Test
    void a_stream_id_has_all_of_32_bits() {
        var inv = new AtcInv(-1, true, 0xfffff, false, -4096, 52);

        assertThat(inv.w0()).isEqualTo(0xffff_ffff_ffff_f840L);
        assertThat(Command.decode(inv.w0(), inv.w1())).isEqualTo(inv);
    }

    @Test
    void a_sync_is_built_as_the_kernel_builds_it() {
        assertThat(Sync.SEV.w0()).isEqualTo(0x0fc0_2046);
        assertThat(Sync.SEV.w1()).isZero();
        assertThat(Sync.msi(0x8_1234_5670L).w0()).isEqualTo(0x0fc0_1046);
        assertThat(Sync.msi(0x8_1234_5670L).w1()).isEqualTo(0x8_1234_5670L);
    }

    @Test
    void a_range_of_addresses_counts_granules() {
        assertThat(TlbRange.NONE.bytes()).isZero();
        assertThat(new TlbRange(0, 0, 1, 3, false).bytes()).isEqualTo(0x1000);
        assertThat(new TlbRange(31, 2, 1, 0, false).bytes()).isEqualTo(32L * 4 * 0x1000);
        assertThat(new TlbRange(1, 0, 2, 0, false).bytes()).isEqualTo(0x8000);
        assertThat(new TlbRange(0, 0, 3, 3, false).bytes()).isEqualTo(0x1_0000);
    }

    @Test
    void a_range_of_one_needs_to_know_its_level() {
        assertThat(new TlbRange(0, 0, 1, 0, false).illegal()).isTrue();
        assertThat(new TlbRange(0, 0, 1, 3, false).illegal()).isFalse();
        assertThat(new TlbRange(0, 0, 2, 1, false).illegal()).isTrue();
        assertThat(new TlbRange(1, 0, 2, 1, false).illegal()).isFalse();
        assertThat(TlbRange.NONE.illegal()).isFalse();
    }

    private long word0(Op op) {
        return random.nextLong() & ~(Cmd.OPCODE.mask() | Cmd.SSEC.mask()) | op.code();
    }

    /** Operations that decode to a record of their own, whatever their operands. */
    private static Stream<Op> legal() {
        return Arrays.stream(Op.values()).filter(op -> op != Op.DPTI_ALL && op != Op.DPTI_PA)
                .filter(op -> !(Command.decode(op.code(), 0) instanceof Illegal));
    }
}
