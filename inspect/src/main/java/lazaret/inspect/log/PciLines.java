// SPDX-License-Identifier: Apache-2.0
package lazaret.inspect.log;

import static lazaret.inspect.log.Text.hex;

/**
 * What AER, DPC, EDR, hot plug, resets and vfio print.
 *
 * @kernel aer_print_error
 * @kernel dpc_process_error
 */
final class PciLines {
    private final Book book;
    private final Neighbours neighbours;
    private final Episodes episodes;
    private final PciErrors errors;

    PciLines(Book book, Neighbours neighbours, Episodes episodes) {
        this.book = book;
        this.neighbours = neighbours;
        this.episodes = episodes;
        errors = new PciErrors(episodes);
    }

    boolean read(Line line) {
        String text = line.text();
        if (text.startsWith("aer_event:") || text.startsWith("cxl_port_aer")
                || text.startsWith("pci_hp_event:")) {
            return trace(line, text);
        }
        Header header = Header.of(text);
        if (header.device() == null) {
            return loose(line, text);
        }
        String rest = body(header.rest());
        boolean read = errors.read(line, header, rest) || dpc(line, header, rest) || hotplug(line, header,
                rest)
                || recovery(line, header, rest) || reset(line, header, rest) || device(line, header, rest);
        return read || trouble(line, header, rest);
    }

    void end() {
        errors.end();
    }

    private static String body(String rest) {
        String body = rest;
        for (String label : new String[] {"AER:", "DPC:", "EDR:", "pciehp:"}) {
            if (body.startsWith(label)) {
                body = body.substring(label.length()).strip();
            }
        }
        return body;
    }

    private boolean trace(Line line, String text) {
        String device = Header.device(text, 0);
        Incident incident = episodes.of(line, device);
        if (text.startsWith("pci_hp_event:")) {
            incident.saw(line, "RAS tracepoint pci:pci_hp_event for " + device + ", slot " + Text.word(text,
                    "slot:"),
                    Text.from(text, text.indexOf("event:", 13)));
            episodes.linkDown(line, device, text.contains("Link Down"), text.contains("not present"));
        } else {
            incident.saw(line, "tracepoint: " + text);
        }
        return true;
    }

    private boolean loose(Line line, String text) {
        if (text.startsWith("Kernel panic")) {
            Incident latest = book.latest(Topic.PCI, Topic.LOCKUP, Topic.SMMU_QUEUE);
            if (latest != null) {
                latest.saw(line, text).note("ends in a panic: " + text
                        + (latest.injected() ? " (deliberate, after an injected error)" : ""));
            }
            return latest != null;
        }
        boolean frozen = text.contains("frozen state error detected")
                || text.contains("restart after slot reset");
        Incident open = frozen ? episodes.open(line) : null;
        if (open != null) {
            open.saw(line, text);
        }
        boolean controller = text.contains("link-down reset") || text.contains("Root Port reset completed");
        if (controller) {
            Incident incident = book.of(Topic.PCI, null, null, line).saw(line, text);
            incident.note("the host driver resets the root port after the link went down");
        }
        return open != null || controller;
    }

    private boolean dpc(Line line, Header header, String rest) {
        if (rest.startsWith("EDR event received") || rest.startsWith("Reported EDR dev")
                || rest.startsWith("DPC port successfully recovered")) {
            Incident incident = episodes.of(line, header.device()).saw(line, rest);
            incident.note("EDR flow: firmware reports the containment to the kernel");
            String dev = Header.device(rest, 0);
            if (dev != null) {
                episodes.mention(line, header.device(), dev);
            }
            return true;
        }
        if (rest.startsWith("Status for ")) {
            Incident incident = episodes.of(line, header.device());
            Long code = hex(rest, ": 0x");
            incident.saw(line, "EDR OST status " + (code == null ? rest : hex(code)) + (code != null
                    && code == 0x80
                    ? " success" : code != null && code == 0x81 ? " failed" : ""));
            return true;
        }
        if (!rest.startsWith("containment event")) {
            return reason(line, header, rest);
        }
        Long status = hex(rest, "status:0x");
        Incident incident = episodes.of(line, header.device());
        incident.saw(line, "DPC containment: status " + (status == null ? "?" : hex(status) + ", "
                + PciTables.dpc(status)));
        incident.verdict(Verdict.DEVICE_GONE, line, "DPC disabled the link: what is below is not "
                + "reachable until it "
                + "is released");
        source(line, header, incident, rest, status);
        if (rest.contains(": unmasked") || rest.contains(" received from")) {
            incident.note("one-line DPC format, as kernels from 6.16 on print it");
        }
        return true;
    }

    private void source(Line line, Header header, Incident incident, String rest, Long status) {
        String from = rest.contains("received from ") ? Header.device(rest, rest.indexOf("received from "))
                : null;
        Long source = hex(rest, "source:0x");
        if (from == null && source != null && status != null && PciTables.sourced(status)) {
            from = Header.domain(header.device()) + ":" + Header.requester(source);
        }
        if (from != null) {
            incident.note("the error message came from " + from);
            episodes.mention(line, header.device(), from);
        } else {
            incident.unknown("which device below the port: this reason has no source id");
        }
    }

    private boolean reason(Line line, Header header, String rest) {
        boolean dpc = rest.startsWith("unmasked uncorrectable error detected")
                || rest.startsWith("ERR_FATAL detected")
                || rest.startsWith("ERR_NONFATAL detected") || rest.startsWith("RP PIO error detected")
                || rest.startsWith("software trigger detected") || rest.startsWith("rp_pio");
        if (dpc) {
            Incident incident = episodes.of(line, header.device()).saw(line, "DPC: " + rest);
            episodes.uncorrected(line, incident);
        }
        return dpc;
    }

    private boolean hotplug(Line line, Header header, String rest) {
        int slot = rest.indexOf("Slot(");
        if (slot < 0) {
            return false;
        }
        String what = Text.from(rest, slot + 6 + Text.until(rest, slot + 5, ')').length())
                .replaceFirst("^:", "").strip();
        Incident incident = episodes.of(line, header.device());
        incident.saw(line, "hot plug " + header.device() + " slot " + Text.until(rest, slot + 5, ')')
                + ": " + what);
        if (what.startsWith("Link Down/Up ignored")) {
            episodes.ignored(line, incident);
        } else {
            episodes.linkDown(line, header.device(), what.startsWith("Link Down"),
                    what.startsWith("Card not present"));
        }
        return true;
    }

    private boolean recovery(Line line, Header header, String rest) {
        if (rest.startsWith("broadcast ")) {
            Incident incident = episodes.of(line, header.device()).saw(line, "recovery: " + rest);
            if (rest.startsWith("broadcast resume")) {
                episodes.recovered(line, incident, "recovery went through to resume");
            }
            return true;
        }
        String lower = rest.toLowerCase(java.util.Locale.ROOT);
        if (lower.contains("device recovery") || lower.contains("subordinate device reset failed")
                || lower.contains("recovering root port")) {
            Incident incident = episodes.of(line, header.device()).saw(line, rest);
            if (lower.contains("successful")) {
                episodes.recovered(line, incident, "device recovery successful");
            } else if (lower.contains("failed")) {
                episodes.failed(line, incident, header.device());
            }
            return true;
        }
        if (rest.startsWith("can't recover")) {
            Incident incident = episodes.member(line, header.device()).saw(line, header.driver() + " "
                    + header.device() + ": " + rest);
            incident.note("the driver of " + header.device() + " (" + header.driver()
                    + ") has no error_detected callback: it has no error handlers");
            episodes.helpless(incident, header.device());
            return true;
        }
        return links(line, header, rest);
    }

    private boolean links(Line line, Header header, String rest) {
        if (rest.contains("link has been reset") || rest.contains("has been reset")) {
            Incident incident = episodes.of(line, header.device()).saw(line, rest);
            Long code = Text.decimal(rest, "(-");
            incident.note(code != null ? "the reset of the link failed (-" + code + ")"
                    : "the link was reset and came back");
            return true;
        }
        if (rest.startsWith("link reset at upstream device") || rest.contains("Link Active not set")
                || rest.contains("retraining")) {
            boolean failed = rest.contains("failed");
            Incident incident = episodes.of(line, header.device()).saw(line, rest);
            if (failed) {
                incident.note(rest.contains("retraining") ? "link retraining failed" : "link reset failed");
                incident.verdict(Verdict.DEVICE_GONE, line, "the link does not come back");
            }
            return true;
        }
        return false;
    }

    private boolean reset(Line line, Header header, String rest) {
        if (rest.startsWith("not ready ")) {
            Long ms = Text.decimal(rest, "not ready ");
            String after = after(rest, "ms after ");
            Incident incident = episodes.own(line, header.device());
            incident.saw(line, header.driver() + " " + header.device() + ": not ready " + ms + " ms after "
                    + after);
            if (rest.contains("giving up")) {
                incident.verdict(Verdict.DEVICE_GONE, line, "the device never returned after " + after);
                incident.note(header.device() + " never returns after " + after + (after.equals("resume") ? ""
                        : ": " + after + " is not usable on this device"));
                if (header.driver().contains("pciback")) {
                    incident.note("under Xen pciback: the device is assigned to a guest or about to be");
                }
                incident.note("its translations are in no known state: keep it fenced, or powered off");
            }
            return true;
        }
        if (rest.startsWith("ready ") && rest.contains("ms after ")) {
            Incident incident = episodes.member(line, header.device());
            incident.saw(line, header.device() + ": " + rest);
            episodes.recovered(line, incident, header.device() + " ready after " + after(rest, "ms after "));
            return true;
        }
        if (rest.startsWith("Unable to change power state")) {
            Incident incident = episodes.own(line, header.device());
            incident.saw(line, rest).note("device inaccessible: its registers read as all ones (config "
                    + "space and MMIO)");
            incident.verdict(Verdict.DEVICE_GONE, line, "the device is inaccessible");
            return true;
        }
        return false;
    }

    private static String after(String rest, String label) {
        String tail = rest.substring(rest.indexOf(label) + label.length());
        int end = tail.indexOf(';');
        return end < 0 ? tail : tail.substring(0, end);
    }

    private boolean device(Line line, Header header, String rest) {
        if (rest.startsWith("Removing from iommu group")) {
            Incident incident = episodes.member(line, header.device());
            incident.saw(line, header.device() + " removed from iommu group " + Text.from(rest, 26));
            episodes.removed(line, header.device(), incident);
            return true;
        }
        if (rest.startsWith("Adding to iommu group")) {
            book.of(Topic.CORE, null, null, line).saw(line, header.device() + " (" + header.driver()
                    + ") joins iommu group " + Text.from(rest, 22));
            return true;
        }
        if (rest.startsWith("[") && rest.contains("] type 00 class")) {
            episodes.identify(line, header.device(), Text.until(rest, 1, ']'), rest);
            return true;
        }
        if (rest.contains("vfio_bar_restore")) {
            Incident incident = episodes.own(line, header.device()).saw(line, rest);
            incident.note("vfio restored the BARs of " + header.device()
                    + ": it was reset behind the guest's back");
            incident.verdict(Verdict.SAFE, line, "a reset empties what the device has cached; the guest "
                    + "does not know");
            incident.unknown("who reset the device, and whether its ATS was on before");
            return true;
        }
        if (header.driver().startsWith("vfio") && rest.startsWith("enabling device")) {
            book.of(Topic.DEVICE, null, header.device(), line).saw(line, rest);
            return true;
        }
        return false;
    }

    /** A driver says something bad about its device: told beside what the IOMMU says, never counted alone. */
    private boolean trouble(Line line, Header header, String rest) {
        String lower = rest.toLowerCase(java.util.Locale.ROOT);
        boolean bad = lower.contains("error") || lower.contains("timed out") || lower.contains("timeout")
                || lower.contains("reset") || lower.contains("fail") || lower.contains("err_detected")
                || lower.contains("err cqe");
        if (bad) {
            neighbours.heard(header.device(), line, header.driver(), rest);
            episodes.driver(line, header.device(), header.driver() + ": " + rest);
        }
        return bad;
    }
}
