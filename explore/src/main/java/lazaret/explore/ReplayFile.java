// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A run, written down in layers, for this build and for later ones. Text, so that it can be read, sent in a
 * mail and compared:
 * <pre>
 * lazaret replay 3
 * scenario: late-completion-after-timeout
 * digest: 42
 *
 * exact lz1:AAECAwQFBgc…
 * anchored 1
 * 1 at "cpu0 task 0" UPDATE 15 go to "nic dma2"
 * constraints 1
 * 1 …
 * end
 * </pre>
 *
 * @param header      key and value of what was run, in order; keys differ
 * @param exact       the run by the numbers of its choices: for the build that made it
 * @param departures  the run by the progress of its strands: for a build in which these have not changed
 * @param constraints what must come before what: for any build
 */
public record ReplayFile(List<Line> header, ReplayLine exact, List<Departure> departures,
        List<String> constraints) {
    static final String TITLE = "lazaret replay ";
    static final int FORMAT = 3;
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
        departures = List.copyOf(departures);
        constraints = List.copyOf(constraints);
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
        text.append("\nexact ").append(exact.text()).append('\n');
        section(text, "anchored", departures.stream().map(Departure::line).toList());
        section(text, "constraints", constraints);
        return text.append("end\n").toString();
    }

    private static void section(StringBuilder text, String name, List<String> lines) {
        text.append(name).append(' ').append(lines.size()).append('\n');
        for (int i = 0; i < lines.size(); i++) {
            text.append(i + 1).append(' ').append(lines.get(i)).append('\n');
        }
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
            ReplayLine exact = exact();
            List<Departure> departures = departures();
            List<String> constraints = section("constraints");
            if (!take("\"end\"").equals("end")) {
                throw unreadable("\"end\" is missing");
            }
            if (at < lines.size()) {
                at++;
                throw unreadable("there is more after \"end\"");
            }
            return new ReplayFile(header, exact, departures, constraints);
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
                        + ", this Lazaret reads format " + FORMAT
                        + "; replay it with the commit that made it, or find it again with lazaret run");
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

        private ReplayLine exact() throws Unreadable {
            String line = take("\"exact\"");
            if (!line.startsWith("exact ")) {
                throw unreadable("\"exact\" and the run are missing");
            }
            try {
                return ReplayLine.parse(line.substring("exact ".length()));
            } catch (Unreadable damaged) {
                throw unreadable(damaged.getMessage());
            }
        }

        private List<Departure> departures() throws Unreadable {
            List<Departure> departures = new ArrayList<>();
            for (String line : section("anchored")) {
                try {
                    departures.add(Departure.parse(line));
                } catch (IllegalArgumentException malformed) {
                    throw unreadable(quote(line) + " is not a departure such as "
                            + "'at \"cpu0\" STORE 3 go to \"smmu cmdq\"'");
                }
            }
            return departures;
        }

        private List<String> section(String name) throws Unreadable {
            int count = count(name);
            List<String> section = new ArrayList<>();
            for (int i = 1; i <= count; i++) {
                String line = take("line " + i + " of " + count + " of \"" + name + "\"");
                String number = i + " ";
                if (!line.startsWith(number)) {
                    throw unreadable("line " + i + " of " + count + " of \"" + name + "\" is missing");
                }
                section.add(line.substring(number.length()));
            }
            return section;
        }

        private int count(String name) throws Unreadable {
            String line = take(quote(name));
            if (!line.matches(name + " (0|[1-9][0-9]{0,8})")) {
                throw unreadable(quote(name) + " and their number are missing");
            }
            return Integer.parseInt(line.substring(name.length() + 1));
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
