// SPDX-License-Identifier: Apache-2.0
package lazaret.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalInt;
import lazaret.smmuv3.Idr0;
import org.junit.jupiter.api.Test;

class DecoderTest {
    private static final Decoder ANY = new Decoder(Decoder.EVERYTHING, OptionalInt.empty());

    private static Decoded decode(String structure, long... words) {
        return ANY.decode(Structure.named(structure), words);
    }

    private static String field(Decoded decoded, String name) {
        return decoded.fields().stream().filter(f -> f.field().name().equals(name)).findFirst().orElseThrow()
                .shown();
    }

    @Test
    void an_ste_has_all_its_fields_also_those_that_are_zero() {
        Decoded ste = decode("ste", 0x0000_0008_8123_000bL, 0x0000_0000_9800_00d6L, 0, 0, 0, 0, 0, 0);

        assertThat(ste.fields()).hasSizeGreaterThan(50);
        assertThat(field(ste, "EATS")).isEqualTo("TRANS");
        assertThat(field(ste, "S2HD")).isEqualTo("0");
        assertThat(ste.remarks()).isEmpty();
    }

    @Test
    void a_reserved_bit_is_pointed_at() {
        assertThat(decode("ste", 0xb, 1L << 53, 0, 0, 0, 0, 0, 0).remarks())
                .containsExactly("word 1 bits [53] are set: reserved, must be 0 (RES0)");
    }

    @Test
    void an_illegal_ste_is_said_with_its_rule() {
        var noStage2 = new Decoder(Decoder.EVERYTHING.with(Idr0.S2P, 0), OptionalInt.empty());
        assertThat(noStage2.decode(Structure.named("STE"), 0xd, 0, 0x044d_3558_0000_0005L, 0x9_0a00_0000L)
                .remarks()).contains("illegal: stage 2 without IDR0.S2P (C_BAD_STE)");
    }

    @Test
    void words_that_were_not_given_are_said_to_be_taken_as_zero() {
        assertThat(decode("cd", 0x0007_e205_c000_3510L, 0x9_0b00_0000L, 0, 0xf404_ff44L).remarks())
                .containsExactly("words 4 to 7 were not given and are taken as 0");
    }

    @Test
    void an_illegal_cd_is_said_with_its_rule() {
        assertThat(decode("cd", 0x0007_e205_c000_350fL, 0x9_0b00_0000L, 0, 0, 0, 0, 0, 0).remarks())
                .containsExactly("illegal: T0SZ out of range (C_BAD_CD)");
    }

    @Test
    void a_command_says_its_operands_and_its_span() {
        Decoded inv = decode("cmd", 0x0000_0100_0000_0040L, 0x1234_5001L);

        assertThat(inv.line()).isEqualTo("ATC_INV sid=0x100 addr=0x12345000 size=1");
        assertThat(inv.derived()).containsEntry("span", "0x12344000…0x12345fff, 2 pages of 4 KiB");
    }

    @Test
    void a_command_of_zeros_is_a_reserved_opcode() {
        assertThat(decode("cmd", 0, 0).remarks()).containsExactly("illegal: opcode 0x0 is reserved "
                + "(CERROR_ILL)");
    }

    @Test
    void commands_that_are_illegal_are_said_to_be() {
        assertThat(decode("cmd", 0x403, 1).remarks())
                .contains("illegal: SSec=1 in the Non-secure queue (CERROR_ILL)");
        assertThat(decode("cmd", 0x0007_0000_0000_0012L, 0x1234_5401L).remarks())
                .containsExactly("illegal: range without extent (CERROR_ILL)");
        assertThat(decode("cmd", 0x3046, 0).remarks()).contains("CS=3 is a reserved code",
                "illegal: no such command (CERROR_ILL)");
    }

    @Test
    void what_stands_in_an_event_without_meaning_is_said() {
        Decoded event = decode("event", 0x0000_7d12_0000_0010L, 0x0000_1200_0000_007cL, 0xfffe_f040L,
                0xfffe_f000L);

        assertThat(event.line()).isEqualTo("F_TRANSLATION sid=0x7d12 unpriv data write s1 IN "
                + "iova=0xfffef040");
        assertThat(event.remarks()).containsExactly("STAG 0x7c has no meaning: Stall=0",
                "word 3 (0xfffef000) is no IPA: S2=0",
                "word 1 bits [44] are set and not part of F_TRANSLATION");
    }

    @Test
    void leftovers_of_an_event_without_operands_are_no_address() {
        assertThat(decode("event", 0x7d11_0000_0004L, 0x1008_0000_0080L, 0xfe04_0000L, 0x7e04_c440L)
                .remarks())
                .contains("word 2 (0xfe040000) has no meaning in C_BAD_STE");
    }

    @Test
    void where_the_command_queue_stands_needs_its_size() {
        var known = new Decoder(Decoder.EVERYTHING, OptionalInt.of(16));

        assertThat(decode("cmdq-cons", 0x0301_20f3L).remarks()).contains(
                "with 2^19 entries: index 0x120f3, wrap 0", "with 2^16 entries: index 0x20f3, wrap 1");
        assertThat(known.decode(Structure.named("cons"), 0x0301_20f3L).remarks())
                .containsExactly("index 0x20f3, wrap 1");
        assertThat(known.decode(Structure.named("cons"), 0x0301_20f3L).derived())
                .containsEntry("error", "CERROR_ATC_INV_SYNC: ATC invalidate timeout");
    }

    @Test
    void registers_are_known_by_name() {
        assertThat(field(decode("cr0", 0x1d), "SMMUEN")).isEqualTo("1");
        assertThat(decode("gerror", 0x2).remarks())
                .containsExactly("word 0 bits [1] are set: reserved, must be 0 (RES0)");
        assertThat(Structure.named("nonsense")).isNull();
    }

    @Test
    void sizes_of_atc_invalidations_are_logarithms() {
        assertThat(decode("atc-size", 3).derived().get("span")).startsWith("2^3 = 8 pages of 4 KiB");
        assertThat(decode("atc-size", 52).derived().get("span")).isEqualTo("the whole address space");
        assertThat(decode("atc-size", 53).remarks()).hasSize(1);
    }

    @Test
    void page_requests_say_what_they_want() {
        assertThat(decode("pri", 0x7000_0000_0000_0100L, 0x1005L).line())
                .isEqualTo("PRI sid=0x100 r w last group=5 addr=0x1000");
    }
}
