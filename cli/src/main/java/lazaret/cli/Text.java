// SPDX-License-Identifier: Apache-2.0
package lazaret.cli;

import java.util.Locale;
import lazaret.explore.Cost;
import lazaret.explore.Schedule;
import lazaret.lab.Constraint;
import lazaret.lab.Counterexample;
import lazaret.lab.Explained;
import lazaret.lab.Finding;
import lazaret.lab.Plan;
import lazaret.lab.Report;
import lazaret.lab.oracle.Violation;
import lazaret.lab.story.Ink;
import lazaret.lab.story.Swimlanes;
import lazaret.lab.Teller;

/** What people read. */
final class Text {
    private static final int WIDTH = 100;
    private static final int INDENT = 4;

    private Text() { }

    /** A name and what it is, as a list shows it. */
    static String entry(String name, String line) {
        return "  " + name + "\n" + wrap(line, 6);
    }

    static String paragraph(String title, String text) {
        return "\n" + title + ":\n" + wrap(text, INDENT);
    }

    /** The report of {@code run} without a finding. */
    static String report(Report report, Ink ink) {
        var out = new StringBuilder(title(report, "seed " + report.plan().seed(), ink));
        if (report.unknowns().isEmpty()) {
            return out.append("upheld: no property broken in ").append(sample(report))
                    .append(": a sample, not a proof\n").toString();
        }
        out.append("inconclusive after ").append(sample(report)).append(":\n");
        report.unknowns().forEach(u -> out.append("  ").append(u).append('\n'));
        return out.toString();
    }

    /** The report of {@code run} with one: outcome first, then the evidence. */
    static String finding(Report report, Explained explained, String line, Ink ink) {
        Counterexample example = explained.example();
        var out = new StringBuilder(title(report, "seed " + report.plan().seed(), ink));
        headline(out, report, example, ink);
        out.append("broken in ").append(report.broken()).append(" of ").append(sample(report)).append('\n');
        out.append("shown: ").append(cost(example.cost())).append('\n');
        if (!example.cost().equals(example.original())) {
            out.append("made plainer in ").append(example.tries()).append(" tries from a ")
                    .append(how(report.finding())).append(":\n       ").append(cost(example.original()))
                    .append('\n');
        }
        out.append(told(explained, line, ink));
        report.unknowns().forEach(u -> out.append("Inconclusive in other runs: ").append(u).append('\n'));
        return out.toString();
    }

    /** What {@code replay} says: the run of a finding again. */
    static String replayed(Report report, Explained explained, String line, String layer, Ink ink) {
        Counterexample example = explained.example();
        var out = new StringBuilder(title(report, "replay", ink));
        headline(out, report, example, ink);
        out.append("layer: ").append(layer).append('\n');
        out.append("shown: ").append(cost(example.cost())).append('\n');
        return out.append(told(explained, line, ink)).toString();
    }

    private static String title(Report report, String how, Ink ink) {
        return ink.bold(report.scenario()) + " · design " + ink.bold(report.design()) + " · " + how + "\n";
    }

    private static void headline(StringBuilder out, Report report, Counterexample example, Ink ink) {
        Violation v = example.finding().violation();
        out.append(ink.alarm("finding: " + v.headline())).append('\n');
        if (report.expected()) {
            out.append(wrap("The scenario says so itself: " + report.beyond().get(v.property()), 2))
                    .append('\n');
        }
    }

    /** The swimlanes and what they show: the same text from {@code run} and from {@code replay}. */
    private static String told(Explained explained, String line, Ink ink) {
        Counterexample example = explained.example();
        Finding finding = example.finding();
        Violation v = finding.violation();
        var out = new StringBuilder("replay: ").append(line).append("\n");
        out.append(orders(explained)).append('\n');
        out.append(new Swimlanes(Teller.lines(example), finding.lanes(), ink).render()).append('\n');
        if (v.first() != null && v.second() != null) {
            out.append("(1) and (2) do not go together. ");
        }
        out.append(v.property()).append(' ').append(v.property().title()).append(": ")
                .append(v.property().statement()).append('\n');
        finding.judged().violations().stream().filter(o -> o.property() != v.property())
                .map(Violation::headline).distinct()
                .forEach(o -> out.append("Broken in the same run: ").append(o).append('\n'));
        return out.toString();
    }

    /** What it takes, in words. */
    private static String orders(Explained explained) {
        int all = explained.neighbours().all().size();
        int passing = all - explained.breaking();
        if (passing == 0) {
            return "It broke in all of " + all + " other orders that were tried.\n";
        }
        var out = new StringBuilder("Of " + all + " other orders that were tried " + passing
                + " pass. What tells them from this one:\n");
        for (Constraint c : explained.constraints()) {
            out.append(wrap(explained.words(c.first()), 2)).append('\n');
            out.append(wrap("before " + explained.words(c.then()), INDENT)).append('\n');
        }
        return out.toString();
    }

    private static String how(Finding finding) {
        String seed = finding.schedule() == Schedule.STRAIGHT ? "" : ", seed " + finding.seed();
        return finding.schedule().name().toLowerCase(Locale.ROOT) + " schedule" + seed;
    }

    private static String cost(Cost cost) {
        return count(cost.steps(), "step") + ", " + count(cost.handovers(), "switch") + " of lane, "
                + count(cost.passes(), "pass") + " of time, " + count(cost.picks(), "fault choice") + ", "
                + count(cost.departures(), "departure") + " from the default";
    }

    private static String count(int n, String what) {
        String many = what.endsWith("h") || what.endsWith("s") ? what + "es" : what + "s";
        return n + " " + (n == 1 ? what : many);
    }

    private static String sample(Report report) {
        Plan plan = report.plan();
        int[] by = new int[Schedule.values().length];
        for (int i = 0; i < report.runs(); i++) {
            by[plan.schedule(i).ordinal()]++;
        }
        var kinds = new StringBuilder();
        for (Schedule s : Schedule.values()) {
            if (by[s.ordinal()] > 0) {
                kinds.append(kinds.isEmpty() ? "" : ", ").append(by[s.ordinal()]).append(' ')
                        .append(s.name().toLowerCase(Locale.ROOT));
            }
        }
        return report.runs() + (report.runs() == 1 ? " run (" : " runs (") + kinds + "; " + report.steps()
                + " steps)";
    }

    private static String wrap(String text, int indent) {
        var out = new StringBuilder();
        var row = new StringBuilder(" ".repeat(indent));
        for (String word : text.split(" ")) {
            if (row.length() + word.length() + 1 > WIDTH && row.length() > indent) {
                out.append(row).append('\n');
                row.setLength(indent);
            }
            row.append(row.length() > indent ? " " : "").append(word);
        }
        return out.append(row).toString();
    }
}
