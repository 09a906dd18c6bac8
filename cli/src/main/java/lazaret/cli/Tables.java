// SPDX-License-Identifier: Apache-2.0
package lazaret.cli;

import java.util.ArrayList;
import java.util.List;
import lazaret.lab.compare.Comparison;
import lazaret.lab.compare.Row;
import lazaret.lab.compare.Verdict;
import lazaret.lab.oracle.Property;

/** A comparison for people: what holds, what it costs, and how to see what does not hold. */
final class Tables {
    private static final List<String> COSTS = List.of("design", "healthy harmed", "time-outs",
            "commands", "locks", "lines", "comes back by");
    private static final List<String> FINDINGS = List.of("design", "property", "preemptions", "scenario");

    private final Comparison comparison;
    private final Budget budget;

    Tables(Comparison comparison, Budget budget) {
        this.comparison = comparison;
        this.budget = budget;
    }

    /** Named parts of a table, all as wide as its head. */
    private record Table(String title, List<String> head, List<List<String>> rows) { }

    String text() {
        var out = new StringBuilder();
        for (Table table : tables()) {
            out.append(table.title()).append("\n\n");
            int[] widths = widths(table);
            line(out, table.head(), widths);
            table.rows().forEach(row -> line(out, row, widths));
            out.append('\n');
        }
        notes().forEach(note -> out.append(note).append('\n'));
        return out.toString();
    }

    String markdown() {
        var out = new StringBuilder();
        for (Table table : tables()) {
            out.append("**").append(table.title()).append("**\n\n");
            out.append("| ").append(String.join(" | ", table.head())).append(" |\n");
            out.append("|---".repeat(table.head().size())).append("|\n");
            table.rows().forEach(row -> out.append("| ").append(String.join(" | ", row)).append(" |\n"));
            out.append('\n');
        }
        notes().forEach(note -> out.append("- ").append(note).append('\n'));
        return out.toString();
    }

    String html() {
        var out = new StringBuilder("<!doctype html><meta charset=\"utf-8\"><title>Lazaret: designs</title>"
                + "<style>body{font:14px sans-serif;margin:2em}table{border-collapse:collapse}"
                + "td,th{border:1px solid #999;padding:.2em .5em;text-align:left}"
                + ".broken{background:#f6c8c0}</style>\n");
        for (Table table : tables()) {
            out.append("<h2>").append(escaped(table.title())).append("</h2><table>");
            row(out, "th", table.head());
            table.rows().forEach(row -> row(out, "td", row));
            out.append("</table>\n");
        }
        out.append("<ul>");
        notes().forEach(note -> out.append("<li>").append(escaped(note)).append("</li>"));
        return out.append("</ul>\n").toString();
    }

    private static void row(StringBuilder out, String tag, List<String> cells) {
        out.append("<tr>");
        for (String cell : cells) {
            out.append('<').append(tag).append(cell.startsWith("✗") ? " class=\"broken\">" : ">")
                    .append(escaped(cell)).append("</").append(tag).append('>');
        }
        out.append("</tr>");
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;");
    }

    private List<Table> tables() {
        return List.of(verdicts(), costs(), findings());
    }

    private Table verdicts() {
        List<String> head = new ArrayList<>(List.of("design"));
        for (Property p : Property.values()) {
            head.add(p.name());
        }
        return new Table("What holds in " + comparison.scenarios().size() + " scenarios", head,
                comparison.rows().stream().map(Tables::verdicts).toList());
    }

    private static List<String> verdicts(Row row) {
        List<String> cells = new ArrayList<>(List.of(row.design()));
        row.verdicts().forEach(v -> cells.add(verdict(v)));
        return cells;
    }

    private static String verdict(Verdict v) {
        if (v.broken()) {
            return "✗" + v.preemptions();
        }
        return v.complete() == v.scenarios() ? "all" : v.complete() + "/" + v.scenarios();
    }

    private Table costs() {
        return new Table("What it costs", COSTS, comparison.rows().stream().map(row -> List.of(row.design(),
                String.valueOf(row.harmed()), String.valueOf(row.timeouts()), String.valueOf(row.commands()),
                row.locks().isEmpty() ? "none" : String.join(", ", row.locks()), "+" + row.lines(),
                row.recovery().text())).toList());
    }

    private Table findings() {
        List<List<String>> rows = new ArrayList<>();
        for (Row row : comparison.rows()) {
            row.verdicts().stream().filter(Verdict::broken).forEach(v -> rows.add(List.of(row.design(),
                    v.property().name(), String.valueOf(v.preemptions()), v.breaker().name())));
        }
        return new Table("What breaks it (lazaret explore SCENARIO --design DESIGN --property P)", FINDINGS,
                rows);
    }

    private List<String> notes() {
        List<String> notes = new ArrayList<>(List.of(
                "✗n: broken; the run found departs n times from the default schedule, in who acts.",
                "m/n: not broken; m of n scenarios were explored to the end, the others as far as their share"
                        + " of " + budget.time().toSeconds() + " s went. P13 is judged in samples only.",
                "What a scenario itself calls out of reach of every design is left out.",
                "time-outs: of hardware, the most that one flush sat through. commands: to flush one page of"
                        + " two healthy devices.",
                "locks: what the design says that it needs beyond mainline. lines: with code in its classes"
                        + " and its own parts, beyond mainline's."));
        for (Row row : comparison.rows()) {
            if (row.sampled() < comparison.scenarios().size()) {
                notes.add(row.design() + ": the budget ended the sample of "
                        + (comparison.scenarios().size() - row.sampled()) + " scenarios.");
            }
            row.unknowns().forEach(u -> notes.add("not judged: " + u));
        }
        return notes;
    }

    private static int[] widths(Table table) {
        int[] widths = new int[table.head().size()];
        for (int i = 0; i < widths.length; i++) {
            widths[i] = table.head().get(i).length();
            for (List<String> row : table.rows()) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        return widths;
    }

    private static void line(StringBuilder out, List<String> cells, int[] widths) {
        var row = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            row.append(cells.get(i)).append(" ".repeat(widths[i] - cells.get(i).length() + 2));
        }
        out.append(row.toString().stripTrailing()).append('\n');
    }
}
