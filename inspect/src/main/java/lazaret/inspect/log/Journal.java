// SPDX-License-Identifier: Apache-2.0
package lazaret.inspect.log;

import java.util.ArrayList;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * A record of {@code journalctl -o json}.
 *
 * @param message null if it has none
 * @param time    in µs
 * @param device  {@code 0000:01:00.0}, or null
 */
record Journal(String message, long time, String device) {
    private static final JsonFactory FACTORY = new JsonFactory();

    /** The record in a line, or null if the line is none. */
    static Journal of(String line) {
        if (!line.startsWith("{") || !line.contains("\"MESSAGE\"")) {
            return null;
        }
        String message = null;
        String device = null;
        long time = Line.NO_TIME;
        long realtime = Line.NO_TIME;
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), line)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                switch (name) {
                    case "MESSAGE" -> message = text(parser);
                    case "_SOURCE_MONOTONIC_TIMESTAMP" -> time = Long.parseLong(text(parser));
                    case "__REALTIME_TIMESTAMP" -> realtime = Long.parseLong(text(parser));
                    case "_KERNEL_DEVICE" -> device = device(text(parser));
                    default -> parser.skipChildren();
                }
            }
        } catch (JacksonException | NumberFormatException _) {
            return message == null ? null : new Journal(message, time, device);
        }
        return new Journal(message, time == Line.NO_TIME ? realtime : time, device);
    }

    /** A string; or bytes in an array, which journald uses for what is no UTF-8. */
    private static String text(JsonParser parser) {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            return parser.currentToken() == JsonToken.VALUE_NULL ? "" : parser.getString();
        }
        var bytes = new ArrayList<Byte>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            bytes.add((byte) Integer.parseInt(parser.getString()));
        }
        byte[] all = new byte[bytes.size()];
        for (int i = 0; i < all.length; i++) {
            all[i] = bytes.get(i);
        }
        return new String(all, java.nio.charset.StandardCharsets.UTF_8);
    }

    /** {@code +pci:0000:01:00.0} names a function; other subsystems do not. */
    static String device(String key) {
        String bdf = key.startsWith("+pci:") ? key.substring("+pci:".length()) : null;
        return bdf != null && Header.bdfEnd(bdf, 0) == bdf.length() ? bdf : null;
    }
}
