// SPDX-License-Identifier: Apache-2.0
package lazaret.inspect.log;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Everything a log says about one thing at one IOMMU or device. It holds no more than so much of each kind,
 * however long the log is.
 */
public final class Incident {
    private static final int MOST_SEEN = 64;
    private static final int MOST_SAMPLES = 12;
    private static final int MOST_REMARKS = 48;

    /** The same said again and again. */
    public static final class Seen {
        private final Line first;
        private final Set<String> samples = new LinkedHashSet<>();
        private Line last;
        private long count;
        private long more;

        private Seen(Line first) {
            this.first = first;
        }

        public long count() {
            return count;
        }

        public Line first() {
            return first;
        }

        public Line last() {
            return last;
        }

        /** What differed from one time to the next: addresses and the like, those seen first. */
        public Set<String> samples() {
            return samples;
        }

        /** That many samples were not kept; some of them may be equal. */
        public long more() {
            return more;
        }
    }

    private final Topic topic;
    private final String instance;
    private final String device;
    private final Line first;
    private final Map<String, Seen> seen = new LinkedHashMap<>();
    private final Set<String> notes = new LinkedHashSet<>();
    private final Set<String> unknown = new LinkedHashSet<>();
    private final List<Long> basis = new ArrayList<>();
    private final Map<String, Times> times = new LinkedHashMap<>();
    private final Strides strides = new Strides();
    private Line last;
    private long count;
    private long suppressed;
    private Verdict verdict = Verdict.BENIGN;
    private String why = "";
    private boolean injected;

    Incident(Topic topic, String instance, String device, Line first) {
        this.topic = topic;
        this.instance = instance;
        this.device = device;
        this.first = first;
        last = first;
    }

    public Topic topic() {
        return topic;
    }

    /** The IOMMU that says so, or null if the lines do not name it. */
    public String instance() {
        return instance;
    }

    /** What the lines name: a function, a stream, a port; or null. */
    public String device() {
        return device;
    }

    public Line first() {
        return first;
    }

    public Line last() {
        return last;
    }

    /** Lines that say something; a lower bound if {@link #suppressed} is not 0. */
    public long count() {
        return count;
    }

    /** Messages that the kernel says it did not print. */
    public long suppressed() {
        return suppressed;
    }

    public Map<String, Seen> seen() {
        return seen;
    }

    public Set<String> notes() {
        return notes;
    }

    /** What the log does not say. */
    public Set<String> unknown() {
        return unknown;
    }

    public Verdict verdict() {
        return verdict;
    }

    /** Why that verdict. */
    public String why() {
        return why;
    }

    /** Numbers of lines that the verdict rests on. */
    public List<Long> basis() {
        return basis;
    }

    /** Somebody put the error in on purpose. */
    public boolean injected() {
        return injected;
    }

    // ---- for those who read lines

    Incident saw(Line line, String what) {
        return saw(line, what, null);
    }

    /** @param sample what differs from one time to the next, or null */
    Incident saw(Line line, String what, String sample) {
        count++;
        touch(line);
        String key = seen.size() < MOST_SEEN || seen.containsKey(what) ? what
                : "other lines of this incident";
        Seen s = seen.computeIfAbsent(key, _ -> new Seen(line));
        s.count++;
        s.last = line;
        if (sample != null && !s.samples.contains(sample)) {
            if (s.samples.size() < MOST_SAMPLES) {
                s.samples.add(sample);
            } else {
                s.more++;
            }
        }
        return this;
    }

    Incident note(String note) {
        if (notes.size() < MOST_REMARKS) {
            notes.add(note);
        }
        return this;
    }

    Incident unknown(String what) {
        if (unknown.size() < MOST_REMARKS) {
            unknown.add(what);
        }
        return this;
    }

    /** The worst one counts; lines that say the same again add to what it rests on. */
    Incident verdict(Verdict worse, Line line, String because) {
        if (worse.compareTo(verdict) > 0 || why.isEmpty()) {
            verdict = worse.compareTo(verdict) > 0 ? worse : verdict;
            why = because;
            basis.clear();
        }
        if (worse == verdict && basis.size() < MOST_SAMPLES && !basis.contains(line.number())) {
            basis.add(line.number());
        }
        return this;
    }

    /** What looked bad is explained. */
    Incident calm(Verdict better, Line line, String because) {
        verdict = better;
        why = because;
        basis.clear();
        basis.add(line.number());
        return this;
    }

    /** The same thing once more: says so when it comes at regular times. */
    void again(String what, Line line) {
        if (times.size() < MOST_SEEN || times.containsKey(what)) {
            times.computeIfAbsent(what, _ -> new Times()).add(line);
        }
    }

    /** An address of a fault: says so when they follow each other at one distance. */
    void address(Line line, long address) {
        strides.add(line, address);
    }

    /** What can only be said at the end. */
    void end() {
        times.values().forEach(t -> t.say(this));
        strides.say(this);
        for (Seen s : seen.values()) {
            long repeats = s.count - s.samples.size() - s.more;
            if (!s.samples.isEmpty() && repeats > 0) {
                note(repeats + (repeats == 1 ? " line repeats" : " lines repeat")
                        + " the content of an earlier one");
            }
        }
        if (count > 1 && seen.size() == 1) {
            String over = first.until(last);
            note(count + " times" + (over == null ? "" : " in " + over));
        }
    }

    void suppressed(long messages) {
        suppressed += messages;
    }

    void markInjected() {
        injected = true;
    }

    void touch(Line line) {
        last = line.number() >= last.number() || !line.source().equals(last.source()) ? line : last;
    }
}
