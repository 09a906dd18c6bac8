// SPDX-License-Identifier: Apache-2.0
package lazaret.inspect;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * A JSON object out of a file, with the place it stands at: every wrong or missing member is told with it.
 *
 * @param members strings, numbers and words as {@link String}, arrays as {@link List}, objects as {@link Map}
 */
record Json(Path file, int line, Map<?, ?> members) {
    private static final JsonFactory FACTORY = new JsonFactory();

    /** @param line of the file at which {@code text} begins */
    static Json object(Path file, int line, String text) {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            parser.nextToken();
            if (value(parser) instanceof Map<?, ?> members) {
                return new Json(file, line, members);
            }
        } catch (JacksonException e) {
            int down = e.getLocation() == null ? 0 : e.getLocation().getLineNr() - 1;
            throw new BadInput(file, line + Math.max(0, down), "JSON: " + complaint(e));
        }
        throw new BadInput(file, line, "a JSON object");
    }

    /** Without the place in brackets behind it: the file and the line are told. */
    private static String complaint(JacksonException e) {
        String all = e.getOriginalMessage();
        int place = all.indexOf(" (start marker at");
        return place < 0 ? all : all.substring(0, place);
    }

    private static Object value(JsonParser parser) {
        if (parser.currentToken() == JsonToken.START_OBJECT) {
            var members = new LinkedHashMap<String, Object>();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                parser.nextToken();
                members.put(name, value(parser));
            }
            return members;
        }
        if (parser.currentToken() == JsonToken.START_ARRAY) {
            var elements = new ArrayList<Object>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                elements.add(value(parser));
            }
            return elements;
        }
        return parser.currentToken() == JsonToken.VALUE_NULL ? null : parser.getString();
    }

    boolean has(String name) {
        return members.get(name) != null;
    }

    /** An object inside this one. */
    Json in(String name) {
        if (members.get(name) instanceof Map<?, ?> inner) {
            return new Json(file, line, inner);
        }
        throw missing(name, "an object");
    }

    List<?> list(String name) {
        if (members.get(name) instanceof List<?> elements) {
            return elements;
        }
        throw missing(name, "an array");
    }

    String text(String name) {
        if (members.get(name) instanceof String text) {
            return text;
        }
        throw missing(name, "a string");
    }

    /** A number: decimal, or with 0x in hex. */
    long number(String name) {
        return number(name, members.get(name));
    }

    /** @param value found under {@code name} */
    long number(String name, Object value) {
        if (value instanceof String text) {
            try {
                return text.startsWith("0x") ? Long.parseUnsignedLong(text, 2, text.length(), 16)
                        : Long.parseLong(text);
            } catch (NumberFormatException _) {
                throw missing(name, "a number such as \"0x1000\", not \"" + text + "\",");
            }
        }
        throw missing(name, "a number such as \"0x1000\"");
    }

    BadInput missing(String name, String kind) {
        return new BadInput(file, line, kind + " under \"" + name + "\"");
    }
}
