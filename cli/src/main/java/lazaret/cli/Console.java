// SPDX-License-Identifier: Apache-2.0
package lazaret.cli;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import lazaret.lab.Hunt;
import lazaret.lab.story.Ink;

/** The terminal, if there is one. */
final class Console {
    private static final int EVERY = 64;
    private static final long SHOW_AFTER_MS = 1_000;

    private Console() { }

    /** Colour only on a terminal, and not when the user says NO_COLOR. */
    static Ink ink() {
        return terminal() && System.getenv("NO_COLOR") == null ? Ink.ANSI : Ink.PLAIN;
    }

    /** Standard input, from a terminal or a pipe. */
    static BufferedReader input() {
        return new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    }

    /** A line on standard error that counts runs, for hunts that take longer than a second. */
    static Hunt.Progress progress(int runs) {
        if (!terminal()) {
            return Hunt.Progress.SILENT;
        }
        long start = System.currentTimeMillis();
        return done -> {
            long ms = System.currentTimeMillis() - start;
            if ((done % EVERY == 0 || done == runs) && ms > SHOW_AFTER_MS) {
                System.err.print("\r" + done + " of " + runs + " runs, " + done * 1000L / ms + "/s"
                        + (done == runs ? "\r\033[K" : ""));
            }
        };
    }

    static boolean terminal() {
        return System.console() != null && System.console().isTerminal();
    }
}
