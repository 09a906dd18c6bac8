// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A run, written down: what was run, as whoever ran it describes it, and every decision. Text, so that it can
 * be read, sent in a mail and compared:
 * <pre>
 * lazaret replay 1
 * scenario: late-completion-after-timeout
 * seed: 42
 *
 * choices 2
 * 1 who 2/5 smmu.cmdq
 * 2 what 1/2 does the device answer?
 * end
 * </pre>
 *
 * @param header  key and value of what was run, in order; keys differ
 * @param choices the decisions, in order
 */
public record ReplayFile(List<Line> header, List<Choice> choices) {
    static final String TITLE = "lazaret replay ";
    static final int FORMAT = 1;
    private static final int LONGEST = 60;

    /**
     * One line of the header.
     *
     * @param key   not empty, without colon or blank
     * @param value on one line, without blanks at its ends
     */
    public record Line(String key, String value) {
        public Line {
            if (!key.matches("[^\\s:]+") || !value.strip().equals(value) || value.lines().count() > 1) {
                throw new IllegalArgumentException("no header line: " + key + ": " + value);
            }
        }
    }

    /**
     * The text is not a replay file that this Lazaret can read; the message says in a sentence where and why.
     */
    public static final class Unreadable extends Exception {
        Unreadable(String why) {
            super(why);
        }
    }

    public ReplayFile {
        header = List.copyOf(header);
        choices = List.copyOf(choices);
        if (header.stream().map(Line::key).distinct().count() != header.size()) {
            throw new IllegalArgumentException("a key stands twice in the header: " + header);
        }
    }

    /** The header's value for {@code key}. */
    public Optional<String> value(String key) {
        return header.stream().filter(l -> l.key().equals(key)).map(Line::value).findFirst();
    }

    /** The file's text; {@link #parse} reads it back. */
    public String text() {
        var text = new StringBuilder(TITLE).append(FORMAT).append('\n');
        for (Line line : header) {
            text.append(line.key()).append(": ").append(line.value()).append('\n');
        }
        text.append("\nchoices ").append(choices.size()).append('\n');
        for (int i = 0; i < choices.size(); i++) {
            text.append(i + 1).append(' ').append(choices.get(i).line()).append('\n');
        }
        return text.append("end\n").toString();
    }

    /** Reads what {@link #text} wrote. */
    public static ReplayFile parse(String text) throws Unreadable {
        return new Reader(text.lines().toList()).file();
    }

    /** Walks over the lines, and knows at each failure where it is. */
    private static final class Reader {
        private final List<String> lines;
        private int at;

        Reader(List<String> lines) {
            this.lines = lines;
        }

        ReplayFile file() throws Unreadable {
            title();
            List<Line> header = header();
            List<Choice> choices = choices(count());
            if (!take("\"end\"").equals("end")) {
                throw unreadable("\"end\" is missing after " + choices.size() + " choices");
            }
            if (at < lines.size()) {
                at++;
                throw unreadable("there is more after \"end\"");
            }
            return new ReplayFile(header, choices);
        }

        private void title() throws Unreadable {
            String title = lines.isEmpty() ? "" : take("");
            if (!title.startsWith(TITLE)) {
                at = 1;
                throw unreadable("this is not a replay file, those begin with \"" + TITLE + FORMAT + "\"");
            }
            String format = title.substring(TITLE.length());
            if (!format.equals(Integer.toString(FORMAT))) {
                throw unreadable("the file has replay format " + quote(format)
                        + ", this Lazaret reads format " + FORMAT);
            }
        }

        private List<Line> header() throws Unreadable {
            List<Line> header = new ArrayList<>();
            for (String line = take("the header"); !line.isEmpty(); line = take("the header")) {
                Line parsed = headerLine(line);
                if (header.stream().anyMatch(l -> l.key().equals(parsed.key()))) {
                    throw unreadable("\"" + parsed.key() + "\" stands twice in the header");
                }
                header.add(parsed);
            }
            return header;
        }

        private Line headerLine(String line) throws Unreadable {
            int colon = line.indexOf(": ");
            try {
                return colon < 0 && line.endsWith(":")
                        ? new Line(line.substring(0, line.length() - 1), "")
                        : new Line(line.substring(0, Math.max(0, colon)), line.substring(colon + 2));
            } catch (IllegalArgumentException | IndexOutOfBoundsException malformed) {
                throw unreadable(quote(line) + " is not a header line \"key: value\"");
            }
        }

        private int count() throws Unreadable {
            String line = take("\"choices\"");
            if (!line.matches("choices (0|[1-9][0-9]{0,8})")) {
                throw unreadable("\"choices\" and their number are missing");
            }
            return Integer.parseInt(line.substring("choices ".length()));
        }

        private List<Choice> choices(int count) throws Unreadable {
            List<Choice> choices = new ArrayList<>();
            for (int i = 1; i <= count; i++) {
                String line = take("choice " + i + " of " + count);
                String number = i + " ";
                if (!line.startsWith(number)) {
                    throw unreadable("choice " + i + " of " + count + " is missing");
                }
                choices.add(choice(line.substring(number.length())));
            }
            return choices;
        }

        private Choice choice(String line) throws Unreadable {
            try {
                return Choice.parse(line);
            } catch (IllegalArgumentException malformed) {
                throw unreadable(quote(line) + " is not a choice such as \"who 1/3 cpu0\"");
            }
        }

        private String take(String expected) throws Unreadable {
            if (at == lines.size()) {
                at++;
                throw unreadable("the file ends where " + expected + " should be: it was truncated");
            }
            return lines.get(at++);
        }

        /** For a message: short, and without what would garble a terminal. */
        private static String quote(String line) {
            String shown = line.replaceAll("\\p{Cntrl}", "?");
            return "\"" + (shown.length() > LONGEST ? shown.substring(0, LONGEST) + "…" : shown) + "\"";
        }

        private Unreadable unreadable(String why) {
            return new Unreadable("line " + at + ": " + why);
        }
    }
}
