// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.story;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * A run as a table for people: virtual time, one narrow column per lane with a dot where the lane acts, and
 * what it did. Fits 100 columns as long as there are at most five lanes and survives a plain-text mail.
 */
public final class Swimlanes {
    private static final int WIDTH = 100;
    private static final int NARROWEST_TEXT = 36;
    private static final int NARROWEST_LANE = 4;
    private static final int WIDEST_LANE = 10;
    private static final int GAP = 1;
    private static final String[] MARKS = {"   ", "(1)", "(2)"};

    private final List<Line> lines;
    private final List<String> lanes;
    private final Ink ink;

    /**
     * @param lines what to tell, in order
     * @param order lanes from left to right; those that never act are left out, others follow as they come
     */
    public Swimlanes(List<Line> lines, List<String> order, Ink ink) {
        this.lines = List.copyOf(lines);
        this.ink = ink;
        var acting = new LinkedHashSet<String>();
        lines.stream().filter(l -> l.folded() == 0).forEach(l -> acting.add(l.moment().lane()));
        var shown = new LinkedHashSet<>(order);
        shown.retainAll(acting);
        shown.addAll(acting);
        lanes = List.copyOf(shown);
    }

    /** All rows, a line feed after each. */
    public String render() {
        var out = new StringBuilder();
        out.append(ink.bold(String.format("%3s %9s  ", "", "time")));
        lanes.forEach(lane -> out.append(ink.bold(pad(lane))));
        out.append(ink.bold("what")).append('\n');
        long before = Long.MIN_VALUE;
        for (Line line : lines) {
            row(out, line, line.moment().time() == before ? "" : time(line.moment().time()));
            before = line.moment().time();
        }
        return out.toString();
    }

    /** Microseconds as people say them: {@code 0}, {@code 250 µs}, {@code 100 ms}, {@code 1.5 s}. */
    public static String time(long us) {
        if (us == 0) {
            return "0";
        }
        if (us % 1000 != 0) {
            return us + " µs";
        }
        long ms = us / 1000;
        return ms < 1000 ? ms + " ms" : ms % 1000 == 0 ? ms / 1000 + " s" : ms / 1000 + "." + ms % 1000 / 100
                + " s";
    }

    private void row(StringBuilder out, Line line, String time) {
        String mark = MARKS[line.mark()];
        out.append(line.mark() == 0 ? mark : ink.alarm(mark)).append(' ')
                .append(String.format("%9s  ", time));
        columns(out, line.folded() > 0 ? -1 : lanes.indexOf(line.moment().lane()));
        List<String> text = wrap(line.text());
        for (int i = 0; i < text.size(); i++) {
            if (i > 0) {
                out.append(" ".repeat(15));
                columns(out, -1);
                out.append("  ");
            }
            out.append(line.mark() == 0 ? text.get(i) : ink.alarm(text.get(i))).append('\n');
        }
    }

    private void columns(StringBuilder out, int actor) {
        for (int i = 0; i < lanes.size(); i++) {
            out.append(i == actor ? ink.bold("●") : ink.faint("│"))
                    .append(" ".repeat(width(lanes.get(i)) - 1));
        }
    }

    private static int width(String lane) {
        return Math.clamp(lane.length(), NARROWEST_LANE, WIDEST_LANE) + GAP;
    }

    private List<String> wrap(String text) {
        int columns = lanes.stream().mapToInt(Swimlanes::width).sum();
        int width = Math.max(NARROWEST_TEXT, WIDTH - 15 - columns - 2);
        var rows = new ArrayList<String>();
        var row = new StringBuilder();
        for (String word : text.split(" ")) {
            if (!row.isEmpty() && row.length() + 1 + word.length() > width) {
                rows.add(row.toString());
                row.setLength(0);
            }
            row.append(row.isEmpty() ? "" : " ").append(word);
        }
        rows.add(row.toString());
        return rows;
    }

    private static String pad(String lane) {
        String fit = lane.length() > WIDEST_LANE ? lane.substring(0, WIDEST_LANE) : lane;
        return fit + " ".repeat(width(lane) - fit.length());
    }
}
