// SPDX-License-Identifier: Apache-2.0
package lazaret.inspect.log;

/**
 * The beginning of a message that a driver prints for its device: {@code mlx5_core 0000:01:00.0 eth0: …}.
 *
 * @param driver null if there is none
 * @param device {@code 0000:01:00.0}, or null
 * @param rest   what follows
 */
record Header(String driver, String device, String rest) {
    static Header of(String text) {
        int blank = text.indexOf(' ');
        if (blank > 0) {
            int end = bdfEnd(text, blank + 1);
            if (end > 0) {
                int colon = text.indexOf(": ", end);
                boolean direct = end < text.length() && text.charAt(end) == ':';
                if (direct || colon > 0 && colon - end < 24) {
                    int from = Math.min(text.length(), direct ? end + 1 : colon + 1);
                    return new Header(text.substring(0, blank), full(text.substring(blank + 1, end)),
                            text.substring(from).strip());
                }
            }
        }
        return new Header(null, null, text);
    }

    /**
     * Where a bus:device.function that begins at {@code at} ends, with or without domain; -1 if none does.
     */
    static int bdfEnd(String text, int at) {
        int end = bare(text, at);
        if (end >= 0) {
            return end;
        }
        int colon = text.indexOf(':', at);
        boolean domain = colon - at >= 4 && colon - at <= 8 && hex(text, at, colon);
        return domain ? bare(text, colon + 1) : -1;
    }

    private static int bare(String text, int at) {
        boolean shaped = at + 7 <= text.length() && text.charAt(at + 2) == ':' && text.charAt(at + 5) == '.';
        boolean digits = shaped && hex(text, at, at + 2) && hex(text, at + 3, at + 5) && hex(text, at + 6,
                at + 7);
        return digits ? at + 7 : -1;
    }

    private static boolean hex(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (Character.digit(text.charAt(i), 16) < 0) {
                return false;
            }
        }
        return from < to;
    }

    /** The first bus:device.function at or behind {@code from}, with domain; null if there is none. */
    static String device(String text, int from) {
        for (int at = Math.max(0, from); at + 7 <= text.length(); at++) {
            boolean begins = at == 0 || !Character.isLetterOrDigit(text.charAt(at - 1))
                    && text.charAt(at - 1) != ':';
            int end = begins ? bdfEnd(text, at) : -1;
            if (end > 0) {
                return full(text.substring(at, end));
            }
        }
        return null;
    }

    /** With its domain: 0000 where the kernel left it out. */
    static String full(String bdf) {
        return bdf.length() == 7 ? "0000:" + bdf : bdf;
    }

    /** A requester id as a function of domain 0000. */
    static String requester(long rid) {
        return new lazaret.pcie.Bdf((int) (rid & 0xffff)).toString();
    }

    static int bus(String full) {
        int colon = full.indexOf(':');
        return Integer.parseInt(full, colon + 1, colon + 3, 16);
    }

    static String domain(String full) {
        return full.substring(0, full.indexOf(':'));
    }
}
