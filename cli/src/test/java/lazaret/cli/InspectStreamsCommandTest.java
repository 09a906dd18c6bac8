// SPDX-License-Identifier: Apache-2.0
package lazaret.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import lazaret.smmuv3.Ste;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InspectStreamsCommandTest {
    @TempDir
    private Path folder;

    /** A linear table of two streams: one bypasses, one translates in stage 2 with one page mapped. */
    private Path recording(String name, long leaf) throws IOException {
        Path made = Files.createDirectories(folder.resolve(name));
        ByteBuffer pages = ByteBuffer.allocate(4 * 4096).order(ByteOrder.LITTLE_ENDIAN);
        pages.putLong(0, Ste.V.prep(true) | Ste.CONFIG.prep(Ste.Config.BYPASS));
        pages.putLong(64, Ste.V.prep(true) | Ste.CONFIG.prep(Ste.Config.S2_TRANS));
        pages.putLong(64 + 16, Ste.S2T0SZ.prep(34) | Ste.S2SL0.prep(0) | Ste.S2PS.prep(5) | Ste.S2AA64.prep(
                true));
        pages.putLong(64 + 24, 0x2000);
        pages.putLong(0x1000, 0x3003);
        pages.putLong(0x2000 + 8, leaf);
        Files.write(made.resolve("pages.bin"), pages.array());
        Files.writeString(made.resolve("meta.json"), """
                {"page_size": 4096, "pages": ["0x1000", "0x2000", "0x3000", "0x4000"], "regs": {"IDR0": "0x9",
                "IDR1": "0x2", "IDR5": "0x15", "CR0": "0x1", "STRTAB_BASE": "0x1000",
                "STRTAB_BASE_CFG": "0x1"}}
                """);
        return made;
    }

    private static String inspect(int code, String... args) {
        var out = new StringWriter();
        var err = new StringWriter();
        assertThat(Main.execute(new PrintWriter(out), new PrintWriter(err), args)).as(err.toString())
                .isEqualTo(code);
        return out.toString() + err;
    }

    @Test
    void who_can_reach_a_page_is_everybody_who_bypasses_and_who_has_it_mapped() throws IOException {
        String dir = recording("a", 0x8001_37ffL).toString();

        assertThat(inspect(0, "inspect", "streams", dir, "--who", "0x80013010"))
                .contains("sid 0x0", "bypass, reaches all of memory", "sid 0x1", "through 0x1010 rw",
                "2 ways");
        assertThat(inspect(0, "inspect", "streams", dir, "--who", "0x80014000"))
                .contains("1 way to 0x80014000");
    }

    @Test
    void what_a_stream_reaches_is_listed() throws IOException {
        String dir = recording("a", 0x8001_377fL).toString();

        assertThat(inspect(0, "inspect", "streams", dir, "--reach", "0x1"))
                .contains("0x1000…0x1fff → 0x80013000 r-");
        assertThat(inspect(0, "inspect", "streams", dir)).contains("bypass: reaches all of memory",
                "1 mappings, 4 KiB");
    }

    @Test
    void a_memory_image_and_registers_do_as_well_as_a_recording() throws IOException {
        Path made = recording("a", 0x8001_37ffL);
        Path regs = Files.writeString(folder.resolve("regs"), """
                # as a debugger shows them
                IDR0 0x9
                IDR1 0x2
                IDR5 0x15
                STRTAB_BASE = 0x1000
                STRTAB_BASE_CFG 0x1
                """);
        String image = made.resolve("pages.bin").toString();

        assertThat(inspect(0, "inspect", "streams", image, "--base", "0x1000", "--regs", regs.toString(),
                "--walk",
                "0x1:0x1234:w")).contains("STE[V=1 Config=S2_TRANS", "stage 2 level 3", "pa 0x80013234");
        assertThat(inspect(64, "inspect", "streams", image, "--base", "0x1000"))
                .contains("expected --regs FILE");
        Files.writeString(regs, "IDR0 0x9\nIDR1 two\n");
        assertThat(inspect(64, "inspect", "streams", image, "--base", "0x1000", "--regs", regs.toString()))
                .contains(regs + ":2: expected a hexadecimal value, not \"two\"");
    }

    @Test
    void what_differs_between_two_recordings_is_a_finding() throws IOException {
        String before = recording("a", 0x8001_37ffL).toString();
        String after = recording("b", 0x8001_47ffL).toString();

        assertThat(inspect(1, "inspect", "streams", before, "--diff", after))
                .contains("sid 0x1 - 0x1000…0x1fff → 0x80013000 rw",
                "sid 0x1 + 0x1000…0x1fff → 0x80014000 rw");
        assertThat(inspect(0, "inspect", "streams", before, "--diff", before)).contains("no difference");
        assertThat(inspect(64, "inspect", "streams", before, "--who", "x"))
                .contains("expected a number such as 0x100");
    }
}
