// SPDX-License-Identifier: Apache-2.0
package lazaret.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import lazaret.smmuv3.CmdError;
import lazaret.smmuv3.Cmd;
import lazaret.smmuv3.Command;
import lazaret.smmuv3.Gerror;
import org.junit.jupiter.api.Test;

/** What real kernels printed about records and errors, beside what we say about the same words. */
class KernelTextTest {
    private static final Path NAME = Path.of("event-lines.jsonl");

    private record Said(String where, long[] words, KernelText text) { }

    @Test
    void every_line_of_the_kernel_agrees_or_it_is_said_why_the_kernel_is_wrong() {
        List<String> unexplained = new ArrayList<>();
        var explained = new TreeMap<String, Integer>();
        List<Said> all = events();
        for (Said said : all) {
            for (KernelText.Difference d : said.text().against(said.words())) {
                if (d.why() == null) {
                    unexplained.add(said.where() + ": " + d);
                } else {
                    explained.merge(d.why(), 1, Integer::sum);
                }
            }
        }
        assertThat(all).hasSize(44);
        assertThat(unexplained).isEmpty();
        assertThat(explained).containsExactlyInAnyOrderEntriesOf(java.util.Map.of(
                "a CD is fetched through stage 2 only; QEMU before 10.0 leaves the field 0", 13,
                "the manual defines this record, the kernel has no name for it", 4,
                "S2=0: word 3 is no IPA", 1));
    }

    @Test
    void a_text_that_is_wrong_is_not_explained_away() {
        var text = new KernelText("event: F_TRANSLATION client: 0000:01:00.0 sid: 0x100 ssid: 0x0 iova: "
                + "0x2000 "
                + "ipa: 0x0", "unpriv data read s1 \"Input address caused fault\" stag: 0x0");
        assertThat(text.against(0x0000_0100_0000_0010L, 0x0000_0200_0000_0000L, 0x1000, 0))
                .extracting(KernelText.Difference::field, KernelText.Difference::why)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("iova", null),
                        org.assertj.core.groups.Tuple.tuple("direction", null));
    }

    /** All lines about global errors; the last word of each is what the kernel calls the error. */
    @Test
    void every_error_of_the_command_queue_is_called_what_the_kernel_calls_it() throws IOException {
        String text = new String(resource("gerror-lines.json"), StandardCharsets.UTF_8);
        var errors = Pattern.compile("CMDQ error \\(cons (0x[0-9a-f]{8})\\): ([\\w ]+)").matcher(text);
        int found = 0;
        for (; errors.find(); found++) {
            CmdError error = CmdError.of(Long.decode(errors.group(1)));
            assertThat(error == null ? "Unknown" : error.text()).isEqualTo(errors.group(2));
        }
        assertThat(found).isEqualTo(4);
        var global = Pattern.compile("global error reported \\((0x[0-9a-f]{8})\\)[^\"]*\",\\s*\"[^:]*: "
                + "(\\w+)")
                .matcher(text);
        for (found = 0; global.find(); found++) {
            long bits = Long.decode(global.group(1));
            assertThat(Gerror.CMDQ_ERR.test(bits)).isEqualTo("CMDQ".equals(global.group(2)));
            assertThat(Gerror.EVENTQ_ABT_ERR.test(bits)).isEqualTo("EVTQ".equals(global.group(2)));
        }
        assertThat(found).isEqualTo(5);
    }

    @Test
    void commands_that_the_kernel_skipped_are_decoded() throws IOException {
        String json = new String(resource("gerror-lines.json"), StandardCharsets.UTF_8);
        assertThat(json).contains("0x000000000fc02046");
        assertThat(Command.decode(0x0fc0_2046, 0).text()).startsWith("SYNC cs=SEV");
        assertThat(Command.decode(0xbad0_0000_0000_0099L, 0x1a2a_3e70_0000_0000L))
                .isInstanceOf(Command.Illegal.class);
        assertThat(Cmd.OPCODE.get(0xbad0_0000_0000_0099L)).isEqualTo(0x99);
    }

    private static List<Said> events() {
        var all = new ArrayList<Said>();
        int line = 0;
        for (String text : lines()) {
            line++;
            Json json = Json.object(NAME, line, text);
            if (json.has("raw") && json.list("lines").size() > 1) {
                long[] words = json.list("raw").stream().mapToLong(w -> json.number("raw", w)).toArray();
                List<?> said = json.list("lines");
                String tail = said.size() > 2 ? said.get(2).toString() : null;
                all.add(new Said(NAME + ":" + line, words, new KernelText(said.get(1).toString(), tail)));
            }
        }
        return all;
    }

    private static List<String> lines() {
        try (InputStream packed = KernelTextTest.class.getResourceAsStream("/kernel/event-lines.jsonl.gz");
             InputStream in = new GZIPInputStream(packed)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = KernelTextTest.class.getResourceAsStream("/kernel/" + name)) {
            return in.readAllBytes();
        }
    }
}
