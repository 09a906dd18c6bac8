// SPDX-License-Identifier: Apache-2.0
package lazaret.inspect.log;

import static lazaret.inspect.log.Text.hex;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lazaret.inspect.Decoder;
import lazaret.inspect.KernelText;
import lazaret.smmuv3.Event;
import lazaret.smmuv3.EventId;
import lazaret.smmuv3.Evt;

/**
 * Puts event records together again: a line that announces one, four with a word each, and in newer kernels
 * text. Other lines may stand in between, words may be torn or missing.
 */
final class SmmuEvents {
    private static final int WORDS = 4;
    private static final int TORN = 16;

    /** A record on its way. */
    private static final class Record {
        private final Line line;
        private final int id;
        private final List<Long> words = new ArrayList<>();
        private final List<String> damage = new ArrayList<>();
        private KernelText text;
        private boolean told;

        private Record(Line line, int id) {
            this.line = line;
            this.id = id;
        }
    }

    private final Book book;
    private final Neighbours neighbours;
    private final Map<String, Record> open = new LinkedHashMap<>();

    SmmuEvents(Book book, Neighbours neighbours) {
        this.book = book;
        this.neighbours = neighbours;
    }

    void head(Line line, String instance, int id) {
        close(instance);
        open.put(String.valueOf(instance), new Record(line, id));
    }

    boolean word(Line line, String instance, String rest) {
        Record record = open.get(String.valueOf(instance));
        if (record == null || record.words.size() >= WORDS) {
            return record != null;
        }
        String digits = digits(rest);
        if (digits.length() == TORN && rest.strip().contains(" ")) {
            record.damage.add("word " + record.words.size() + " is torn (\"" + rest.strip()
                    + "\"), repaired to 0x"
                    + digits);
        } else if (digits.length() != TORN) {
            record.damage.add("word " + record.words.size() + " is malformed (\"" + rest.strip() + "\")");
            record.words.add(null);
            return true;
        }
        record.words.add(Long.parseUnsignedLong(digits, 16));
        if (record.words.size() == WORDS) {
            tell(instance, record);
        }
        return true;
    }

    /** The digits of a word, with blanks inside it left out. */
    private static String digits(String rest) {
        var digits = new StringBuilder();
        for (char c : rest.substring(2).strip().toCharArray()) {
            if (Character.digit(c, 16) >= 0) {
                digits.append(c);
            } else if (c != ' ') {
                break;
            }
        }
        return digits.toString();
    }

    void text(Line line, String instance, String rest) {
        Record record = open.get(String.valueOf(instance));
        var text = new KernelText(rest, null);
        if (record == null || record.words.isEmpty()) {
            textOnly(line, instance, text);
            return;
        }
        if (!record.told) {
            tell(instance, record);
        }
        record.text = text;
        Incident incident = incident(instance, record);
        client(incident, line, text);
        compare(incident, record, text);
    }

    /** The kernel's text without its words: it is all there is. */
    private void textOnly(Line line, String instance, KernelText text) {
        Incident incident = book.of(Topic.SMMU_FAULT, instance, "sid " + Text.word(text.line(), "sid: "),
                line);
        incident.saw(line, "the kernel says " + text.name(), text.line());
        incident.verdict(Verdict.SAFE, line, "the SMMU refused the access");
        incident.unknown("the raw words: only the kernel's text is here");
        client(incident, line, text);
    }

    boolean tail(Line line, String instance, String rest) {
        Record record = open.get(String.valueOf(instance));
        if (record == null || record.text == null) {
            return record != null;
        }
        int stag = rest.indexOf("stag: 0x");
        int end = stag < 0 ? -1 : rest.indexOf(' ', stag + 6);
        String own = end < 0 ? rest : rest.substring(0, end);
        var text = new KernelText(record.text.line(), own);
        Incident incident = incident(instance, record);
        compare(incident, record, text);
        if (end > 0) {
            glued(incident, text, rest.substring(end).strip());
        }
        return true;
    }

    /** Two messages on one line. */
    private static void glued(Incident incident, KernelText text, String more) {
        String other = Header.device(more, 0);
        incident.note("another message is glued to this line and is not part of it: \"" + more + "\"");
        if (other != null && !other.equals(text.client())) {
            incident.note("the kernel names client " + text.client() + ", the message beside it is of "
                    + other
                    + ": several requester ids may share one stream id, so the client may be the wrong "
                    + "device");
        }
    }

    private static void compare(Incident incident, Record record, KernelText text) {
        if (record.words.size() < WORDS || record.words.contains(null)) {
            return;
        }
        List<KernelText.Difference> differences = text.against(raw(record));
        differences.forEach(d -> incident.note("kernel text and words differ: " + d));
        if (differences.isEmpty()) {
            incident.note("the kernel's text agrees with the raw words field by field: "
                    + (text.tail() == null ? text.line() : text.tail()));
        }
    }

    private void client(Incident incident, Line line, KernelText text) {
        if (text.client() != null) {
            incident.note("client by the kernel's text: " + text.client()
                    + " (who has that stream id; others may share it)");
            neighbours.about(text.client(), incident.first()).forEach(incident::note);
            neighbours.watch(text.client(), incident);
        } else if (text.line().contains("(unassigned sid)")) {
            incident.note("the kernel knows no device with that stream id (unassigned sid)");
        }
        incident.touch(line);
    }

    private static long[] raw(Record record) {
        long[] words = new long[WORDS];
        for (int i = 0; i < Math.min(WORDS, record.words.size()); i++) {
            words[i] = record.words.get(i) == null ? 0 : record.words.get(i);
        }
        return words;
    }

    /** No more words come to the record of that instance. */
    private void close(String instance) {
        Record record = open.remove(String.valueOf(instance));
        if (record != null && !record.told) {
            tell(instance, record);
        }
    }

    void end() {
        List.copyOf(open.keySet()).forEach(key -> close("null".equals(key) ? null : key));
    }

    private Incident incident(String instance, Record record) {
        boolean first = !record.words.isEmpty() && record.words.getFirst() != null
                && Evt.ID.getInt(record.words.getFirst()) == record.id;
        String stream = first ? "sid " + hex(Evt.SID.get(record.words.getFirst())) : null;
        return book.of(Topic.SMMU_FAULT, instance, stream, record.line);
    }

    private void tell(String instance, Record record) {
        record.told = true;
        Incident incident = incident(instance, record);
        incident.verdict(Verdict.SAFE, record.line, "the SMMU refused the access");
        damage(incident, record);
        if (incident.device() == null) {
            incident.saw(record.line, "event " + hex(record.id) + ", record damaged");
            incident.unknown("which stream: word 0 of the record is missing or damaged, and no sid is "
                    + "guessed");
            return;
        }
        long[] w = raw(record);
        EventId id = EventId.of(record.id);
        if (id == null) {
            incident.saw(record.line, Event.decode(w[0], w[1], w[2], w[3]).text()
                    + ": no record of the manual");
            return;
        }
        incident.saw(record.line, SmmuMeaning.line(id, w), SmmuMeaning.sample(id, w, record.words.size()));
        Decoder.leftovers(id, w).forEach(incident::note);
        SmmuMeaning.notes(id, w).forEach(incident::note);
        long sid = Evt.SID.get(w[0]);
        neighbours.requester(incident, sid);
    }

    private static void damage(Incident incident, Record record) {
        record.damage.forEach(incident::note);
        int missing = WORDS - record.words.size();
        if (missing > 0) {
            incident.note("the record at line " + record.line.number() + " is cut after "
                    + record.words.size() + " of 4 words: word " + record.words.size()
                    + (missing == 1 ? " (the last) is missing" : " and those behind it are missing"));
            incident.unknown("what the missing words said");
        }
        if (!record.words.isEmpty() && record.words.getFirst() != null
                && Evt.ID.getInt(record.words.getFirst()) != record.id) {
            incident.note("the first word that is there is not word 0: its event id is not "
                    + hex(record.id));
        }
    }
}
