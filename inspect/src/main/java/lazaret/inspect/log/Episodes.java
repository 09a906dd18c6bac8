// SPDX-License-Identifier: Apache-2.0
package lazaret.inspect.log;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What belongs together of the lines about PCI: those of one port, and those of devices that its lines name.
 * A device that nobody names has an incident of its own.
 */
final class Episodes {
    private static final long NEAR_LINES = 60;
    private static final long NEAR_US = 30_000_000;
    private static final Map<String, String> KNOWN = Map.of(
            "14c3:0616", "MediaTek MT7922: known for an FLR that it does not return from");

    /** After one of these a device whose recovery fails is taken for gone. */
    private static final List<String> GRAVE = List.of("uncorrectable fatal", "(Fatal)", "Link Down",
            "Surprise Down",
            "(-", "subordinate device reset failed", "giving up");

    private final Book book;
    private final Neighbours neighbours;
    private final Map<String, Incident> members = new LinkedHashMap<>();
    private final Map<Incident, Set<String>> helpless = new LinkedHashMap<>();
    private final Map<String, String> identities = new LinkedHashMap<>();
    private final Set<String> reporters = new LinkedHashSet<>();
    private Incident current;
    private Line down;
    private String downAt;
    private boolean absent;

    Episodes(Book book, Neighbours neighbours) {
        this.book = book;
        this.neighbours = neighbours;
    }

    /** The incident of a port, or of a device that speaks for itself. */
    Incident of(Line line, String device) {
        Incident member = members.get(device);
        current = member != null && near(member, line) ? member : book.of(Topic.PCI, null, device, line);
        return current;
    }

    /** The incident that has named the device; else its own. */
    Incident member(Line line, String device) {
        Incident member = members.get(device);
        if (member != null && near(member, line)) {
            return member;
        }
        return of(line, device);
    }

    Incident own(Line line, String device) {
        Incident own = book.of(Topic.PCI, null, device, line);
        String identity = identities.get(device);
        if (identity != null) {
            own.note(identity);
        }
        neighbours.about(device, own.first()).forEach(own::note);
        return own;
    }

    /** The incident that is still going on, or null. */
    Incident open(Line line) {
        return current != null && near(current, line) ? current : null;
    }

    private static boolean near(Incident incident, Line line) {
        Line last = incident.last();
        boolean late = last.timed() && line.timed() && Math.abs(line.time() - last.time()) > NEAR_US;
        return !late && line.number() - last.number() <= NEAR_LINES;
    }

    /** A line about {@code port} names {@code device}: what that one says belongs there. */
    void mention(Line line, String port, String device) {
        if (members.size() < 4096) {
            members.put(device, of(line, port));
        }
        sameCard(device, line);
        reporters.add(device);
    }

    /** The same bus and slot in two domains, both with errors: perhaps one card with two ports. */
    private void sameCard(String device, Line line) {
        for (String other : reporters.stream().limit(64).toList()) {
            boolean alike = other.length() > 9 && !Header.domain(other).equals(Header.domain(device))
                    && other.substring(other.indexOf(':'), other.indexOf('.'))
                            .equals(device.substring(device.indexOf(':'), device.indexOf('.')));
            if (alike) {
                current.note(other + " and " + device + " report errors and have the same bus and slot "
                        + "in two PCIe "
                        + "domains: perhaps two functions of one physical card behind two root ports; "
                        + "containment of one "
                        + "function is then not enough");
            }
        }
    }

    void identify(Line line, String device, String ids, String rest) {
        if (identities.size() < 1024) {
            String known = KNOWN.get(ids);
            identities.put(device, device + " is [" + ids + "]" + (known == null ? "" : " " + known)
                    + ", class "
                    + Text.word(rest, "class "));
        }
    }

    void uncorrected(Line line, Incident incident) {
        if (!incident.injected()) {
            incident.verdict(Verdict.SAFE, line, "an uncorrectable error; no line says that a flush was "
                    + "lost");
            incident.unknown("whether a flush to a device behind this port timed out, and whether its "
                    + "ATS is on");
        }
    }

    void surprise(Line line, Incident incident) {
        incident.note("Surprise Down: the link went down without notice");
        if (!incident.injected()) {
            incident.verdict(Verdict.DEVICE_GONE, line, "Surprise Down: the device fell off the bus");
        }
    }

    void recovered(Line line, Incident incident, String what) {
        incident.note("recovered: " + what);
        incident.calm(Verdict.SAFE, line, "recovered: " + what);
    }

    void failed(Line line, Incident incident, String port) {
        incident.note("device recovery failed");
        boolean gone = incident.verdict() == Verdict.DEVICE_GONE || incident.seen().keySet().stream()
                .anyMatch(s ->
                GRAVE.stream().anyMatch(s::contains));
        if (!gone) {
            incident.verdict(Verdict.SAFE, line, "recovery failed after an error that was not fatal");
            incident.unknown("whether the device still answers: its recovery failed");
            return;
        }
        incident.verdict(Verdict.DEVICE_GONE, line, "recovery failed");
        helpless.forEach((own, devices) -> {
            boolean same = port == null || devices.stream().anyMatch(d -> Header.domain(d)
                    .equals(Header.domain(port)));
            if (same && near(own, line)) {
                for (String device : devices) {
                    String text = "recovery failed: any ATS flush to " + device
                            + " will time out from here on, if its "
                            + "ATS is on";
                    own.note(text);
                    incident.note(text);
                    own.verdict(Verdict.DEVICE_GONE, line, "the recovery of its port failed");
                }
            }
        });
    }

    void helpless(Incident incident, String device) {
        if (helpless.size() < 256) {
            helpless.computeIfAbsent(incident, _ -> new LinkedHashSet<>()).add(device);
        }
    }

    void linkDown(Line line, String port, boolean down, boolean absent) {
        if (down) {
            boolean corrected = current.seen().keySet().stream().anyMatch(s ->
                    s.contains("severity=Correct"));
            String later = current.first().until(line);
            if (corrected && later != null) {
                current.note("a corrected error " + later + " before Link Down");
            }
            this.down = line;
            downAt = port;
            this.absent = false;
            current.note("Link Down at " + port);
            current.verdict(Verdict.DEVICE_GONE, line, "the link of " + port + " went down");
        }
        if (absent) {
            this.absent = true;
            current.note("Card not present");
            current.verdict(Verdict.DEVICE_GONE, line, "there is no card behind " + port + " any more");
        }
    }

    void ignored(Line line, Incident incident) {
        incident.note("Link Down/Up ignored: expected, after a reset that somebody asked for "
                + "(reset_subordinate) or DPC; "
                + "not a fault");
        if (incident.verdict() == Verdict.DEVICE_GONE) {
            incident.calm(Verdict.BENIGN, line, "the link went down on purpose and the kernel ignored it");
        }
        down = null;
    }

    void removed(Line line, String device, Incident incident) {
        if (down != null) {
            incident.note(device + " is removed " + (down.until(line) == null ? "" : down.until(line) + " ")
                    + "after Link Down at " + downAt);
            incident.verdict(Verdict.DEVICE_GONE, line, device + " was removed after its link went down");
            Incident port = book.peek(Topic.PCI, null, downAt);
            if (port != null && port != incident) {
                port.note(device + " is removed after it");
            }
        }
    }

    /** A driver complains while something is going on at its device. */
    void driver(Line line, String device, String what) {
        Incident member = members.get(device);
        Incident own = member != null ? member : book.peek(Topic.PCI, null, device);
        if (own != null && near(own, line)) {
            own.saw(line, device + " " + what);
        } else {
            Incident open = open(line);
            if (open != null && open.device() != null && Header.domain(open.device())
                    .equals(Header.domain(device))) {
                open.note("line " + line.number() + " beside it, of " + device + ": " + what
                        + " (the log does not say that it is behind " + open.device() + ")");
            }
        }
    }

    /** The last link that went down, or null. */
    Line lastDown() {
        return down;
    }

    String lastDownAt() {
        return downAt;
    }

    void end() {
        for (Incident incident : book.those(i -> i.topic() == Topic.PCI)) {
            List<String> said = new ArrayList<>(incident.seen().keySet());
            boolean corrected = said.stream().anyMatch(s -> s.contains("severity=Correct")
                    || s.contains("corrected error"));
            boolean down = incident.notes().stream().anyMatch(n -> n.startsWith("Link Down at"));
            boolean errors = said.stream().anyMatch(s -> s.contains("status 0x")
                    || s.contains("error message"));
            if (corrected && incident.verdict() == Verdict.BENIGN && incident.count() >= 8) {
                incident.note("a flood of corrected errors: quality signal only, must not trigger "
                        + "containment");
            }
            boolean removed = incident.notes().stream().anyMatch(n -> n.endsWith("is removed after it"));
            if (down && !errors) {
                incident.note("Link Down" + (removed ? " then removal" : "")
                        + ", no error lines of AER or DPC");
            } else if (down) {
                incident.note("order of events: " + order(incident));
            }
            boolean back = said.stream().anyMatch(s -> s.contains("has been reset") && !s.contains("(-"));
            if (back && incident.verdict() == Verdict.DEVICE_GONE) {
                incident.note("recovery failed although the link came back");
            }
            if (incident.notes().stream().anyMatch(n -> n.startsWith("known pattern"))
                    && said.stream().noneMatch(s -> s.contains("SDES") || s.contains("Link Down"))) {
                incident.calm(Verdict.SAFE, incident.first(), "a known pattern that does not concern memory");
            }
            exhausted(incident, said);
        }
    }

    private void exhausted(Incident incident, List<String> said) {
        boolean gaveUp = said.stream().anyMatch(s -> s.contains("not ready") && s.contains("bus reset"));
        boolean failed = book.those(i -> i.topic() == Topic.PCI).stream().flatMap(i -> i.seen().keySet()
                .stream())
                .anyMatch(s -> s.contains("subordinate device reset failed"));
        if (gaveUp) {
            incident.note("secondary bus reset failed" + (failed ? " too, and so did recovery" : "")
                    + ": escalation exhausted; what is left is power");
        }
    }

    private static String order(Incident incident) {
        var text = new StringBuilder();
        Line before = null;
        for (var entry : incident.seen().entrySet().stream().limit(12).toList()) {
            Line line = entry.getValue().first();
            String later = before == null ? null : before.until(line);
            text.append(text.isEmpty() ? "" : "; ").append(entry.getKey().split("[,(]")[0].strip())
                    .append(later == null ? "" : " (+" + later + ")");
            before = line;
        }
        return text.toString();
    }
}
