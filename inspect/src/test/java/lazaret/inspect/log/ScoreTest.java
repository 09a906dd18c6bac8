// SPDX-License-Identifier: Apache-2.0
package lazaret.inspect.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/**
 * Real excerpts, and what a correct decoder says about each. The score is computed from what we print; every
 * fact that we do not say is printed.
 */
class ScoreTest {
    private static final String MARK = "=== ";

    @Test
    void at_least_95_percent_of_the_facts_are_said_and_no_device_is_blamed_wrongly() throws IOException {
        Map<String, String> excerpts = parts(unpack("excerpts.txt.gz"));
        Map<String, String> facts = parts(plain("facts.txt"));
        assertThat(facts.keySet()).containsExactlyInAnyOrderElementsOf(excerpts.keySet());
        var missed = new ArrayList<String>();
        var blamed = new ArrayList<String>();
        int all = 0;
        for (String name : excerpts.keySet()) {
            Triage.Report report = report(name, excerpts.get(name));
            String said = String.join("\n", Telling.of(report));
            List<String> lines = facts.get(name).lines().filter(l -> !l.isBlank()).toList();
            blamed.addAll(wrong(name, lines.getFirst(), report));
            for (String fact : lines.subList(1, lines.size())) {
                all++;
                if (!says(said, fact)) {
                    missed.add(name + ": " + fact);
                }
            }
        }
        System.out.println("facts said: " + (all - missed.size()) + " of " + all);
        missed.forEach(m -> System.out.println("missed: " + m));
        assertThat(excerpts).hasSize(80);
        assertThat(blamed).isEmpty();
        assertThat(missed.size() * 100.0 / all).as("missed: " + missed).isLessThanOrEqualTo(5);
    }

    private static boolean says(String said, String fact) {
        String[] halves = fact.split("\\s*::\\s*", 2);
        if (halves.length < 2 || halves[1].isBlank()) {
            return false;
        }
        for (String text : halves[1].split("\\s*&&\\s*")) {
            if (!said.contains(text.strip())) {
                return false;
            }
        }
        return true;
    }

    private static List<String> wrong(String name, String line, Triage.Report report) {
        List<String> allowed = List.of(line.replace("devices:", "").strip().split("\\s*,\\s*"));
        return report.incidents().stream().map(Incident::device).filter(d -> d != null
                && !allowed.contains(d))
                .map(d -> name + " blames " + d).toList();
    }

    static String excerpts() throws IOException {
        return unpack("excerpts.txt.gz");
    }

    static Triage.Report report(String name, String text) throws IOException {
        var triage = new Triage();
        triage.read(name, new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), _ -> { });
        return triage.report();
    }

    private static Map<String, String> parts(String text) {
        var parts = new LinkedHashMap<String, String>();
        String name = null;
        for (String line : text.split("\n")) {
            if (line.startsWith(MARK)) {
                name = line.substring(MARK.length());
                parts.put(name, "");
            } else if (name != null) {
                parts.merge(name, line + "\n", String::concat);
            }
        }
        return parts;
    }

    private static String plain(String name) throws IOException {
        try (InputStream in = ScoreTest.class.getResourceAsStream("/logs/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String unpack(String name) throws IOException {
        try (InputStream in = new GZIPInputStream(ScoreTest.class.getResourceAsStream("/logs/" + name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
