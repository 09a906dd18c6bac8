// SPDX-License-Identifier: Apache-2.0
package lazaret.cli;

import java.io.StringWriter;
import java.util.List;
import lazaret.lab.compare.Comparison;
import lazaret.lab.compare.Row;
import lazaret.lab.compare.Verdict;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** {@link Tables} as data. Field names are part of the interface, as those of {@link Json}. */
final class ComparisonJson {
    private static final JsonFactory FACTORY = new JsonFactory();

    private ComparisonJson() { }

    static String of(Comparison comparison) {
        var text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            json.writeStringProperty("version", Build.VERSION);
            json.writeStringProperty("commit", Build.commit());
            strings(json, "scenarios", comparison.scenarios());
            json.writeArrayPropertyStart("designs");
            comparison.rows().forEach(row -> row(json, row));
            json.writeEndArray();
            json.writeEndObject();
        }
        return text.toString();
    }

    private static void row(JsonGenerator json, Row row) {
        json.writeStartObject();
        json.writeStringProperty("name", row.design());
        json.writeStringProperty("line", row.line());
        json.writeArrayPropertyStart("properties");
        row.verdicts().forEach(v -> verdict(json, v));
        json.writeEndArray();
        json.writeNumberProperty("healthyHarmed", row.harmed());
        json.writeNumberProperty("longestFlushTimeouts", row.timeouts());
        json.writeNumberProperty("commands", row.commands());
        strings(json, "locks", row.locks());
        json.writeNumberProperty("lines", row.lines());
        json.writeBooleanProperty("recoversByFlr", row.recovery().flr());
        json.writeBooleanProperty("recoversByRebind", row.recovery().rebind());
        json.writeNumberProperty("sampled", row.sampled());
        strings(json, "inconclusive", row.unknowns());
        json.writeEndObject();
    }

    private static void verdict(JsonGenerator json, Verdict v) {
        json.writeStartObject();
        json.writeStringProperty("property", v.property().name());
        json.writeBooleanProperty("broken", v.broken());
        json.writeNumberProperty("exploredToTheEnd", v.complete());
        if (v.broken()) {
            json.writeStringProperty("scenario", v.breaker().name());
            json.writeNumberProperty("preemptions", v.preemptions());
            json.writeStringProperty("what", v.example().finding().violation().headline());
        }
        json.writeEndObject();
    }

    private static void strings(JsonGenerator json, String name, List<String> all) {
        json.writeArrayPropertyStart(name);
        all.forEach(json::writeString);
        json.writeEndArray();
    }
}
