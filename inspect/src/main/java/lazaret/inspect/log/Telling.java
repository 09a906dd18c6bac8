// SPDX-License-Identifier: Apache-2.0
package lazaret.inspect.log;

import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A report in words. */
public final class Telling {
    /** No machine is up for so long. */
    private static final long DATES = 100_000_000_000_000L;

    private Telling() { }

    /** All of it, line by line. */
    public static List<String> of(Triage.Report report) {
        var lines = new ArrayList<String>();
        lines.add(report.incidents().isEmpty() ? "no line about an IOMMU or a PCIe error in " + count(report)
                : "verdict: " + report.worst().text() + " — " + report.worst().meaning());
        if (!report.incidents().isEmpty()) {
            lines.add(report.incidents().size() + (report.incidents().size() == 1 ? " incident in "
                    : " incidents in ")
                    + count(report) + (report.forms().isEmpty() ? "; lines have no prefix"
                    : "; prefixes: " + String.join("; ", report.forms()))
                    + (report.joined() == 0 ? "" : "; " + report.joined() + " wrapped lines joined"));
        }
        int number = 0;
        for (Incident incident : report.incidents()) {
            number++;
            lines.add("");
            lines.addAll(of(number, incident));
        }
        return lines;
    }

    /** An incident as it is so far, in one line. */
    public static String line(Incident i) {
        return "line " + i.last().number() + ": " + i.topic().text() + ": " + place(i) + ": " + i.verdict()
                .text()
                + (i.why().isEmpty() ? "" : " — " + i.why());
    }

    private static String count(Triage.Report report) {
        return report.lines() + (report.lines() == 1 ? " line" : " lines");
    }

    /** One incident. */
    private static List<String> of(int number, Incident i) {
        var lines = new ArrayList<String>();
        lines.add(number + "  " + i.topic().text() + ": " + place(i) + span(i) + (i.injected()
                ? ", injected=true" : ""));
        lines.add("   verdict: " + i.verdict().text() + (i.why().isEmpty() ? "" : " — " + i.why())
                + (i.basis().isEmpty() ? "" : " (rests on " + (i.basis().size() == 1 ? "line " : "lines ")
                + i.basis().stream().map(String::valueOf).collect(Collectors.joining(", ")) + ")"));
        i.seen().forEach((what, seen) -> {
            lines.add("   " + seen.first().number() + ": " + what + (seen.count() > 1 ? " ×" + seen.count()
                    : ""));
            if (!seen.samples().isEmpty()) {
                lines.add("      " + String.join(" | ", seen.samples())
                        + (seen.more() > 0 ? " | and " + seen.more() + " more" : ""));
            }
        });
        i.notes().forEach(note -> lines.add("   · " + note));
        i.unknown().forEach(what -> lines.add("   ? unknown: " + what));
        return lines;
    }

    private static String place(Incident i) {
        String at = i.instance() == null ? "" : i.instance();
        String device = i.device() == null ? "" : i.device();
        String both = at + (at.isEmpty() || device.isEmpty() ? "" : ", ") + device;
        return both.isEmpty() ? "no device named" : both;
    }

    private static String span(Incident i) {
        long from = i.first().number();
        long to = i.last().number();
        String times = i.first().timed() ? " at " + time(i.first().time()) : "";
        String bound = i.suppressed() > 0 ? ", at least " + i.count() + " events (" + i.suppressed()
                + " suppressed)" : "";
        return " (" + (from == to ? "line " + from : "lines " + from + "–" + to) + times + ")" + bound;
    }

    /** Seconds since boot; a date where the log has dates. */
    private static String time(long us) {
        if (us > DATES) {
            return LocalDateTime.ofEpochSecond(us / 1_000_000, 0, ZoneOffset.UTC).toString();
        }
        return String.format(Locale.ROOT, "%d.%06d s", us / 1_000_000, us % 1_000_000);
    }
}
