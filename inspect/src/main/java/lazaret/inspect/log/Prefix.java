// SPDX-License-Identifier: Apache-2.0
package lazaret.inspect.log;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What stands before a message: time stamps and levels in all the forms that dmesg, kmsg, syslog, Xen and
 * ftrace give them. Knows the time of the line before, because some forms only say how much later it is.
 */
final class Prefix {
    /** The rest of a line, and what its prefix said. {@code form} is empty if there was none. */
    record Stripped(String form, long time, String text) { }

    private static final List<String> MONTHS = List.of("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug",
            "Sep", "Oct", "Nov", "Dec");
    private static final List<String> DAYS = List.of("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun");
    private static final long SECOND = 1_000_000;

    private final Set<String> forms = new TreeSet<>();
    private String raw;
    private int at;
    private long time;
    private long last;
    private String form;

    /** The forms met so far. */
    Set<String> forms() {
        return forms;
    }

    Stripped strip(String line) {
        raw = line;
        at = 0;
        time = Line.NO_TIME;
        form = "";
        while (quoted() || kmsg() || level() || xen() || bracket() || facility() || syslog() || iso()
                || kernel()
                || ftrace()) {
            skipBlanks();
        }
        if (time != Line.NO_TIME) {
            last = time;
        }
        if (!form.isEmpty()) {
            forms.add(form);
        }
        return new Stripped(form, time, raw.substring(Math.min(at, raw.length())));
    }

    private boolean kmsg() {
        if (at != 0 || raw.isEmpty() || !Character.isDigit(raw.charAt(0))) {
            return false;
        }
        int semicolon = raw.indexOf(';');
        String[] parts = semicolon < 0 || semicolon > 64 ? new String[0] : raw.substring(0, semicolon)
                .split(",");
        if (parts.length < 3 || !digits(parts[0]) || !digits(parts[1]) || !digits(parts[2])) {
            return false;
        }
        time = Long.parseLong(parts[2]);
        at = semicolon + 1;
        return known("kmsg");
    }

    private static boolean digits(String text) {
        return !text.isEmpty() && text.length() < 18 && text.chars().allMatch(Character::isDigit);
    }

    private boolean quoted() {
        boolean quote = at < raw.length() && raw.charAt(at) == '>' && form.isEmpty();
        at += quote ? 1 : 0;
        return quote;
    }

    private boolean level() {
        int end = raw.indexOf('>', at);
        boolean fits = at < raw.length() && raw.charAt(at) == '<' && end > at + 1 && end <= at + 4
                && digits(raw.substring(at + 1, end));
        if (fits) {
            at = end + 1;
        }
        return fits && known("level");
    }

    private boolean xen() {
        if (!raw.startsWith("(XEN)", at)) {
            return false;
        }
        at += 5;
        return known("Xen");
    }

    private boolean bracket() {
        int end = raw.indexOf(']', at);
        if (at >= raw.length() || raw.charAt(at) != '[' || end < 0 || end > at + 40) {
            return false;
        }
        String inside = raw.substring(at + 1, end).strip();
        boolean taken = seconds(inside) || date(inside) || stamp(inside) || caller(inside);
        if (taken) {
            at = end + 1;
        }
        return taken;
    }

    private boolean seconds(String inside) {
        boolean delta = inside.startsWith("+");
        String number = delta ? inside.substring(1).strip() : inside;
        int dot = number.indexOf('.');
        if (dot < 1 || !digits(number.substring(0, dot)) || !digits(number.substring(dot + 1))) {
            return false;
        }
        String fraction = (number.substring(dot + 1) + "000000").substring(0, 6);
        long us = Long.parseLong(number.substring(0, dot)) * SECOND + Long.parseLong(fraction);
        time = delta ? last + us : us;
        return known(delta ? "dmesg, time since the line before" : "dmesg");
    }

    private boolean date(String inside) {
        String[] parts = inside.split("\\s+");
        if (parts.length != 5 || !DAYS.contains(parts[0]) || !MONTHS.contains(parts[1]) || !digits(parts[2])
                || !digits(parts[4])) {
            return false;
        }
        time = instant(Integer.parseInt(parts[4]), MONTHS.indexOf(parts[1]) + 1, Integer.parseInt(parts[2]),
                parts[3]);
        return known("dmesg -T");
    }

    /** {@code 2025-01-31 12:34:56.789}, as Xen prints it. */
    private boolean stamp(String inside) {
        boolean shaped = inside.length() >= 19 && inside.charAt(4) == '-' && inside.charAt(7) == '-'
                && inside.charAt(10) == ' ' && digits(inside.substring(0, 4))
                && digits(inside.substring(5, 7))
                && digits(inside.substring(8, 10));
        if (!shaped) {
            return false;
        }
        time = instant(Integer.parseInt(inside.substring(0, 4)), Integer.parseInt(inside.substring(5, 7)),
                Integer.parseInt(inside.substring(8, 10)), inside.substring(11));
        return known("date and time");
    }

    private boolean caller(String inside) {
        boolean one = inside.length() > 1 && "TC".indexOf(inside.charAt(0)) >= 0
                && digits(inside.substring(1));
        return one && known("caller");
    }

    private boolean facility() {
        if (at != 0 || !raw.startsWith("kern")) {
            return false;
        }
        int colon = raw.indexOf(':');
        int second = raw.indexOf(':', colon + 1);
        if (colon < 0 || !raw.substring(0, colon).strip().equals("kern") || second < 0 || second > 18) {
            return false;
        }
        at = second + 1;
        return known("dmesg -x");
    }

    private boolean syslog() {
        boolean month = at == 0 && raw.length() > 16 && raw.charAt(3) == ' '
                && MONTHS.contains(raw.substring(0, 3));
        if (!month || raw.charAt(9) != ':' || raw.charAt(12) != ':') {
            return false;
        }
        String day = raw.substring(4, 6).strip();
        if (!digits(day)) {
            return false;
        }
        time = instant(1970, MONTHS.indexOf(raw.substring(0, 3)) + 1, Integer.parseInt(day),
                raw.substring(7, 15));
        at = host(16);
        return known("syslog");
    }

    /** Behind host name and {@code kernel:}, if they stand there. */
    private int host(int from) {
        int kernel = raw.indexOf("kernel:", from);
        if (kernel >= 0 && kernel < from + 80) {
            return kernel + 7;
        }
        return Math.min(from, raw.length());
    }

    private boolean iso() {
        boolean shaped = at == 0 && raw.length() > 19 && raw.charAt(4) == '-' && raw.charAt(7) == '-'
                && raw.charAt(13) == ':' && digits(raw.substring(0, 4));
        if (!shaped) {
            return false;
        }
        int end = raw.indexOf(' ', 11);
        if (end < 0 || !digits(raw.substring(5, 7)) || !digits(raw.substring(8, 10))) {
            return false;
        }
        time = instant(Integer.parseInt(raw.substring(0, 4)), Integer.parseInt(raw.substring(5, 7)),
                Integer.parseInt(raw.substring(8, 10)), raw.substring(11, end));
        at = host(end + 1);
        return known("ISO time");
    }

    private boolean kernel() {
        if (!raw.startsWith("kernel: ", at)) {
            return false;
        }
        at += 8;
        return known("kernel:");
    }

    /** {@code task-123   [001] .....    40.373870: }. */
    private boolean ftrace() {
        int open = at == 0 ? raw.indexOf(" [0") : -1;
        int close = open < 0 ? -1 : raw.indexOf(']', open);
        if (open < 1 || close != open + 5 || raw.lastIndexOf('-', open) < 0) {
            return false;
        }
        int colon = raw.indexOf(": ", close);
        String[] parts = colon < 0 ? new String[0] : raw.substring(close + 1, colon).strip().split("\\s+");
        if (parts.length < 1 || parts.length > 2 || !seconds(parts[parts.length - 1])) {
            return false;
        }
        at = colon + 2;
        return known("ftrace");
    }

    /** µs since 1970; {@link Line#NO_TIME} if that is no time. */
    private static long instant(int year, int month, int day, String clock) {
        try {
            long days = LocalDate.of(year, month, day).toEpochDay();
            int seconds = Integer.parseInt(clock, 0, 2, 10) * 3600 + Integer.parseInt(clock, 3, 5, 10) * 60
                    + Integer.parseInt(clock, 6, 8, 10);
            return (days * 86_400 + seconds) * SECOND + fraction(clock);
        } catch (DateTimeException | NumberFormatException | IndexOutOfBoundsException _) {
            return Line.NO_TIME;
        }
    }

    private static long fraction(String clock) {
        if (clock.length() < 10 || clock.charAt(8) != '.' && clock.charAt(8) != ',') {
            return 0;
        }
        int end = 9;
        while (end < clock.length() && end < 15 && Character.isDigit(clock.charAt(end))) {
            end++;
        }
        return Long.parseLong((clock.substring(9, end) + "000000").substring(0, 6));
    }

    private void skipBlanks() {
        while (at < raw.length() && raw.charAt(at) == ' ') {
            at++;
        }
    }

    private boolean known(String what) {
        form = form.isEmpty() ? what : form + ", " + what;
        return true;
    }
}
