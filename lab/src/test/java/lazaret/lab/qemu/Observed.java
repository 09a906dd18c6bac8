// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.qemu;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import lazaret.lab.conform.Seen;
import lazaret.smmuv3.Event;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * What a QEMU did in one scenario, as it was recorded.
 *
 * @param fields as they are in the recording; not the same for commands as for accesses
 */
record Observed(Map<?, ?> fields) {
    /** All that was recorded of a version. */
    static List<Observed> of(String version) throws IOException {
        String file = "/qemu/matrix-" + version + ".json.gz";
        try (InputStream packed = Observed.class.getResourceAsStream(file);
             InputStream in = new GZIPInputStream(packed)) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            JsonParser json = new JsonFactory().createParser(ObjectReadContext.empty(), text);
            json.nextToken();
            return ((List<?>) value(json)).stream().map(each -> new Observed((Map<?, ?>) each)).toList();
        }
    }

    private static Object value(JsonParser json) {
        if (json.currentToken() == JsonToken.START_OBJECT) {
            var members = new LinkedHashMap<String, Object>();
            while (json.nextToken() != JsonToken.END_OBJECT) {
                String name = json.currentName();
                json.nextToken();
                members.put(name, value(json));
            }
            return members;
        }
        if (json.currentToken() == JsonToken.START_ARRAY) {
            var elements = new ArrayList<Object>();
            while (json.nextToken() != JsonToken.END_ARRAY) {
                elements.add(value(json));
            }
            return elements;
        }
        return json.getString();
    }

    String name() {
        return text("name");
    }

    private String text(String field) {
        return (String) fields.get(field);
    }

    /** The event records that were kept: the first two. */
    List<long[]> records() {
        var records = new ArrayList<long[]>();
        if (fields.get("events") instanceof List<?> events) {
            for (Object event : events) {
                List<?> raw = (List<?>) ((Map<?, ?>) event).get("raw");
                records.add(raw.stream().mapToLong(w -> Long.parseUnsignedLong((String) w, 16)).toArray());
            }
        }
        return records;
    }

    /** How many there were, and how many accesses of up to four bytes the device makes of this one. */
    boolean oneRecordForFourBytes() {
        int length = fields.containsKey("len") ? Integer.parseInt(text("len")) : 4;
        return Integer.parseInt(text("n_events")) == (length + 3) / 4;
    }

    /** In the words of {@link Seen}. */
    String what() {
        if (fields.containsKey("eventq_prod")) {
            return text("gerror").equals("0x0") ? "overflow" : "GERROR " + Integer.decode(text("gerror"));
        }
        if (fields.containsKey("cons")) {
            return command();
        }
        List<long[]> records = records();
        if (!records.isEmpty()) {
            long[] r = records.getFirst();
            return Seen.what(Event.decode(r[0], r[1], r[2], r[3]));
        }
        return "true".equals(text("landed")) ? "lands" : "nothing";
    }

    private String command() {
        boolean stopped = text("gerror").equals("0x1");
        int error = Integer.decode(text("cons")) >>> 24;
        if (stopped) {
            return error == 1 ? "CERROR_ILL" : "CERROR_ABT";
        }
        return ((List<?>) fields.get("irqs")).contains("CMDSYNC") ? "taken, interrupt" : "taken";
    }

    /** Is that what our model did? Where nothing landed QEMU does not say why. */
    boolean as(Seen seen) {
        if (seen.event() == null) {
            boolean nothing = seen.what().equals("aborts") || seen.what().equals("passes");
            return what().equals(nothing ? "nothing" : seen.what());
        }
        Event e = seen.event();
        List<long[]> records = records();
        return !records.isEmpty() && records.getFirst()[0] == e.w0() && records.getFirst()[1] == e.w1()
                && records.getFirst()[2] == e.w2() && records.stream().allMatch(r -> r[3] == e.w3());
    }
}
