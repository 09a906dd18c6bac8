// SPDX-License-Identifier: Apache-2.0
package lazaret.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import lazaret.lab.Explained;
import lazaret.lab.Film;
import lazaret.lab.Odds;
import lazaret.lab.Stage;
import picocli.CommandLine.Option;

/** Options of run, explore and replay: other forms of a finding, each written to a file. */
final class Exports {
    private static final int PLACES = 40;
    private static final int COMPLETIONS = 40;

    @Option(names = "--html", paramLabel = "FILE", description = "Write the finding as a page of its own.")
    private Path html;

    @Option(names = "--odds", description = "Say from which step on random completions break too.")
    private boolean odds;

    @Option(names = "--trace", paramLabel = "FILE",
            description = "Write the run for ui.perfetto.dev (JSON, a track for each strand).")
    private Path trace;

    @Option(names = "--shiviz", paramLabel = "FILE",
            description = "Write the run for ShiViz (vector clocks).")
    private Path shiviz;

    /** Was any of them asked for? */
    boolean any() {
        return html != null || odds || trace != null || shiviz != null;
    }

    /** Writes what was asked for, and says so on {@code out}, which may be null. */
    void write(PrintWriter out, Stage stage, Explained explained, String line) {
        if (trace != null) {
            write(out, trace, "trace", Traces.perfetto(explained.example()));
        }
        if (shiviz != null) {
            write(out, shiviz, "ShiViz log", Traces.shiviz(explained.example()));
        }
        if (html == null && !odds) {
            return;
        }
        Odds chances = Odds.of(stage, explained.example(), PLACES, COMPLETIONS);
        if (odds && out != null) {
            out.println(Text.late(explained.example(), chances));
        }
        if (html != null) {
            Film film = Film.of(stage, explained.example());
            write(out, html, "page", Html.page(stage, explained, film, chances, line));
        }
    }

    private static void write(PrintWriter out, Path file, String what, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new Refusal("cannot write the " + what + " " + file + " (" + e.getMessage() + ")");
        }
        if (out != null) {
            out.println(what + ": " + file);
        }
    }
}
