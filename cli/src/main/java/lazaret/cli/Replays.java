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
import java.util.Locale;
import lazaret.explore.ReplayFile;
import lazaret.explore.Schedule;
import lazaret.lab.Finding;
import lazaret.lab.Report;
import lazaret.lab.oracle.Property;

/** A finding as a replay file: which code, which scenario, which design, and every decision. */
final class Replays {
    /**
     * A replay file that fits this build.
     *
     * @param digest what the log of the run must hash to
     */
    record Recorded(Sourced source, String design, Property property, Schedule schedule, long seed,
            long digest,
            ReplayFile file) { }

    private Replays() { }

    static String write(Report report, Sourced source) {
        Finding finding = report.finding();
        var header = new ArrayList<ReplayFile.Line>();
        header.add(new ReplayFile.Line("version", Build.VERSION));
        header.add(new ReplayFile.Line("commit", Build.commit()));
        header.add(new ReplayFile.Line("scenario", source.file() == null ? report.scenario() : source.file()
                .toString()));
        if (source.file() != null) {
            header.add(new ReplayFile.Line("source-sha256", sha256(source.file())));
        }
        header.add(new ReplayFile.Line("design", report.design()));
        header.add(new ReplayFile.Line("property", finding.violation().property().name()));
        header.add(new ReplayFile.Line("schedule", finding.schedule().name().toLowerCase(Locale.ROOT)));
        header.add(new ReplayFile.Line("seed", Long.toString(finding.seed())));
        header.add(new ReplayFile.Line("digest", Long.toHexString(finding.digest())));
        return new ReplayFile(header, finding.choices()).text();
    }

    /** @throws Refusal when the file is not for this build, with what to do */
    static Recorded read(Path path) {
        ReplayFile file = parse(path);
        String version = need(file, path, "version");
        String commit = need(file, path, "commit");
        if (!version.equals(Build.VERSION) || !commit.equals(Build.commit())) {
            throw new Refusal(path + " was made by lazaret " + version + " (commit " + commit + "), this is "
                    + Build.VERSION
                    + " (commit " + Build.commit() + "); check that commit out and replay it there");
        }
        Sourced source = Lookup.scenario(need(file, path, "scenario"));
        if (source.file() != null && !sha256(source.file()).equals(need(file, path, "source-sha256"))) {
            throw new Refusal(source.file() + " has changed since " + path + " was made; run it again");
        }
        try {
            return new Recorded(source, need(file, path, "design"),
                    Property.valueOf(need(file, path, "property")),
                    Schedule.valueOf(need(file, path, "schedule").toUpperCase(Locale.ROOT)),
                    Long.parseLong(need(file, path, "seed")),
                    Long.parseUnsignedLong(need(file, path, "digest"), 16), file);
        } catch (IllegalArgumentException e) {
            throw new Refusal(path + " is damaged: " + e.getMessage() + "; make it again with lazaret run");
        }
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
