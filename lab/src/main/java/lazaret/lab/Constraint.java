// SPDX-License-Identifier: Apache-2.0
package lazaret.lab;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code first} happens, and {@code then} happens after it. */
public record Constraint(Event first, Event then) {
    private static final String EVENT = "(\\d{1,6}) of \"([^\"]+)\" \"([^\"]+)\"";
    private static final Pattern LINE = Pattern.compile(EVENT + " before " + EVENT);

    /** Do these events, in order, keep to it? */
    boolean holds(List<Event> events) {
        int at = events.indexOf(first);
        return at >= 0 && events.lastIndexOf(then) > at;
    }

    /** The line of a replay file. */
    public String line() {
        return line(first) + " before " + line(then);
    }

    /** @throws IllegalArgumentException when {@code line} is not one that {@link #line} writes */
    public static Constraint parse(String line) {
        Matcher m = LINE.matcher(line);
        if (!m.matches()) {
            throw new IllegalArgumentException("no constraint: " + line);
        }
        return new Constraint(event(m, 1), event(m, 4));
    }

    private static String line(Event event) {
        return event.nth() + " of \"" + event.lane() + "\" \"" + event.text() + "\"";
    }

    private static Event event(Matcher m, int group) {
        return new Event(m.group(group + 1), m.group(group + 2), Integer.parseInt(m.group(group)));
    }

    @Override
    public String toString() {
        return first + " before " + then;
    }
}
