// SPDX-License-Identifier: Apache-2.0
package lazaret.inspect.log;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * Cuts bytes into lines and passes on those that may be of interest, each with the few behind it: a mailer
 * may have wrapped it. Holds one buffer, however long the log is.
 */
final class LogReader {
    /** Takes the lines. */
    interface Sink {
        /** @param number of the line, from 1 */
        void line(long number, String raw);

        /** So many bytes have been read; there may be nothing more for a while. */
        default void read(long bytes) { }
    }

    private static final int BUFFER = 1 << 18;
    private static final int BEHIND = 2;
    /** What terminals make of a prefix. */
    private static final char ESCAPE = '\u001b';
    private static final String COLOUR = "\u001b\\[[0-9;]*m";
    /** What mail and web pages make of blanks. */
    private static final char NO_BREAK = '\u00a0';

    private final Needles needles = new Needles();
    private final byte[] buffer = new byte[BUFFER];
    private long number;
    private long total;
    private int held;
    private int behind;

    /** Reads to the end. A line that is longer than the buffer comes in pieces. */
    void read(InputStream in, Sink sink) throws IOException {
        for (int n = in.read(buffer, held, BUFFER - held); n >= 0; n = in.read(buffer, held, BUFFER - held)) {
            total += n;
            cut(held + n, sink);
            sink.read(total);
        }
        end(sink);
    }

    /** What stands behind the last line end is a line too. */
    void end(Sink sink) {
        if (held > 0) {
            line(0, held, sink);
            held = 0;
        }
    }

    private void cut(int filled, Sink sink) {
        int from = 0;
        for (int i = held; i < filled; i++) {
            if (buffer[i] == '\n') {
                line(from, i, sink);
                from = i + 1;
            }
        }
        if (from == 0 && filled == BUFFER) {
            line(0, filled, sink);
            from = filled;
        }
        System.arraycopy(buffer, from, buffer, 0, filled - from);
        held = filled - from;
    }

    private void line(int from, int to, Sink sink) {
        number++;
        boolean hit = needles.in(buffer, from, to);
        if (!hit && behind == 0) {
            return;
        }
        behind = hit ? BEHIND : behind - 1;
        int end = to > from && buffer[to - 1] == '\r' ? to - 1 : to;
        String raw = new String(buffer, from, end - from, StandardCharsets.UTF_8);
        String plain = raw.indexOf(NO_BREAK) < 0 ? raw : raw.replace(NO_BREAK, ' ');
        sink.line(number, plain.indexOf(ESCAPE) < 0 ? plain : plain.replaceAll(COLOUR, ""));
    }

    /** Lines so far. */
    long lines() {
        return number;
    }
}
