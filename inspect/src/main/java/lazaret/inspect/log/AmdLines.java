// SPDX-License-Identifier: Apache-2.0
package lazaret.inspect.log;

import static lazaret.inspect.log.Text.hex;

/**
 * What the AMD-Vi driver prints.
 *
 * @kernel iommu_print_event
 */
final class AmdLines {
    private static final String[] FLAGS = {"GN", "NX", "US", "I", "PR", "RW", "PE", "RZ", "TR"};
    private static final int PR = 1 << 4;
    private static final int RW = 1 << 5;
    private static final int PE = 1 << 6;
    private static final long BOOTING = 60_000_000;

    private final Book book;
    private final Neighbours neighbours;
    private long waits;
    private long timeouts;
    private Line lastWait;

    AmdLines(Book book, Neighbours neighbours) {
        this.book = book;
        this.neighbours = neighbours;
    }

    boolean read(Line line) {
        String text = line.text();
        int at = text.indexOf("AMD-Vi:");
        if (at < 0) {
            return false;
        }
        String rest = text.substring(at + 7).strip();
        if (rest.startsWith("AMD-Vi:")) {
            rest = rest.substring(7).strip();
            book.of(Topic.AMD_BOOT, null, null, line).note("the prefix \"AMD-Vi: AMD-Vi:\" is doubled "
                    + "by the kernel");
        }
        Header header = Header.of(text);
        if (rest.startsWith("Event logged [")) {
            event(line, header, rest.substring("Event logged [".length()));
        } else if (rest.startsWith("IO_PAGE_FAULT: ")) {
            xen(line, rest);
        } else if (rest.contains("Completion-Wait loop timed out")) {
            completionWait(line);
        } else {
            boot(line, header, rest);
        }
        return true;
    }

    private void event(Line line, Header header, String rest) {
        String name = Text.word(rest, "");
        String said = Text.word(rest, "device=");
        String device = said != null ? Header.full(said) : header.device();
        if (name != null && name.equals("IOTLB_INV_TIMEOUT")) {
            invalidation(line, device, said, rest);
        } else if (name != null && name.startsWith("IO_PAGE_FAULT")) {
            fault(line, device, said != null && header.driver() == null, rest);
        } else if (name != null && (name.startsWith("ILLEGAL_COMMAND")
                || name.startsWith("COMMAND_HARDWARE"))) {
            book.of(Topic.AMD_FLUSH, null, null, line).saw(line, "event " + rest)
                    .verdict(Verdict.QUEUE_STOPPED, line,
                    "the IOMMU stops at a command that it cannot execute");
        } else {
            Incident incident = book.of(Topic.AMD_FAULT, null, device, line).saw(line, "event " + rest);
            incident.verdict(Verdict.SAFE, line, "the IOMMU refused something");
            incident.note("device: " + device);
        }
    }

    /** {@code IO_PAGE_FAULT: 0000:00:14.0 d0 addr fffffffdf8000000 flags 0x8 PR}. */
    private void xen(Line line, String rest) {
        String device = Header.device(rest, 0);
        Long address = hex(rest, "addr ");
        Incident incident = book.of(Topic.AMD_FAULT, null, device, line);
        incident.saw(line, "IO_PAGE_FAULT of " + device + ", guest " + Text.word(rest, device + " ") + ", "
                + Text.from(rest, rest.indexOf("flags")), "address " + (address == null ? "?"
                : hex(address)));
        incident.verdict(Verdict.SAFE, line, "the IOMMU refused the access");
    }

    private void invalidation(Line line, String device, String said, String rest) {
        timeouts++;
        Long address = hex(rest, "address=");
        Incident incident = book.of(Topic.AMD_FLUSH, null, device, line);
        incident.saw(line, "IOTLB_INV_TIMEOUT of " + device + ": the device did not answer an invalidation",
                "address " + (address == null ? "?" : hex(address)));
        incident.note("the address is that of the command in the command buffer, not of any DMA");
        incident.note(said != null && said.length() > 7 ? "BDF with domain (" + said
                + "), as newer kernels print it"
                : "BDF without domain (" + said + "), as older kernels print it");
        incident.verdict(Verdict.LOST_FLUSH_CERTAIN, line, "hardware says that an invalidation of this "
                + "device's ATC "
                + "timed out; the driver tells no caller");
        incident.unknown("whether the device has stopped using the translations since");
    }

    private void fault(Line line, String device, boolean bare, String rest) {
        Long address = hex(rest, "address=");
        Long flags = hex(rest, "flags=");
        String domain = Text.word(rest, "domain=");
        Incident incident = book.of(Topic.AMD_FAULT, null, device, line);
        String access = flags == null ? "access" : meaning(incident, flags);
        incident.saw(line, "IO_PAGE_FAULT of " + device + ", domain " + domain + ", flags 0x"
                + (flags == null ? "?" : String.format("%04x", flags)) + ": " + access,
                "address " + (address == null ? "?" : hex(address)));
        incident.verdict(Verdict.SAFE, line, "the IOMMU refused the access");
        if (bare) {
            incident.note("the form with device= comes when the driver's name is not available: the "
                    + "same device as in "
                    + "the form with a driver prefix");
        }
        if (address != null) {
            incident.address(line, address);
            if (address >>> 47 != 0 && address >>> 47 != 0x1ffff) {
                incident.note("address " + hex(address) + " is non-canonical (bits punched out): device "
                        + "or event record "
                        + "truncated it; do not treat it as a real IOVA");
            }
        }
        if (line.timed() && line.time() < BOOTING) {
            incident.note("early in boot: in-flight DMA that firmware or a crashed kernel (kdump) left "
                    + "running is one "
                    + "cause");
        }
        neighbours.about(device, incident.first()).forEach(incident::note);
        neighbours.watch(device, incident);
    }

    /** Reads flags, and says what they amount to. */
    private static String meaning(Incident incident, long flags) {
        boolean write = (flags & RW) != 0;
        boolean present = (flags & PR) != 0;
        String bits = "RW=" + (write ? 1 : 0) + " PR=" + (present ? 1 : 0) + " PE=" + ((flags & PE) != 0 ? 1
                : 0)
                + " (set: " + Text.flags(flags, FLAGS) + ")";
        String kind = write ? "write" : "read";
        if ((flags & PE) != 0) {
            incident.note("page present, " + kind + " permission error (PR=1, PE=1)");
        } else if (present) {
            incident.note("PR=1 without PE: present, refused for a reserved or other cause");
        } else {
            incident.note("PR=0: page not present; never mapped, or unmapped too early (before the "
                    + "device was done)");
        }
        return kind + ", " + bits;
    }

    private void completionWait(Line line) {
        waits++;
        Incident incident = book.of(Topic.AMD_FLUSH, null, null, line);
        incident.saw(line, "Completion-Wait loop timed out: software gave up after 100 ms");
        incident.verdict(Verdict.LOST_FLUSH_POSSIBLE, line, "COMPLETION_WAIT software time-out: the "
                + "flush returned early, "
                + "reuse of its memory is unsafe");
        lastWait = line;
    }

    private void boot(Line line, Header header, String rest) {
        Incident boot = book.of(Topic.AMD_BOOT, null, null, line);
        boolean device = header.device() != null;
        boot.saw(line, (device ? header.device() + ": " : "") + rest.replaceAll("\\s+", " "));
        Long features = hex(rest, "Extended features (0x");
        if (features != null) {
            boot.note("EFR " + hex(features) + "; the list of names that follows may be cut");
        }
        if (rest.startsWith("Lazy IO/TLB flushing")) {
            boot.note("lazy flushing: freed IOVAs are reused after one deferred flush; a lost one "
                    + "affects many buffers");
        }
        if (rest.contains("X2APIC enabled")) {
            boot.note("X2APIC enabled");
        }
        if (rest.startsWith("DEV_ALIAS")) {
            boot.note("alias: requests of " + Text.word(rest, "devid: ") + " and on count as "
                    + Text.word(rest, "devid_to: "));
        } else if (rest.startsWith("DEV_RANGE_END")) {
            boot.note("range ends at " + Text.word(rest, "devid: "));
        } else if (rest.startsWith("DEV_SPECIAL")) {
            boot.note("special " + Text.until(rest, 12, ')') + " is requester "
                    + rest.substring(rest.lastIndexOf(' ') + 1));
        } else if (rest.startsWith("DEV_SELECT_RANGE_START")) {
            boot.note("range begins at " + Text.word(rest, "devid: "));
        }
    }

    /** The line of names behind "Extended features". */
    boolean names(Line line) {
        Incident boot = book.peek(Topic.AMD_BOOT, null, null);
        boolean names = boot != null && boot.last().number() + 1 == line.number()
                && line.text().matches("[A-Z][A-Za-z0-9_ ]+") && line.text().length() < 120;
        if (names) {
            boot.saw(line, "features: " + line.text());
        }
        return names;
    }

    void end() {
        Incident incident = book.peek(Topic.AMD_FLUSH, null, null);
        if (incident == null || lastWait == null) {
            return;
        }
        if (timeouts == 0) {
            incident.note("no IOTLB_INV_TIMEOUT event at all: no device is named, not evidence of a "
                    + "device fault; the "
                    + "command buffer stopped, or a kdump kernel took it over (as with SNP)");
            incident.unknown("which device, if any: device unknown");
            if (waits >= 5) {
                incident.verdict(Verdict.QUEUE_STOPPED, lastWait,
                        "Completion-Wait storm without any event: the command "
                        + "buffer stopped");
            }
        } else {
            incident.note("COMPLETION_WAIT time-outs of software (100 ms) stand between hardware time-outs "
                    + "(IOTLB_INV_TIMEOUT): flushes return early, memory reuse unsafe");
            if (incident.first().number() < firstTimeout()) {
                incident.note("the software time-out precedes the hardware event");
            }
        }
    }

    private long firstTimeout() {
        return book.those(i -> i.topic() == Topic.AMD_FLUSH && i.device() != null).stream()
                .mapToLong(i -> i.first().number()).min().orElse(0);
    }
}
