// SPDX-License-Identifier: Apache-2.0
package lazaret.inspect;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lazaret.smmuv3.Event;
import lazaret.smmuv3.EventId;
import lazaret.smmuv3.Evt;

/**
 * What a kernel printed about an event record beside its raw words, and whether that is right.
 *
 * @param line the line that begins with {@code event:}
 * @param tail the line about the access, or null: not every event has one
 * @kernel arm_smmu_dump_event
 */
public record KernelText(String line, String tail) {
    /**
     * The kernel says something else than the words.
     *
     * @param why what is wrong with the kernel's text, or null: then one of us is wrong
     */
    public record Difference(String field, String kernel, String words, String why) {
        @Override
        public String toString() {
            return field + ": kernel says " + kernel + ", the words say " + words
                    + (why == null ? "" : " (" + why + ")");
        }
    }

    private static final Map<Evt.Class, String> CLASSES = Map.of(Evt.Class.CD, "CD fetch",
            Evt.Class.TT, "Stage 1 translation table fetch", Evt.Class.IN, "Input address caused fault");

    /** The name of the event, as the kernel calls it. */
    public String name() {
        return after(line, "event: ");
    }

    /** The device the kernel takes the stream for, or null if it knows none. */
    public String client() {
        String client = after(line, "client: ");
        return client == null || client.startsWith("(") ? null : client;
    }

    /** Where this text and the record {@code w} differ; empty when they agree in every field. */
    public List<Difference> against(long... w) {
        var found = new ArrayList<Difference>();
        EventId id = EventId.of(Evt.ID.getInt(w[0]));
        String name = id == null ? "UNKNOWN" : id.name();
        if (!name.equals(name())) {
            found.add(new Difference("event", name(), name, "UNKNOWN".equals(name())
                    ? "the manual defines this record, the kernel has no name for it" : null));
        }
        number(found, "sid", Evt.SID.get(w[0]), null);
        number(found, "ssid", Evt.SSID.get(w[0]), null);
        if (id == null || "UNKNOWN".equals(name())) {
            return found;
        }
        if (id.fields().contains(Evt.INPUTADDR)) {
            number(found, "iova", Evt.INPUTADDR.get(w[2]), null);
        }
        if (id.fields().contains(Evt.IPA)) {
            number(found, "ipa", Evt.IPA.in(w[3]), null);
            meaningless(found, "ipa", !Evt.S2.test(w[1]), "S2=0: word 3 is no IPA");
        }
        if (id.fields().contains(Evt.FETCHADDR)) {
            number(found, "fetch_addr", Evt.FETCHADDR.in(w[3]), null);
        }
        meaningless(found, "ssid", !Evt.SSV.test(w[0]) && id != EventId.C_BAD_SUBSTREAMID,
                "SSV=0: there is no substream");
        if (tail != null) {
            access(found, w[1], Event.decode(w[0], w[1], w[2], w[3]));
        }
        return found;
    }

    private void access(List<Difference> found, long w1, Event event) {
        word(found, "privilege", Evt.PNU.test(w1) ? "priv" : "unpriv", 0);
        word(found, "kind", Evt.IND.test(w1) ? "inst" : "data", 1);
        word(found, "direction", Evt.RNW.test(w1) ? "read" : "write", 2);
        word(found, "stage", Evt.S2.test(w1) ? "s2" : "s1", 3);
        int code = Evt.CLASS.getInt(w1);
        String cls = code < CLASSES.size() ? CLASSES.get(Evt.Class.values()[code]) : "Reserved";
        String said = between(tail, '"');
        if (!cls.equals(said)) {
            found.add(new Difference("class", said, cls, null));
        }
        if (code == Evt.Class.CD.code() && !Evt.S2.test(w1)) {
            found.add(new Difference("class", said, "class 0 at stage 1",
                    "a CD is fetched through stage 2 only; QEMU before 10.0 leaves the field 0"));
        }
        if (Evt.STALL.test(w1) != tail.contains(" stall ")) {
            found.add(new Difference("stall", String.valueOf(tail.contains(" stall ")), event.text(), null));
        }
    }

    private void word(List<Difference> found, String field, String ours, int index) {
        String[] words = tail.strip().split(" ");
        if (index >= words.length || !words[index].equals(ours)) {
            found.add(new Difference(field, index < words.length ? words[index] : "nothing", ours, null));
        }
    }

    private void number(List<Difference> found, String field, long ours, String why) {
        String said = after(line, " " + field + ": ");
        String hex = "0x" + Long.toHexString(ours);
        if (!hex.equals(said)) {
            found.add(new Difference(field, said, hex, why));
        }
    }

    private void meaningless(List<Difference> found, String field, boolean without, String why) {
        String said = after(line, " " + field + ": ");
        if (without && said != null && !"0x0".equals(said)) {
            found.add(new Difference(field, said, "nothing", why));
        }
    }

    private static String after(String text, String label) {
        int at = text.indexOf(label);
        if (at < 0) {
            return null;
        }
        int from = at + label.length();
        boolean open = from < text.length() && text.charAt(from) == '(';
        int to = open ? text.indexOf(')', from) + 1 : text.indexOf(' ', from);
        return text.substring(from, to <= from ? text.length() : to);
    }

    private static String between(String text, char quote) {
        int from = text.indexOf(quote);
        int to = text.lastIndexOf(quote);
        return from < to ? text.substring(from + 1, to) : null;
    }
}
