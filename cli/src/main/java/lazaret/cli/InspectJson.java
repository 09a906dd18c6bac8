// SPDX-License-Identifier: Apache-2.0
package lazaret.cli;

import java.io.StringWriter;
import java.util.Collection;
import lazaret.inspect.Decoded;
import lazaret.inspect.log.Incident;
import lazaret.inspect.log.Line;
import lazaret.inspect.log.Triage;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** What {@code decode} and {@code logs} say, as data. Field names are part of the interface. */
final class InspectJson {
    private static final JsonFactory FACTORY = new JsonFactory();

    private InspectJson() { }

    static String decoded(Decoded decoded) {
        var text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            json.writeStringProperty("what", decoded.what());
            json.writeStringProperty("text", decoded.line());
            json.writeArrayPropertyStart("words");
            decoded.words().forEach(w -> json.writeString(hex(w)));
            json.writeEndArray();
            json.writeArrayPropertyStart("fields");
            decoded.fields().forEach(f -> field(json, f));
            json.writeEndArray();
            json.writeObjectPropertyStart("derived");
            decoded.derived().forEach(json::writeStringProperty);
            json.writeEndObject();
            json.writeArrayPropertyStart("remarks");
            decoded.remarks().forEach(json::writeString);
            json.writeEndArray();
            json.writeEndObject();
        }
        return text.toString();
    }

    static String report(String source, Triage.Report report) {
        var text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            json.writeStringProperty("verdict", report.worst().text());
            json.writeStringProperty("source", source);
            json.writeNumberProperty("lines", report.lines());
            json.writeNumberProperty("joined", report.joined());
            strings(json, "prefixes", report.forms());
            json.writeArrayPropertyStart("incidents");
            report.incidents().forEach(i -> incident(json, i));
            json.writeEndArray();
            json.writeEndObject();
        }
        return text.toString();
    }

    static String incident(Incident incident) {
        var text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
            incident(json, incident);
        }
        return text.toString();
    }

    private static void incident(JsonGenerator json, Incident i) {
        json.writeStartObject();
        json.writeStringProperty("topic", i.topic().text());
        optional(json, "iommu", i.instance());
        optional(json, "device", i.device());
        json.writeStringProperty("verdict", i.verdict().text());
        json.writeStringProperty("why", i.why());
        json.writeArrayPropertyStart("restsOn");
        i.basis().forEach(json::writeNumber);
        json.writeEndArray();
        json.writeStringProperty("source", i.first().source());
        json.writeNumberProperty("firstLine", i.first().number());
        json.writeNumberProperty("lastLine", i.last().number());
        if (i.first().time() != Line.NO_TIME) {
            json.writeNumberProperty("firstTimeUs", i.first().time());
        }
        json.writeNumberProperty("count", i.count());
        json.writeBooleanProperty("countIsLowerBound", i.suppressed() > 0);
        json.writeNumberProperty("suppressed", i.suppressed());
        json.writeBooleanProperty("injected", i.injected());
        json.writeArrayPropertyStart("seen");
        i.seen().forEach((what, seen) -> {
            json.writeStartObject();
            json.writeStringProperty("text", what);
            json.writeNumberProperty("line", seen.first().number());
            json.writeNumberProperty("count", seen.count());
            strings(json, "samples", seen.samples());
            json.writeEndObject();
        });
        json.writeEndArray();
        strings(json, "notes", i.notes());
        strings(json, "unknown", i.unknown());
        json.writeEndObject();
    }

    private static void optional(JsonGenerator json, String name, String value) {
        if (value == null) {
            json.writeNullProperty(name);
        } else {
            json.writeStringProperty(name, value);
        }
    }

    private static void strings(JsonGenerator json, String name, Collection<String> values) {
        json.writeArrayPropertyStart(name);
        values.forEach(json::writeString);
        json.writeEndArray();
    }

    private static void field(JsonGenerator json, Decoded.Named f) {
        json.writeStartObject();
        json.writeStringProperty("name", f.field().name());
        json.writeNumberProperty("word", f.field().word());
        json.writeNumberProperty("msb", f.field().msb());
        json.writeNumberProperty("lsb", f.field().lsb());
        json.writeStringProperty("value", hex(f.value()));
        json.writeStringProperty("shown", f.shown());
        json.writeEndObject();
    }

    private static String hex(long value) {
        return "0x" + Long.toHexString(value);
    }
}
