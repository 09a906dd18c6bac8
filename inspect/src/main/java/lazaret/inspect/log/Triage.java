// SPDX-License-Identifier: Apache-2.0
package lazaret.inspect.log;

import java.io.IOException;
import java.io.InputStream;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongConsumer;

/**
 * Reads kernel logs and says what happened to IOMMUs and devices behind them. Reads and nothing else;
 * holds the same
 * little however long a log is.
 */
public final class Triage {
    /**
     * What was found.
     *
     * @param incidents the worst first
     * @param worst     of all verdicts; BENIGN if there is no incident
     * @param lines     that many lines were read
     * @param joined    lines that a mailer had wrapped and that were joined
     * @param forms     of prefixes
     */
    public record Report(List<Incident> incidents, Verdict worst, long lines, long joined,
            Set<String> forms) { }

    private static final long NEAR_US = 600_000_000;

    private final Book book = new Book();
    private final Neighbours neighbours = new Neighbours();
    private final Episodes episodes = new Episodes(book, neighbours);
    private final SmmuEvents events = new SmmuEvents(book, neighbours);
    private final SmmuQueues queues = new SmmuQueues(book);
    private final SmmuLines smmu = new SmmuLines(book, events, queues);
    private final VtdLines vtd = new VtdLines(book, neighbours);
    private final AmdLines amd = new AmdLines(book, neighbours);
    private final PciLines pci = new PciLines(book, neighbours, episodes);
    private final CoreLines core = new CoreLines(book, episodes);
    private final CapabilityLines capabilities = new CapabilityLines(book);
    private final Set<String> forms = new TreeSet<>();
    private Wholes wholes;
    private long lines;
    private long joined;

    /** Reads a log to its end. {@code progress} hears how many bytes of it were read. */
    public void read(String source, InputStream in, LongConsumer progress) throws IOException {
        var reader = new LogReader();
        wholes = new Wholes(source, this::line);
        reader.read(in, new LogReader.Sink() {
            @Override
            public void line(long number, String raw) {
                wholes.line(number, raw);
            }

            @Override
            public void read(long bytes) {
                progress.accept(bytes);
            }
        });
        wholes.flush();
        lines += reader.lines();
        joined += wholes.joined();
        forms.addAll(wholes.forms());
    }

    /** Nothing comes for a while: a line that might have gone on is taken as it is. */
    public void idle() {
        if (wholes != null) {
            wholes.flush();
        }
    }

    /** What is known so far. */
    public Collection<Incident> incidents() {
        return book.all();
    }

    private void line(Line line) {
        if (line.text().isEmpty()) {
            return;
        }
        boolean read = smmu.read(line) || vtd.read(line) || amd.read(line) || pci.read(line)
                || core.read(line)
                || capabilities.read(line) || amd.names(line);
        if (read && line.device() != null && book.latest() != null && book.latest().last() == line) {
            book.latest().note("the record's own key names " + line.device());
        }
    }

    /** What there is to say when nothing more comes. */
    public Report report() {
        events.end();
        core.finish();
        queues.end();
        vtd.end();
        amd.end();
        pci.end();
        episodes.end();
        book.all().forEach(Incident::end);
        related();
        Verdict worst = Verdict.BENIGN;
        for (Incident incident : book.all()) {
            worst = incident.verdict().compareTo(worst) > 0 ? incident.verdict() : worst;
        }
        return new Report(book.sorted(), worst, lines, joined, forms);
    }

    private static boolean near(Incident one, Incident other) {
        boolean timed = one.first().timed() && other.first().timed();
        return !timed || Math.abs(one.first().time() - other.first().time()) < NEAR_US;
    }

    /** A queue that lost a flush and errors of devices in the same log: told beside each other. */
    private void related() {
        List<Incident> errors = book.those(i -> i.topic() == Topic.PCI && i.verdict() != Verdict.BENIGN
                && i.notes().stream().noneMatch(n -> n.startsWith("known pattern")));
        for (Incident queue : book.those(i -> i.verdict().compareTo(Verdict.DEVICE_GONE) > 0)) {
            for (Incident error : errors.stream().filter(e -> near(queue, e)).limit(8).toList()) {
                String later = queue.first().until(error.first());
                queue.note("related, perhaps: " + error.device()
                        + " has errors of PCIe in the same log (line "
                        + error.first().number() + (later == null ? "" : ", " + later + " apart") + "): "
                        + error.seen().keySet().iterator().next());
            }
        }
    }
}
