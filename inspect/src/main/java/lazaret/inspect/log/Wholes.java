// SPDX-License-Identifier: Apache-2.0
package lazaret.inspect.log;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Makes whole messages of raw lines: without prefix, what a mailer had wrapped joined, the keys of kmsg
 * added.
 */
final class Wholes {
    /** A line without time stamps that a mailer wrapped is this long at least. */
    private static final int WRAPPED = 55;

    private static final List<String> BEGINNINGS =
            List.of("Kernel panic", "Call ", "watchdog", "INFO", "BUG", "WARNING", "Modules linked", "CPU");

    private final String source;
    private final Consumer<Line> next;
    private final Prefix prefix = new Prefix();
    private Line held;
    private boolean prefixed;
    private int length;
    private long lastNumber;
    private long joined;
    private boolean journal;

    Wholes(String source, Consumer<Line> next) {
        this.source = source;
        this.next = next;
    }

    void line(long number, String raw) {
        Journal record = Journal.of(raw);
        if (record != null) {
            flush();
            journal = true;
            if (record.message() != null) {
                // a message that went through syslog may still have a time stamp of its own
                String text = prefix.strip(record.message()).text();
                next.accept(new Line(source, number, record.time(), text.strip(), record.device()));
            }
            return;
        }
        if (held != null && dictionary(raw)) {
            return;
        }
        Prefix.Stripped stripped = prefix.strip(raw);
        if (held != null && continues(number, raw, stripped)) {
            held = held.with(held.text() + " " + raw.strip());
            lastNumber = number;
            length = raw.length();
            joined++;
            return;
        }
        flush();
        held = new Line(source, number, stripped.time(), stripped.text().strip(), null);
        prefixed = !stripped.form().isEmpty();
        length = raw.length();
        lastNumber = number;
    }

    private boolean dictionary(String raw) {
        if (raw.startsWith(" DEVICE=")) {
            String device = Journal.device(raw.substring(" DEVICE=".length()).strip());
            held = new Line(held.source(), held.number(), held.time(), held.text(), device);
            return true;
        }
        return raw.startsWith(" SUBSYSTEM=");
    }

    private boolean continues(long number, String raw, Prefix.Stripped stripped) {
        String text = raw.strip();
        boolean beside = number == lastNumber + 1 && stripped.form().isEmpty() && !text.isEmpty();
        return beside && (prefixed || length >= WRAPPED) && !ownMessage(text);
    }

    /** A line of its own begins with somebody's name and a colon, or is a frame of a call trace. */
    private static boolean ownMessage(String text) {
        if (text.contains("+0x") || text.startsWith("=") || text.startsWith("<") || text.startsWith("-")
                || text.contains("Capabilities:") || BEGINNINGS.stream().anyMatch(text::startsWith)) {
            return true;
        }
        String[] words = text.split("\\s+", 4);
        for (int i = 0; i < Math.min(3, words.length); i++) {
            if (words[i].endsWith(":")) {
                return true;
            }
        }
        return false;
    }

    /** Nothing more will come for now. */
    void flush() {
        if (held != null) {
            Line whole = held;
            held = null;
            next.accept(whole);
        }
    }

    /** Lines that were put back together. */
    long joined() {
        return joined;
    }

    Set<String> forms() {
        Set<String> forms = new TreeSet<>(prefix.forms());
        if (journal) {
            forms.add("journal");
        }
        return forms;
    }
}
