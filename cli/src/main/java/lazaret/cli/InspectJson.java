// SPDX-License-Identifier: Apache-2.0
package lazaret.cli;

import java.io.StringWriter;
import lazaret.inspect.Decoded;
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
