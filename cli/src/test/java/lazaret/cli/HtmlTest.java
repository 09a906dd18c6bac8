// SPDX-License-Identifier: Apache-2.0
package lazaret.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HtmlTest {
    /** Does what a reader does, and writes down what the page then shows. */
    private static final String READER = """
            <script>
            const seen = [];
            const see = what => seen.push(what + '=' + [
                document.getElementById('at').textContent,
                document.querySelector('[aria-selected=true] .text').textContent,
                document.querySelectorAll('#panels tr.new').length + ' new',
                document.querySelectorAll('#rows li').length + ' rows'].join(' | '));
            const press = (key, at) => (at || document.activeElement || document.body).dispatchEvent(
                new KeyboardEvent('keydown', {key, bubbles: true, cancelable: true}));
            const list = document.getElementById('rows');
            see('opened');
            list.focus();
            press('Home'); see('home');
            press('ArrowRight'); see('right');
            press('ArrowDown'); see('down');
            press('ArrowDown'); see('down again');
            press('ArrowUp'); see('up');
            press('End'); see('end');
            press('/'); seen.push('focus=' + document.activeElement.id);
            document.activeElement.value = 'CERROR';
            press('Enter'); see('found');
            press('Escape'); seen.push('back=' + document.activeElement.id);
            const rows = [...document.querySelectorAll('#rows li')];
            rows.find(li => li.textContent.match(/flush of .* returns/)).click();
            see('clicked');
            const scrub = document.getElementById('scrub');
            scrub.value = 3; scrub.dispatchEvent(new Event('input')); see('scrubbed');
            document.getElementById('folded').click(); see('unfolded');
            seen.push('wires=' + document.querySelectorAll('#wires path[marker-end]').length);
            seen.push('dots=' + document.querySelectorAll('#wires circle').length);
            seen.push('said=' + document.getElementById('said').textContent);
            document.body.setAttribute('data-seen', seen.join('\\n'));
            </script>
            """;

    @TempDir
    private static Path folder;
    private static String page;

    @BeforeAll
    static void a_finding_is_written_as_a_page() throws IOException {
        Path file = folder.resolve("story.html");
        var out = new StringWriter();
        int code = Main.execute(new PrintWriter(out), new PrintWriter(new StringWriter()), "run",
                "flush-returns-ok-after-atc-timeout", "--design", "mainline", "--runs", "20", "--html",
                file.toString(), "--replay-file", folder.resolve("f.replay").toString());
        assertThat(code).isEqualTo(1);
        assertThat(out.toString()).contains("page: " + file);
        page = Files.readString(file);
    }

    @Test
    void the_page_needs_nothing_but_itself() {
        String namespace = "http://www.w3.org/2000/svg";
        assertThat(page.replace(namespace, ""))
                .doesNotContain("http://", "https://", "<link", "src=", "@import", "url(http")
                .contains("default-src 'none'");
        assertThat(page).doesNotContain("/*CSS*/", "/*JS*/", "/*DATA*/");
    }

    @Test
    void the_page_is_small_and_says_the_headline_orders_and_curve() {
        assertThat(page.length()).isLessThan(200_000);
        assertThat(page).contains("P1 containment broken on frame", "\"orders\":[[\"cpu0: flush",
                "\"curve\":[[0,", "\"passing\":[", "\"replay\",\"lz1:");
    }

    @Test
    void a_reader_gets_through_it_by_keyboard_and_mouse() throws Exception {
        List<String> seen = read(page.replace("</body>", READER + "</body>"));

        String last = line(seen, "opened");
        assertThat(last).contains("of ").contains("translated write 0x1000 lands at");
        assertThat(line(seen, "home")).startsWith("0 of ").contains("unmap smmu3.0").contains("| 0 new");
        assertThat(line(seen, "right")).startsWith("1 of ").contains("cpu0 task 0");
        assertThat(line(seen, "down again")).isNotEqualTo(line(seen, "down"));
        assertThat(line(seen, "up")).isEqualTo(line(seen, "down"));
        assertThat(line(seen, "end")).isEqualTo(last);
        assertThat(line(seen, "focus")).isEqualTo("find");
        assertThat(line(seen, "found")).contains("CERROR_ATC_INV_SYNC").doesNotContain("| 0 new");
        assertThat(line(seen, "back")).isEqualTo("rows");
        assertThat(line(seen, "clicked")).contains("flush of smmu3.0 domain");
        assertThat(line(seen, "scrubbed")).startsWith("3 of ");
        assertThat(Integer.parseInt(line(seen, "wires"))).isPositive();
        assertThat(Integer.parseInt(line(seen, "dots"))).isGreaterThan(10);
        assertThat(line(seen, "said")).isNotEmpty();
    }

    private static String line(List<String> seen, String what) {
        return seen.stream().filter(l -> l.startsWith(what + "=")).findFirst().orElseThrow(
                () -> new AssertionError(what + " is not among " + seen)).substring(what.length() + 1);
    }

    /** What the reader wrote down; skips when there is no browser. */
    private static List<String> read(String text) throws Exception {
        Path browser = Stream.of("chromium", "chromium-browser", "google-chrome")
                .map(n -> Path.of("/usr/bin", n)).filter(Files::isExecutable).findFirst().orElse(null);
        assumeTrue(browser != null, "no chromium under /usr/bin: nobody clicks through the page");
        Path file = Files.writeString(folder.resolve("read.html"), text);
        Path dom = folder.resolve("dom.html");
        Process process = new ProcessBuilder(browser.toString(), "--headless", "--no-sandbox",
                "--disable-gpu", "--user-data-dir=" + folder.resolve("profile"), "--virtual-time-budget=2000",
                "--window-size=1300,900", "--dump-dom", file.toUri().toString())
                .redirectError(folder.resolve("browser.log").toFile()).redirectOutput(dom.toFile()).start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        String shown = Files.readString(dom, StandardCharsets.UTF_8);
        assertThat(shown).as(Files.readString(folder.resolve("browser.log"))).contains("data-seen=\"");
        int from = shown.indexOf("data-seen=\"") + 11;
        return shown.substring(from, shown.indexOf('"', from)).lines().toList();
    }
}
