// SPDX-License-Identifier: Apache-2.0
package lazaret.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DecodeCommandTest {
    private record Said(int code, String out, String err) { }

    @TempDir
    private Path folder;

    private static Said decode(String... args) {
        String[] all = new String[args.length + 1];
        all[0] = "decode";
        System.arraycopy(args, 0, all, 1, args.length);
        var out = new StringWriter();
        var err = new StringWriter();
        int code = Main.execute(new PrintWriter(out), new PrintWriter(err), all);
        return new Said(code, out.toString(), err.toString());
    }

    @Test
    void a_command_from_arguments() {
        Said said = decode("cmd", "0x0000010000000040", "12344000");

        assertThat(said.code()).isZero();
        assertThat(said.out()).contains("ATC_INV sid=0x100 addr=0x12344000 size=0",
                "word 0 [63:32]  SID          0x100", "span: 0x12344000…0x12344fff, 1 page of 4 KiB");
    }

    @Test
    void an_illegal_ste_is_a_finding() {
        Said said = decode("ste", "d", "0", "044d355800000005", "90a000000", "--idr0", "0x2");

        assertThat(said.code()).isEqualTo(1);
        assertThat(said.out()).contains("! illegal: stage 2 without IDR0.S2P (C_BAD_STE)");
    }

    @Test
    void what_a_cd_may_say_depends_on_the_ste_that_leads_to_it() {
        String[] stalls = {"cd", "0x0001_7204_8000_3510", "0x80010000", "--idr0", "0x0000001a"};
        assertThat(decode(stalls).out()).doesNotContain("S1STALLD");

        Said said = decode("cd", "0x0001_7204_8000_3510", "0x80010000", "--idr0", "0x0000001a", "--ste",
                "0x8000200b,0x08000000");
        assertThat(said.out()).contains("! illegal: S=1 with STE.S1STALLD=1 (C_BAD_CD)");
        assertThat(said.code()).isEqualTo(1);
        assertThat(decode("cd", "0", "--ste", "1,2,3,4,5,6,7,8,9").err())
                .contains("--ste: expected at most 8 words, not 9");
    }

    @Test
    void lines_of_a_file_and_json() throws IOException {
        Path file = folder.resolve("words");
        Files.writeString(file, "# two\ncmdq-cons 0x03000034\n\nCR0 1d # on\n");

        Said said = decode("--file", file.toString(), "--json", "--queue-size", "65536");

        assertThat(said.out().lines().toList()).hasSize(2).allMatch(l -> l.startsWith("{\"what\":"));
        assertThat(said.out()).contains("\"error\":\"CERROR_ATC_INV_SYNC: ATC invalidate timeout\"",
                "\"remarks\":[\"index 0x34, wrap 0\"]");
    }

    @Test
    void wrong_input_is_said_with_file_and_line() throws IOException {
        Path file = folder.resolve("words");
        Files.writeString(file, "cr0 1\ncmd 12zz 0\n");

        Said said = decode("--file", file.toString());

        assertThat(said.code()).isEqualTo(64);
        assertThat(said.err()).contains(file + ":2: \"12zz\": expected a hexadecimal word of at most 64 "
                + "bits");
        assertThat(decode("event", "1").err()).contains("event: expected 4 words, not 1");
        assertThat(decode("spoon", "1").err()).contains("\"spoon\": expected ste, cd");
        assertThat(decode("cons", "1", "--queue-size", "3").err()).contains("expected a power of two");
        assertThat(decode("--file", "nowhere").code()).isEqualTo(64);
    }
}
