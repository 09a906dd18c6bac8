// SPDX-License-Identifier: Apache-2.0
package lazaret.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import lazaret.iommu.design.planted.Planted;
import lazaret.iommu.design.planted.PlantedBugs;
import lazaret.lab.oracle.Property;
import org.junit.jupiter.api.Test;

/** docs/ORACLE.md is made from {@link Property} and the planted bugs; -Dtidy.rewrite=true makes it again. */
class OracleDocumentTest {
    private static final Path DOCUMENT = Path.of("..", "docs", "ORACLE.md");

    private static final String HEAD = """
            # The oracle

            Each property is one small class in `lazaret.lab.oracle`, fed by the machine's log while a run
            goes on. What it asks beside the log it asks of hardware and of memory (the pure walk), never of
            the driver. An oracle is believed only after it has fired: the planted bugs named here are
            designs with one step wrong on purpose. `PlantedBugsTest` finds each within 2 000 runs of a hunt
            at seed 1; behind it stand the scenario and the run in which it showed, as
            `./mvnw verify -Dtidy.rewrite=true` wrote them down last. "Switch n" stands where samples hardly
            ever meet the bug: it was found by running one CPU to its n-th choice, then the other to its end.

            `./lazaret explore SCENARIO --design planted:NAME` finds each of these unaided, all of them in
            its sample of 100 runs. Without `--design` nothing was found, as far as each line says it came.
            Seconds of the whole command, 2026-11-23, quiet machine; typed here by hand.

            | scenario | planted bug, found in | the default design |
            |---|---|---|
            | second-flush-skips-muted | mutesBeforeFence, 2.2 s | too large, not complete |
            | flush-in-softirq-between-chunks | closesLastChunkOnly, 2.0 s | 7 982 states, 4.6 s |
            | error-handled-by-interrupt | acknowledgesFirst, 1.5 s | 2 619 states, 2.8 s |
            | flush-in-softirq-meets-attach | noLastLook, 1.6 s; attachReopens, 1.3 s | 6 864 states, 3.3 s |
            | error-interrupt-pends-on-waiter | ignoresGerror, 2.1 s | 1 185 states, 2.1 s |
            | asks-again-during-flush | atcBeforeTlb, 1.0 s | 5 201 states, 3.3 s |
            | flush-in-softirq-meets-restore | liftsAtStore, 2.6 s | 144 962 states, 20.6 s |
            | flush-in-softirq-waits | none | 1 910 states, 2.0 s |
            | unmap-with-store-buffer | omitsCommandBarrier, 1.4 s | 426 states, 1.3 s |
            | unmap-races-with-attach | omitsFlushBarrier, 2.0 s | 300 runs, upheld |

            This page is made from `Property` and `PlantedBugs`; a test compares it.
            """;

    @Test
    void the_document_says_what_the_code_says() throws IOException {
        String wanted = document();
        if (Boolean.getBoolean("tidy.rewrite")) {
            Files.writeString(DOCUMENT, wanted);
        }

        assertThat(Files.readString(DOCUMENT)).isEqualTo(wanted);
    }

    private static String document() throws IOException {
        var text = new StringBuilder(HEAD);
        for (Property p : Property.values()) {
            text.append("\n## ").append(p).append(' ').append(p.title()).append("\n\n").append(p.statement())
                    .append("\n\n");
            text.append("*Watches:* ").append(p.watches()).append("\n\n");
            text.append("*Does not claim:* ").append(p.noClaim()).append('\n');
            for (Planted bug : PlantedBugs.all()) {
                for (String found : found(bug, p)) {
                    text.append("\n*Planted bug* `").append(bug.name()).append("`: ")
                            .append(bug.inOneLine()).append(" (").append(found)
                            .append(").\n");
                }
            }
        }
        return text.toString();
    }

    /** Where and when, if it was. */
    private static List<String> found(Planted bug, Property property) throws IOException {
        String begin = bug.name() + " " + property + " ";
        return Files.readAllLines(PlantedBugsTest.FOUND).stream().filter(l -> l.startsWith(begin))
                .map(l -> l.substring(begin.length()).split(" ", 2))
                .map(p -> p[0] + ", " + (p[1].startsWith("switch") ? p[1] : "run " + p[1])).toList();
    }
}
