// SPDX-License-Identifier: Apache-2.0
package lazaret.cli;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import lazaret.explore.ReplayFile;
import lazaret.explore.ReplayLine;
import lazaret.iommu.arm.SmmuDesign;
import lazaret.lab.Constraint;
import lazaret.lab.Counterexample;
import lazaret.lab.Explained;
import lazaret.lab.Finding;
import lazaret.lab.Sameness;

/** A finding as a replay file and as a replay line: which code, which scenario, which design, and the run. */
final class Replays {
    /**
     * A replay file for a scenario and a design that there are.
     *
     * @param digest   what the log of the run must hash to
     * @param stranger why the exact layer is of no use, or null when the file is of this build
     */
    record Recorded(Sourced source, String design, Sameness what, String origin, long digest,
            ReplayFile file, String stranger) { }

    private Replays() { }

    /**
     * Writes the replay file of a finding.
     *
     * @param chosen where the user wants it, or null
     * @return where it is
     */
    static Path save(Path chosen, Explained explained, Sourced source, String design) {
        Path file = chosen != null ? chosen : Path.of(name(explained.example(), source, design));
        try {
            Files.writeString(file, write(explained, source, design));
            return file;
        } catch (IOException e) {
            throw new Refusal("cannot write the replay file " + file + " (" + e.getMessage()
                    + "); choose one with --replay-file");
        }
    }

    /** The name of a replay file that nobody named. */
    static String name(Counterexample example, Sourced source, String design) {
        String asFound = example.tries() == 1 ? "-raw" : "";
        return source.scenario().name() + "-" + design.replace(':', '-') + "-" + example.what().property()
                + asFound + ".replay";
    }

    private static String write(Explained explained, Sourced source, String design) {
        Counterexample example = explained.example();
        Finding finding = example.finding();
        var header = new ArrayList<ReplayFile.Line>();
        header.add(new ReplayFile.Line("version", Build.VERSION));
        header.add(new ReplayFile.Line("commit", Build.commit()));
        header.add(new ReplayFile.Line("scenario", name(source)));
        if (source.file() != null) {
            header.add(new ReplayFile.Line("source-sha256", sha256(source.file())));
        }
        header.add(new ReplayFile.Line("design", design));
        header.add(new ReplayFile.Line("finding", example.what().text()));
        header.add(new ReplayFile.Line("origin", finding.origin()));
        header.add(new ReplayFile.Line("digest", Long.toHexString(finding.digest())));
        return new ReplayFile(header, line(example, source, design), example.departures(),
                explained.constraints().stream().map(Constraint::line).toList()).text();
    }

    /** The run in one line, for this build. */
    static ReplayLine line(Counterexample example, Sourced source, String design) {
        return new ReplayLine(build(), scenario(source), ReplayLine.hash(design),
                ReplayLine.hash(example.what().text()), example.turns());
    }

    /** @throws Refusal when this build did not make the line, or the scenario must be named */
    static ReplayLine line(String text) {
        ReplayLine line;
        try {
            line = ReplayLine.parse(text);
        } catch (ReplayFile.Unreadable damaged) {
            throw new Refusal(damaged.getMessage() + "; take it whole from where lazaret run printed it");
        }
        if (line.build() != build()) {
            throw new Refusal("the line was made by another build than this, lazaret " + Build.VERSION
                    + " (commit " + Build.commit() + "): check that one out, or replay its file, which has "
                    + "layers for other builds");
        }
        return line;
    }

    /** The scenario of a line: of the library, or the user's own that was named. */
    static Sourced source(ReplayLine line, String named) {
        if (named != null) {
            Sourced source = Lookup.scenario(named);
            if (scenario(source) != line.scenario()) {
                throw new Refusal("the line is not of " + named + " as it is now");
            }
            return source;
        }
        return Lookup.library().map(s -> new Sourced(s, null))
                .filter(s -> scenario(s) == line.scenario()).findFirst().orElseThrow(() -> new Refusal(
                        "the line is of no scenario of the library; name its file with --scenario"));
    }

    static SmmuDesign design(ReplayLine line) {
        return Lookup.designs().stream().filter(d -> ReplayLine.hash(d.name()) == line.design()).findFirst()
                .orElseThrow(() -> new Refusal("the line is of no design that lazaret list shows"));
    }

    /** @throws Refusal when the file is of no use, with what to do */
    static Recorded read(Path path) {
        ReplayFile file = parse(path);
        Sourced source = Lookup.scenario(need(file, path, "scenario"));
        try {
            return new Recorded(source, need(file, path, "design"),
                    Sameness.parse(need(file, path, "finding")),
                    need(file, path, "origin"),
                    Long.parseUnsignedLong(need(file, path, "digest"), 16), file,
                    stranger(file, path, source));
        } catch (IllegalArgumentException e) {
            throw new Refusal(path + " is damaged: " + e.getMessage() + "; make it again with lazaret run");
        }
    }

    private static String stranger(ReplayFile file, Path path, Sourced source) {
        String version = need(file, path, "version");
        String commit = need(file, path, "commit");
        if (!version.equals(Build.VERSION) || !commit.equals(Build.commit())) {
            return "made by lazaret " + version + " (commit " + commit + "), this is " + Build.VERSION
                    + " (commit " + Build.commit() + ")";
        }
        boolean changed = source.file() != null
                && !sha256(source.file()).equals(need(file, path, "source-sha256"));
        return changed ? source.file() + " has changed since it was made" : null;
    }

    private static int build() {
        return ReplayLine.hash(Build.VERSION + " " + Build.commit());
    }

    private static int scenario(Sourced source) {
        return ReplayLine.hash(source.file() == null ? name(source) : sha256(source.file()));
    }

    private static String name(Sourced source) {
        return source.file() == null ? source.scenario().name() : source.file().toString();
    }

    private static ReplayFile parse(Path path) {
        try {
            return ReplayFile.parse(Files.readString(path));
        } catch (MalformedInputException e) {
            throw new Refusal(path + " is not a replay file: it is not text");
        } catch (IOException e) {
            throw new Refusal("cannot read " + path);
        } catch (ReplayFile.Unreadable e) {
            throw new Refusal(path + ": " + e.getMessage());
        }
    }

    private static String need(ReplayFile file, Path path, String key) {
        return file.value(key).orElseThrow(() -> new Refusal(path + " is damaged: it has no \"" + key
                + "\"; make it again with lazaret run"));
    }

    private static String sha256(Path file) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new Refusal("cannot read " + file);
        }
    }
}
