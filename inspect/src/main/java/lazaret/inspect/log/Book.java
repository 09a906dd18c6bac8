// SPDX-License-Identifier: Apache-2.0
package lazaret.inspect.log;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** The incidents of a log while it is being read. There are never more than so many. */
final class Book {
    private static final int MOST = 5_000;

    private final Map<String, Incident> incidents = new LinkedHashMap<>();
    private Incident latest;

    /** The incident of that kind at that IOMMU and device, begun with {@code line} if there is none yet. */
    Incident of(Topic topic, String instance, String device, Line line) {
        String key = topic + "|" + instance + "|" + device;
        Incident found = incidents.get(key);
        if (found == null) {
            boolean full = incidents.size() >= MOST;
            String last = topic + "||rest";
            found = full ? incidents.computeIfAbsent(last, _ -> new Incident(topic, null, "all others", line))
                    : new Incident(topic, instance, device, line);
            incidents.putIfAbsent(full ? last : key, found);
        }
        latest = found;
        return found;
    }

    Incident peek(Topic topic, String instance, String device) {
        return incidents.get(topic + "|" + instance + "|" + device);
    }

    Collection<Incident> all() {
        return Collections.unmodifiableCollection(incidents.values());
    }

    List<Incident> those(Predicate<Incident> which) {
        return incidents.values().stream().filter(which).toList();
    }

    /** The last one that somebody asked for, or null. */
    Incident latest() {
        return latest;
    }

    /** The last of one of those topics to which something was added, or null. */
    Incident latest(Topic... topics) {
        Incident best = null;
        for (Incident incident : incidents.values()) {
            boolean one = List.of(topics).contains(incident.topic());
            if (one && (best == null || incident.last().number() >= best.last().number())) {
                best = incident;
            }
        }
        return best;
    }

    List<Incident> sorted() {
        var all = new ArrayList<>(incidents.values());
        all.sort((a, b) -> a.verdict() != b.verdict() ? b.verdict().compareTo(a.verdict())
                : Long.compare(a.first().number(), b.first().number()));
        return all;
    }
}
