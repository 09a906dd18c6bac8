// SPDX-License-Identifier: Apache-2.0
package lazaret.inspect;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import lazaret.pcie.At;
import lazaret.pcie.Pasid;
import lazaret.smmuv3.AccessType;
import lazaret.smmuv3.EventId;
import lazaret.smmuv3.Transaction;

/**
 * One access of which it is known what became of it.
 *
 * @param line  of the file, from 1
 * @param pa    where it went, if {@code event} is null
 * @param event what it was refused with
 * @param raw   the records of that event, if they were kept, of each machine that was asked
 */
public record Query(int line, int sid, int ssid, AccessType type, long iova, long pa, EventId event,
        List<long[]> raw) {
    /**
     * The queries in a file: one JSON object a line with {@code sid}, {@code iova}, {@code acc} (R or W), and
     * {@code pa} or {@code event}; perhaps {@code ssid}. Other members are not looked at.
     *
     * @throws BadInput with the line that is not one
     */
    public static List<Query> read(Path file) {
        var queries = new ArrayList<Query>();
        int line = 0;
        for (String text : new String(Recording.bytes(file), StandardCharsets.UTF_8).split("\\R")) {
            line++;
            if (!text.isBlank()) {
                queries.add(of(Json.object(file, line, text)));
            }
        }
        if (queries.isEmpty()) {
            throw new BadInput(file, "one JSON object a line, not an empty file");
        }
        return queries;
    }

    private static Query of(Json json) {
        AccessType type = switch (json.text("acc")) {
            case "R" -> AccessType.READ;
            case "W" -> AccessType.WRITE;
            default -> throw json.missing("acc", "R or W");
        };
        if (json.has("pa") == json.has("event")) {
            throw new BadInput(json.file(), json.line(), "either \"pa\" or \"event\"");
        }
        int ssid = json.has("ssid") ? bounded(json, "ssid", 0xf_ffff) : Pasid.NONE;
        return new Query(json.line(), bounded(json, "sid", 0xffff_ffffL), ssid, type, json.number("iova"),
                json.has("pa") ? json.number("pa") : 0, json.has("event") ? event(json) : null, raw(json));
    }

    private static int bounded(Json json, String name, long most) {
        long number = json.number(name);
        if (number < 0 || number > most) {
            throw json.missing(name, "at most 0x" + Long.toHexString(most));
        }
        return (int) number;
    }

    private static EventId event(Json json) {
        for (EventId id : EventId.values()) {
            if (id.name().equals(json.text("event"))) {
                return id;
            }
        }
        throw json.missing("event", "the name of an event such as F_TRANSLATION");
    }

    private static List<long[]> raw(Json json) {
        var records = new ArrayList<long[]>();
        if (json.has("raw")) {
            Json raw = json.in("raw");
            for (Object machine : raw.members().keySet()) {
                List<?> words = raw.list(machine.toString());
                records.add(words.stream().mapToLong(word -> raw.number("raw", "0x" + word)).toArray());
            }
        }
        return records;
    }

    public Transaction transaction() {
        return new Transaction(sid, ssid, At.UNTRANSLATED, type, iova);
    }

    /** {@code sid 0x100 read 0x1000}. */
    public String text() {
        String does = type.write() ? " write 0x" : " read 0x";
        return "sid 0x" + Integer.toHexString(sid) + Pasid.text(ssid) + does + Long.toHexString(iova);
    }

    /** What was to come of it. */
    public String expected() {
        return event == null ? "pa 0x" + Long.toHexString(pa) : event.name();
    }
}
