// SPDX-License-Identifier: Apache-2.0
package lazaret.inspect.log;

import java.util.ArrayList;

/** Pieces of a message. */
final class Text {
    private Text() { }

    /** What follows {@code label} up to the next blank, comma or bracket; null without the label. */
    static String word(String text, String label) {
        int from = text.indexOf(label);
        if (from < 0) {
            return null;
        }
        from += label.length();
        int to = from;
        while (to < text.length() && " ,])(;".indexOf(text.charAt(to)) < 0) {
            to++;
        }
        return to == from ? null : text.substring(from, to);
    }

    /** From {@code at} to the next {@code end}, or as far as the text goes: lines may be cut. */
    static String until(String text, int at, char end) {
        int from = Math.clamp(at, 0, text.length());
        int to = text.indexOf(end, from);
        return to < 0 ? text.substring(from) : text.substring(from, to);
    }

    /** From {@code at}, or nothing if the text is shorter. */
    static String from(String text, int at) {
        return text.substring(Math.clamp(at, 0, text.length()));
    }

    /** The hexadecimal number behind {@code label}, with or without 0x; null if there is none. */
    static Long hex(String text, String label) {
        int at = text.indexOf(label);
        return at < 0 ? null : hexAt(text, at + label.length());
    }

    static Long hexAt(String text, int at) {
        int from = text.startsWith("0x", at) ? at + 2 : at;
        int to = from;
        while (to < text.length() && Character.digit(text.charAt(to), 16) >= 0) {
            to++;
        }
        return to == from || to - from > 16 ? null : Long.parseUnsignedLong(text, from, to, 16);
    }

    /** The decimal number behind {@code label}; null if there is none. */
    static Long decimal(String text, String label) {
        int at = text.indexOf(label);
        if (at < 0) {
            return null;
        }
        int from = at + label.length();
        int to = from;
        while (to < text.length() && to - from < 18 && Character.isDigit(text.charAt(to))) {
            to++;
        }
        return to == from ? null : Long.parseLong(text, from, to, 10);
    }

    static String hex(long value) {
        return "0x" + Long.toHexString(value);
    }

    /** The names of the bits that are set; those without one by number. */
    static String flags(long value, String... names) {
        var said = new ArrayList<String>();
        for (int bit = 0; bit < Long.SIZE; bit++) {
            if ((value >>> bit & 1) != 0) {
                said.add(bit < names.length && !names[bit].isEmpty() ? names[bit] : "bit " + bit);
            }
        }
        return said.isEmpty() ? "none" : String.join(" ", said);
    }
}
