// SPDX-License-Identifier: Apache-2.0
package lazaret.cli;

import java.io.StringWriter;
import java.util.List;
import lazaret.explore.Choice;
import lazaret.iommu.arm.SmmuDesign;
import lazaret.lab.Finding;
import lazaret.lab.Report;
import lazaret.lab.Scenario;
import lazaret.lab.oracle.Violation;
import lazaret.lab.story.Line;
import lazaret.lab.story.Moment;
import lazaret.lab.Teller;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * The same as {@link Text}, as data. Field names are part of the interface: they change only with a line in
 * CHANGELOG.
 */
final class Json {
    private static final JsonFactory FACTORY = new JsonFactory();

    private Json() { }

    static String list(List<Scenario> scenarios, List<SmmuDesign> designs) {
        var text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            json.writeArrayPropertyStart("scenarios");
            scenarios.forEach(s -> named(json, s.name(), s.line()));
            json.writeEndArray();
            json.writeArrayPropertyStart("designs");
            designs.forEach(d -> named(json, d.name(), d.inOneLine()));
            json.writeEndArray();
            json.writeEndObject();
        }
        return text.toString();
    }

    /** @param replay path of the replay file, or null when none was written */
    static String report(Report report, String replay) {
        var text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            json.writeStringProperty("version", Build.VERSION);
            json.writeStringProperty("commit", Build.commit());
            json.writeStringProperty("scenario", report.scenario());
            json.writeStringProperty("design", report.design());
            json.writeStringProperty("outcome", report.outcome().name().toLowerCase(java.util.Locale.ROOT));
            json.writeNumberProperty("seed", report.plan().seed());
            json.writeNumberProperty("runs", report.runs());
            json.writeNumberProperty("steps", report.steps());
            json.writeNumberProperty("broken", report.broken());
            json.writeStringProperty("digest", hex(report.digest()));
            json.writeArrayPropertyStart("inconclusive");
            report.unknowns().forEach(json::writeString);
            json.writeEndArray();
            if (report.finding() != null) {
                json.writeBooleanProperty("expected", report.expected());
                json.writeName("finding");
                finding(json, report.finding());
            }
            if (replay != null) {
                json.writeStringProperty("replay", replay);
            }
            json.writeEndObject();
        }
        return text.toString();
    }

    private static void finding(JsonGenerator json, Finding finding) {
        json.writeStartObject();
        json.writeName("violation");
        violation(json, finding.violation());
        json.writeArrayPropertyStart("violations");
        finding.judged().violations().forEach(v -> violation(json, v));
        json.writeEndArray();
        json.writeStringProperty("schedule", finding.schedule().name().toLowerCase(java.util.Locale.ROOT));
        json.writeNumberProperty("seed", finding.seed());
        json.writeNumberProperty("steps", finding.judged().steps());
        json.writeNumberProperty("switches", finding.judged().switches());
        json.writeStringProperty("digest", hex(finding.digest()));
        json.writeArrayPropertyStart("lines");
        Teller.lines(finding).forEach(l -> line(json, l));
        json.writeEndArray();
        json.writeArrayPropertyStart("choices");
        finding.choices().stream().map(Choice::line).forEach(json::writeString);
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void violation(JsonGenerator json, Violation v) {
        json.writeStartObject();
        json.writeStringProperty("property", v.property().name());
        json.writeStringProperty("title", v.property().title());
        json.writeStringProperty("resource", v.resource());
        json.writeStringProperty("what", v.what());
        json.writeEndObject();
    }

    private static void line(JsonGenerator json, Line line) {
        Moment m = line.moment();
        json.writeStartObject();
        json.writeNumberProperty("step", m.step());
        json.writeNumberProperty("timeUs", m.time());
        json.writeStringProperty("lane", m.lane());
        json.writeStringProperty("strand", m.strand());
        json.writeStringProperty("text", line.text());
        if (line.mark() != 0) {
            json.writeNumberProperty("mark", line.mark());
        }
        json.writeEndObject();
    }

    private static void named(JsonGenerator json, String name, String line) {
        json.writeStartObject();
        json.writeStringProperty("name", name);
        json.writeStringProperty("line", line);
        json.writeEndObject();
    }

    private static String hex(long value) {
        return "0x" + Long.toHexString(value);
    }
}
