// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import lazaret.machine.Field;
import lazaret.pcie.Pasid;
import org.junit.jupiter.api.Test;

/** What the tables do besides being right. */
class TablesTest {
    private static final int ROUNDS = 1_000;

    private final SplittableRandom random = new SplittableRandom(0x53_54_45);

    @Test
    void every_field_of_an_ste_moves_exactly_its_own_bits() {
        for (int i = 0; i < ROUNDS; i++) {
            long[] words = random.longs(8).toArray();
            for (Field field : Ste.STE.fields()) {
                long value = random.nextLong() & field.mask() >>> field.lsb();
                long[] expected = words.clone();
                expected[field.word()] = expected[field.word()] & ~field.mask() | value << field.lsb();

                assertThat(Ste.of(words).with(field, value).words()).containsExactly(expected);
            }
        }
    }

    @Test
    void every_field_of_a_cd_moves_exactly_its_own_bits() {
        for (int i = 0; i < ROUNDS; i++) {
            long[] words = random.longs(8).toArray();
            for (Field field : Cd.CD.fields()) {
                long value = random.nextLong() & field.mask() >>> field.lsb();
                long[] expected = words.clone();
                expected[field.word()] = expected[field.word()] & ~field.mask() | value << field.lsb();

                assertThat(Cd.of(words).with(field, value).words()).containsExactly(expected);
            }
        }
    }

    @Test
    void a_record_holds_its_eight_words() {
        long[] words = {1, 2, 3, 4, 5, 6, 7, 8};
        for (int i = 0; i < 8; i++) {
            assertThat(Ste.of(words).word(i)).isEqualTo(i + 1);
            assertThat(Cd.of(words).word(i)).isEqualTo(i + 1);
        }
        assertThatThrownBy(() -> Ste.of(words).word(8)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> Cd.of(words).word(-1)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void an_ste_prints_and_differs_in_the_words_of_the_manual() {
        Ste muted = Setup.STE.with(Ste.EATS, Ste.Eats.ABT);

        assertThat(Setup.STE).hasToString("STE[V=1 Config=S1_TRANS S1ContextPtr=0x22048c00 S1DSS=SSID0 "
                + "S1CIR=1 S1COR=1 S1CSH=3 EATS=TRANS]");
        assertThat(Ste.STE.diff(Setup.STE.words(), muted.words())).isEqualTo("STE{EATS TRANS→ABT}");
        assertThat(Setup.CD.toString()).startsWith("CD[T0SZ=0x10 IR0=1 OR0=1 SH0=3 EPD1=1 V=1 IPS=5 AA64=1");
    }

    @Test
    void codes_without_a_name_mean_what_the_manual_says() {
        for (int config = 0; config < 4; config++) {
            assertThat(Setup.STE.with(Ste.CONFIG, config).config()).isEqualTo(Ste.Config.ABORT);
        }
        assertThat(Setup.STE.with(Ste.S1FMT, 3).s1Fmt()).isEqualTo(Ste.S1Fmt.LINEAR);
        assertThat(Setup.STE.with(Ste.S1DSS, 3).s1Dss()).isEqualTo(Ste.S1Dss.TERMINATE);
        assertThat(Setup.STE.with(Ste.PRIVCFG, 1).privCfg()).isEqualTo(Ste.PrivCfg.INCOMING);
        assertThat(Setup.STE.with(Ste.INSTCFG, 1).instCfg()).isEqualTo(Ste.InstCfg.INCOMING);
    }

    @Test
    void an_ste_is_read_as_far_as_it_matters() {
        assertThat(Ste.used(0)).isEqualTo(1);
        assertThat(Ste.used(1)).isEqualTo(1);
        assertThat(Ste.used(1 | 4 << 1)).isEqualTo(2);
        assertThat(Ste.used(1 | 5 << 1)).isEqualTo(3);
        assertThat(Ste.used(1 | 6 << 1)).isEqualTo(8);
        assertThat(Ste.used(1 | 7 << 1)).isEqualTo(8);
    }

    @Test
    void registers_answer_at_each_of_their_words() {
        assertThat(Reg.at(0x80)).isEqualTo(Reg.STRTAB_BASE);
        assertThat(Reg.at(0x84)).isEqualTo(Reg.STRTAB_BASE);
        assertThat(Reg.STRTAB_BASE.upper(0x84)).isTrue();
        assertThat(Reg.STRTAB_BASE.upper(0x80)).isFalse();
        assertThat(Reg.at(0x88)).isEqualTo(Reg.STRTAB_BASE_CFG);
        assertThat(Reg.at(0x100a8)).isEqualTo(Reg.EVENTQ_PROD);
        assertThat(Reg.at(0xa8)).as("the alias is not there").isNull();
        assertThat(Reg.at(0x8c)).isNull();
        assertThat(Reg.at(Reg.SPACE)).isNull();
        assertThat(Reg.at(-4)).isNull();
    }

    @Test
    void registers_print_their_fields_where_they_are_known() {
        assertThat(Reg.CR0ACK.print(0x1d)).isEqualTo("CR0ACK[SMMUEN=1 EVENTQEN=1 CMDQEN=1 ATSCHK=1]");
        assertThat(Reg.CMDQ_CONS.print(0x0300_0003)).isEqualTo("CMDQ_CONS[RD=3 ERR=ATC_INV_SYNC]");
        assertThat(Reg.IDR4.print(0x12)).isEqualTo("IDR4=0x12");
    }

    @Test
    void an_error_code_nobody_defined_has_no_name() {
        assertThat(CmdError.of(0x0400_0000)).isNull();
        assertThat(CmdError.of(0x0200_0000).text()).isEqualTo("Abort on command fetch");
        assertThat(CmdError.of(0)).isEqualTo(CmdError.NONE);
    }

    @Test
    void global_errors_are_active_while_the_two_registers_differ() {
        assertThat(Gerror.active(0b101, 0b100)).isEqualTo(1);
    }

    @Test
    void id_registers_are_read_and_changed_by_field() {
        Idr idr = Idr.NOTHING.with(Idr0.ATS, 1).with(Idr1.SIDSIZE, 16).with(Idr3.RIL, 1).with(Idr5.OAS, 6);

        assertThat(idr).isEqualTo(new Idr(1 << 10, 16, 1 << 10, 6));
        assertThat(idr.oas()).isEqualTo(52);
        assertThat(idr.capped(7)).isEqualTo(52);
        assertThat(idr.capped(2)).isEqualTo(40);
        assertThat(idr.ias()).as("no tables").isZero();
        assertThat(idr.with(Idr0.TTF, 1).ias()).isEqualTo(40);
        assertThat(idr.with(Idr0.TTF, 3).ias()).isEqualTo(52);
        assertThatThrownBy(() -> idr.get(Idr6.CMDQ_CONTROL_PAGE_LOG2NUMQ))
                .isInstanceOf(IllegalArgumentException.class);
        int[] bits = {32, 36, 40, 42, 44, 48, 52, 56};
        for (int code = 0; code < 8; code++) {
            assertThat(idr.with(Idr5.OAS, code).oas()).isEqualTo(bits[code]);
        }
    }

    @Test
    void a_descriptor_is_a_table_a_leaf_or_nothing() {
        for (int level = 0; level <= 3; level++) {
            assertThat(Pte.table(3, level)).isEqualTo(level < 3);
            assertThat(Pte.leaf(3, level)).isEqualTo(level == 3);
            assertThat(Pte.leaf(1, level)).isEqualTo(level == 1 || level == 2);
            assertThat(Pte.table(2, level) || Pte.leaf(2, level) || Pte.leaf(0, level)).isFalse();
        }
        assertThat(Pte.index(Setup.VA, 0)).isEqualTo(0xfe);
        assertThat(Pte.index(Setup.VA, 3)).isEqualTo(0x167);
        assertThat(Pte.print(0x9_0B00_1003L, 0)).isEqualTo("Table[Table_Valid=1 Table_Type=1 Next=0x90b001]");
        assertThat(Pte.print(0x8_AA55_DF47L, 3))
                .isEqualTo("PTE[Valid=1 Page=1 AttrIndx=1 AP=1 SH=3 AF=1 nG=1 OA=0x8aa55d]");
    }

    @Test
    void where_nothing_translates_everything_is_permitted() {
        assertThat(Translation.IDENTITY.rights()).hasToString("unpriv rwx priv rwx");
    }

    @Test
    void a_translation_covers_its_range() {
        var block = new Translation(0xffff_ffff_ffe0_0000L, 0x8_0020_0000L, 21, Rights.ALL, false, 0, null,
                null);

        assertThat(block.covers(-1)).isTrue();
        assertThat(block.covers(0xffff_ffff_ffdf_ffffL)).isFalse();
        assertThat(block.pa(-1)).isEqualTo(0x8_003f_ffffL);
        assertThat(block.meets(0, 0xffff_ffff_ffdf_ffffL)).isFalse();
        assertThat(block.meets(0, 0xffff_ffff_ffe0_0000L)).isTrue();
        assertThat(block.meets(-1, -1)).isTrue();
        assertThat(Translation.IDENTITY.covers(-1) && Translation.IDENTITY.covers(0)).isTrue();
        assertThat(Translation.IDENTITY.pa(-5)).isEqualTo(-5);
    }

    @Test
    void a_span_is_the_smallest_that_holds_both_ends() {
        for (int i = 0; i < ROUNDS; i++) {
            long a = random.nextLong() >>> random.nextInt(64);
            long b = a + (random.nextLong() >>> 8 + random.nextInt(56));
            if (Long.compareUnsigned(a, b) > 0) {
                continue;
            }
            AtcSpan span = AtcSpan.of(a, b);
            assertThat(holds(span, a) && holds(span, b)).isTrue();
            boolean half = span.size() > 0 && span.size() < AtcSpan.ALL;
            if (half) {
                var smaller = new AtcSpan(a & -1L << 11 + span.size(), span.size() - 1);
                assertThat(holds(smaller, a) && holds(smaller, b)).isFalse();
            }
        }
        assertThat(AtcSpan.of(0x1000, -1)).isEqualTo(AtcSpan.EVERYTHING);
        assertThatThrownBy(() -> AtcSpan.of(1, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    private static boolean holds(AtcSpan span, long address) {
        return span.size() == AtcSpan.ALL || (address ^ span.address()) >>> 12 + span.size() == 0;
    }

    @Test
    void a_transaction_without_pasid_has_no_substream() {
        var transaction = Transaction.untranslated(5, AccessType.READ, 0);

        assertThat(transaction.hasSsid()).isFalse();
        assertThat(transaction.ssid()).isEqualTo(Pasid.NONE);
        assertThat(transaction.origin()).isEqualTo(new Event.Origin(5, false, 0));
    }
}
