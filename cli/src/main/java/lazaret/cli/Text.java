// SPDX-License-Identifier: Apache-2.0
package lazaret.cli;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import lazaret.explore.Cost;
import lazaret.explore.Explored;
import lazaret.explore.Schedule;
import lazaret.lab.Buffered;
import lazaret.lab.Constraint;
import lazaret.lab.Counterexample;
import lazaret.lab.Explained;
import lazaret.lab.Exploration;
import lazaret.lab.Finding;
import lazaret.lab.Odds;
import lazaret.lab.Plan;
import lazaret.lab.Report;
import lazaret.lab.oracle.Property;
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
        headline(out, example, report.beyond(), ink);
        out.append("broken in ").append(report.broken()).append(" of ").append(sample(report)).append('\n');
        shown(out, example);
        out.append(told(explained, line, ink));
        report.unknowns().forEach(u -> out.append("Inconclusive in other runs: ").append(u).append('\n'));
        return out.toString();
    }

    /** What {@code replay} says: the run of a finding again. */
    static String replayed(Report report, Explained explained, String line, String layer, Ink ink) {
        Counterexample example = explained.example();
        var out = new StringBuilder(title(report, "replay", ink));
        headline(out, example, report.beyond(), ink);
        out.append("layer: ").append(layer).append('\n');
        out.append("shown: ").append(cost(example.cost())).append('\n');
        return out.append(told(explained, line, ink)).toString();
    }

    /** The report of {@code explore}; {@code explained} and {@code line} are null without a finding. */
    static String exploration(Exploration what, Explained explained, String line, String took,
            Ink ink) {
        String how = isSampled(what) ? "sampled" : "explored, " + what.method();
        var out = new StringBuilder(title(what.scenario(), what.design(), how, ink));
        switch (what.outcome()) {
            case UPHELD -> out.append("upheld: no property broken in any run (P13 is not judged here)\n");
            case INCONCLUSIVE -> out.append("inconclusive: ").append(inconclusive(what)).append('\n');
            case FINDING -> {
                headline(out, explained.example(), what.beyond(), ink);
                shown(out, explained.example());
                out.append(told(explained, line, ink));
                what.findings().stream().skip(1).forEach(f -> out.append("Also found: ")
                        .append(f.violation().headline()).append('\n'));
            }
        }
        what.unknowns().forEach(u -> out.append("  ").append(u).append('\n'));
        return out.append(covered(what, took)).toString();
    }

    private static boolean isSampled(Exploration what) {
        return what.explored().runs() == 0 && what.bounded().isEmpty();
    }

    private static String inconclusive(Exploration what) {
        if (!what.unknowns().isEmpty()) {
            return "not every run could be judged; no property broken so far";
        }
        return what.completeUpTo() < 0 ? "stopped before the end; no property broken so far"
                : "complete up to " + count(what.completeUpTo(), "preemption")
                        + " only; no property broken so far";
    }

    /** What was explored and what was not: nothing may be claimed beyond this. */
    private static String covered(Exploration what, String took) {
        if (isSampled(what)) {
            return what.findings().isEmpty()
                    ? "not complete: only a sample of " + count(what.sampled(), "run") + ", " + took + "\n"
                    : "found by a " + (what.method() == null ? "" : "short ") + "sample of "
                            + count(what.sampled(), "run") + ", " + took + "; nothing was explored"
                            + (what.method() == null ? "" : ": --all goes on") + "\n";
        }
        var out = new StringBuilder();
        if (what.explored().runs() > 0) {
            figures(out, what.explored(), "");
        }
        what.bounded().forEach(w -> figures(out, w.explored(),
                " up to " + count(w.preemptions(), "preemption")));
        out.append("  took ").append(took).append('\n');
        if (what.complete() || what.completeUpTo() >= 0) {
            out.append(wrap("Every interleaving at the scheduling points"
                    + (what.complete() ? "" : " with at most " + count(what.completeUpTo(), "preemption"))
                    + " and every choice of the modelled hardware and faults of this scenario was explored, "
                    + "up to the order of steps that touch nothing in common, under sequential consistency"
                    + weak(what) + ".", 2)).append('\n');
        }
        if (!what.complete() && what.completeUpTo() >= 0) {
            out.append(wrap("A preemption is a switch to other software, an interrupt too, while the one "
                    + "that stepped last could go on; hardware and time are not counted.", 2)).append('\n');
        }
        return out.toString();
    }

    private static void figures(StringBuilder out, Explored e, String bound) {
        out.append(e.complete() ? "complete" : "not complete").append(bound).append(": ")
                .append(count(e.runs(), "run"));
        if (e.states() > 0) {
            out.append(", ").append(count(e.states(), "state"));
        }
        out.append(", ").append(count(e.endStates().length, "end state")).append(", ")
                .append(count(e.steps(), "step")).append(", longest run ").append(e.deepest())
                .append(" decisions\n");
        if (e.states() > 0) {
            out.append(String.format(Locale.ROOT, "  probability that two states shared a hash and one was "
                    + "left out: at most %.1e%n", e.omission()));
        }
    }

    private static String weak(Exploration what) {
        return what.scenario().endsWith(Buffered.SUFFIX) ? " but for two late stores of each CPU" : "";
    }

    private static void shown(StringBuilder out, Counterexample example) {
        out.append("shown: ").append(cost(example.cost())).append('\n');
        if (!example.cost().equals(example.original())) {
            out.append("made plainer in ").append(example.tries()).append(" tries from a run by ")
                    .append(example.finding().origin()).append(":\n       ")
                    .append(cost(example.original())).append('\n');
        }
    }

    private static String title(Report report, String how, Ink ink) {
        return title(report.scenario(), report.design(), how, ink);
    }

    private static String title(String scenario, String design, String how, Ink ink) {
        return ink.bold(scenario) + " · design " + ink.bold(design) + " · " + how + "\n";
    }

    private static void headline(StringBuilder out, Counterexample example, Map<Property, String> beyond,
            Ink ink) {
        Violation v = example.finding().violation();
        out.append(ink.alarm(wrap("finding: " + v.headline(), 0))).append('\n');
        if (beyond.containsKey(v.property())) {
            out.append(wrap("The scenario says so itself: " + beyond.get(v.property()), 2)).append('\n');
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
        String apart = v.first() == null || v.second() == null ? "" : "(1) and (2) do not go together. ";
        out.append(wrap(apart + v.property() + " " + v.property().title() + ": " + v.property().statement(),
                0)).append('\n');
        finding.judged().violations().stream().filter(o -> o.property() != v.property())
                .map(Violation::headline).distinct()
                .forEach(o -> out.append(wrap("Broken in the same run: " + o, 0)).append('\n'));
        return out.toString();
    }

    /** What it takes, in words. */
    private static String orders(Explained explained) {
        var out = new StringBuilder(beside(explained)).append('\n');
        for (Constraint c : explained.constraints()) {
            out.append(wrap(explained.words(c.first()), 2)).append('\n');
            out.append(wrap("before " + explained.words(c.then()), INDENT)).append('\n');
        }
        return out.toString();
    }

    /** How runs beside it did. */
    static String beside(Explained explained) {
        int all = explained.neighbours().all().size();
        int passing = all - explained.breaking();
        return passing == 0 ? "It broke in all of " + all + " other orders that were tried."
                : "Of " + all + " other orders that were tried " + passing
                        + " pass. This one has, and all those lack:";
    }

    /** When the finding became likely, and when certain. */
    static String late(Counterexample example, Odds odds) {
        List<Odds.Point> rise = odds.rise();
        String strand = example.causes().steps().get(rise.getLast().step() - 1).strand();
        var out = new StringBuilder("The chance that a random completion breaks the same rises most between ")
                .append("step ").append(rise.getFirst().step()).append(" and ").append(rise.getLast().step())
                .append(" (").append(strand).append("): from ").append(of(rise.getFirst())).append(" to ")
                .append(of(rise.getLast())).append('.');
        Odds.Point noReturn = odds.noReturn();
        if (noReturn != null) {
            out.append(" From step ").append(noReturn.step()).append(" on every completion tried broke.");
        }
        return out.toString();
    }

    private static String of(Odds.Point point) {
        return point.broken() + " of " + point.of();
    }

    /** What a run asks of a reader. */
    static String cost(Cost cost) {
        return count(cost.steps(), "step") + ", " + count(cost.handovers(), "switch") + " of lane, "
                + count(cost.passes(), "pass") + " of time, "
                + count(cost.picks(), "adversarial choice") + ", "
                + count(cost.departures(), "departure") + " from the default";
    }

    private static String count(long n, String what) {
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
