// SPDX-License-Identifier: Apache-2.0
package lazaret.inspect.log;

import java.util.Locale;

/**
 * A line of a log without its prefix, whole again if somebody had wrapped it.
 *
 * @param source where it comes from: a file, or standard input
 * @param number from 1
 * @param time   in µs from wherever its log counts, or {@link #NO_TIME}
 * @param device what the record says it is about, {@code 0000:01:00.0}, or null: only kmsg and journal say so
 */
public record Line(String source, long number, long time, String text, String device) {
    public static final long NO_TIME = Long.MIN_VALUE;

    Line with(String other) {
        return new Line(source, number, time, other, device);
    }

    boolean timed() {
        return time != NO_TIME;
    }

    /** {@code 12.4 s}, {@code 74 ms}: from this line to a later one; null if one of them has no time. */
    String until(Line later) {
        return timed() && later.timed() ? span(later.time - time) : null;
    }

    static String span(long us) {
        long abs = Math.abs(us);
        if (abs < 1_000) {
            return abs + " µs";
        }
        return abs < 1_000_000 ? trim(abs / 1_000.0) + " ms" : trim(abs / 1_000_000.0) + " s";
    }

    private static String trim(double value) {
        return String.format(Locale.ROOT, value < 1 ? "%.1f" : value < 100 ? "%.1f" : "%.0f", value);
    }
}
