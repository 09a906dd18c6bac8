// SPDX-License-Identifier: Apache-2.0
package lazaret.cli;

import java.io.StringWriter;
import java.util.List;
import java.util.Locale;
import lazaret.cli.museum.Trial;
import lazaret.cli.museum.Verdict;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** What the search said of pieces of the museum: as lines, as a table, as data. */
final class Museum {
    private static final JsonFactory FACTORY = new JsonFactory();

    private Museum() { }

    static String line(Verdict v) {
        Trial planted = v.planted();
        String how = planted.found()
                ? String.format(Locale.ROOT, "%s in %d runs, %.1f s, %s", planted.property(),
                        planted.executions(), planted.seconds(), preemptions(planted))
                : String.format(Locale.ROOT, "%d runs, %.1f s", planted.executions(), planted.seconds());
        return String.format(Locale.ROOT, "%-6s %-9s %-42s %s; without it %s", v.piece().id(),
                v.found() ? "found" : "NOT FOUND", v.piece().scenario(), how, clean(v.clean()));
    }

    private static String preemptions(Trial trial) {
        return trial.preemptions() + (trial.preemptions() == 1 ? " preemption" : " preemptions");
    }

    private static String clean(Trial trial) {
        return trial.found() ? "BROKEN TOO: " + trial.property()
                : trial.outcome().equals("upheld") ? "upheld"
                : "nothing in " + trial.executions() + " runs";
    }

    static String markdownHead() {
        return """
                | bug | | scenario | breaks | runs | seconds | told after | preemptions | without it |
                |---|---|---|---|--:|--:|--:|--:|---|""";
    }

    static String markdown(Verdict v) {
        Trial planted = v.planted();
        return String.format(Locale.ROOT,
                "| [%s](../museum/%s) | %s | `%s`%s | %s | %d | %.1f | %.1f | %s | %s |",
                v.piece().id(), v.piece().id(), v.piece().title(), v.piece().scenario(),
                v.piece().design() == null ? "" : ", " + v.piece().design(),
                v.found() ? planted.property() : "**not found**", planted.executions(), planted.seconds(),
                planted.told(), planted.found() ? planted.preemptions() : "–", clean(v.clean()));
    }

    /** @param asked how many pieces there were to look at */
    static String summary(List<Verdict> verdicts, int asked, Budget budget) {
        double[] seconds = verdicts.stream().filter(Verdict::found).mapToDouble(v -> v.planted().seconds())
                .sorted().toArray();
        String median = seconds.length == 0 ? ""
                : String.format(Locale.ROOT, ", half of them within %.1f s, the slowest in %.1f s",
                        seconds[(seconds.length - 1) / 2], seconds[seconds.length - 1]);
        long broken = verdicts.stream().filter(v -> v.clean().found()).count();
        return seconds.length + " of " + verdicts.size() + " bugs found within "
                + budget.time().toSeconds() + " s each" + median + "; "
                + (broken == 0 ? "nothing was found without them" : broken + " scenarios break without them")
                + (verdicts.size() == asked ? "" : "; ended before the other " + (asked - verdicts.size()));
    }

    static String json(List<Verdict> verdicts, Budget budget) {
        var text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            json.writeStringProperty("version", Build.VERSION);
            json.writeStringProperty("commit", Build.commit());
            json.writeNumberProperty("budgetSeconds", budget.time().toSeconds());
            json.writeArrayPropertyStart("bugs");
            verdicts.forEach(v -> bug(json, v));
            json.writeEndArray();
            json.writeEndObject();
        }
        return text.toString();
    }

    private static void bug(JsonGenerator json, Verdict v) {
        json.writeStartObject();
        json.writeStringProperty("id", v.piece().id());
        json.writeStringProperty("title", v.piece().title());
        json.writeStringProperty("scenario", v.piece().scenario());
        json.writeStringProperty("design", v.piece().design());
        json.writeBooleanProperty("found", v.found());
        json.writeName("planted");
        trial(json, v.planted());
        json.writeName("clean");
        trial(json, v.clean());
        json.writeEndObject();
    }

    private static void trial(JsonGenerator json, Trial trial) {
        json.writeStartObject();
        json.writeStringProperty("outcome", trial.outcome());
        json.writeBooleanProperty("complete", trial.complete());
        json.writeNumberProperty("executions", trial.executions());
        json.writeNumberProperty("seconds", trial.seconds());
        json.writeNumberProperty("toldAfterSeconds", trial.told());
        if (trial.found()) {
            json.writeStringProperty("property", trial.property());
            json.writeStringProperty("what", trial.what());
            json.writeNumberProperty("preemptions", trial.preemptions());
            json.writeStringProperty("replay", trial.replay());
        }
        json.writeEndObject();
    }
}
