// SPDX-License-Identifier: Apache-2.0
package lazaret.inspect.log;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What drivers said about their devices shortly before or after an incident. Standing beside something is no
 * guilt: it is told, not concluded from.
 */
final class Neighbours {
    private static final int KEPT = 64;
    private static final int MOST = 256;

    private final ArrayDeque<Told> told = new ArrayDeque<>();
    private final Map<String, Incident> watched = new LinkedHashMap<>();
    private final Map<Integer, Incident> buses = new LinkedHashMap<>();

    private record Told(String device, Line line, String what) {
        String before(Line later) {
            String span = line.until(later);
            return "line " + line.number() + (span == null ? "" : ", " + span + " before,") + " " + what;
        }
    }

    /** A driver complains about its device, or resets it. */
    void heard(String device, Line line, String driver, String what) {
        told.addLast(new Told(device, line, driver + " " + device + ": " + what));
        if (told.size() > KEPT) {
            told.removeFirst();
        }
        Incident direct = watched.get(device);
        if (direct != null) {
            direct.note("line " + line.number() + after(direct, line) + " says of the same device: " + what);
        }
        Incident bus = buses.get(Header.bus(device));
        if (bus != null && bus != direct) {
            bus.note("line " + line.number() + after(bus, line)
                    + " is of a function on the bus that this stream id "
                    + "would have as a requester id: " + driver + " " + device + ": " + what);
        }
    }

    private static String after(Incident incident, Line line) {
        String span = incident.first().until(line);
        return span == null ? "" : " (" + span + " after the first)";
    }

    /** What was said before about that device. */
    List<String> about(String device, Line line) {
        var all = new ArrayList<String>();
        for (Told t : told) {
            if (t.device.equals(device)) {
                all.add(t.before(line));
            }
        }
        return all;
    }

    /** What comes about that device belongs here too. */
    void watch(String device, Incident incident) {
        if (watched.size() < MOST) {
            watched.putIfAbsent(device, incident);
        }
    }

    /** Which function that would be if stream ids are requester ids: only said, never concluded from. */
    void requester(Incident incident, long sid) {
        if (sid >= 0x100 && sid <= 0xffff) {
            String bdf = Header.requester(sid);
            incident.unknown("which device has stream id 0x" + Long.toHexString(sid)
                    + ": if stream ids are requester "
                    + "ids here it is " + bdf + "; firmware may map them otherwise");
            if (buses.size() < MOST) {
                buses.putIfAbsent((int) (sid >>> 8), incident);
            }
            for (Told t : told) {
                if (Header.bus(t.device) == sid >>> 8) {
                    incident.note(t.before(incident.first()));
                }
            }
        } else {
            incident.unknown("which device has stream id 0x" + Long.toHexString(sid)
                    + ": too small or too large for a requester id that says it; ask firmware tables");
        }
    }
}
