// SPDX-License-Identifier: Apache-2.0
package lazaret.inspect.log;

import static lazaret.inspect.log.Text.hex;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What the VT-d driver prints ({@code DMAR:}, {@code dmar_fault:}, {@code DMAR-IR:}).
 *
 * @kernel dmar_fault
 * @kernel qi_dump_fault
 */
final class VtdLines {
    private static final long ALL_ONES = 0xffff_ffffL;
    /** IQE, ICE and ITE. */
    private static final long QUEUE_ERRORS = 0x70;

    private final Book book;
    private final Neighbours neighbours;
    private final Set<String> withDeviceTlb = new LinkedHashSet<>();
    private final Set<String> without = new LinkedHashSet<>();
    private Line completionError;
    private final List<Consumer<Incident>> pending = new ArrayList<>();
    private Line pendingLine;
    private int regions;

    VtdLines(Book book, Neighbours neighbours) {
        this.book = book;
        this.neighbours = neighbours;
    }

    boolean read(Line line) {
        String text = line.text().startsWith("[VT-D]") ? line.text().substring(6).strip() : line.text();
        if (text.startsWith("dmar_fault:") && text.contains("callbacks suppressed")) {
            Long n = Text.decimal(text, "dmar_fault: ");
            pending(line, n + " callbacks suppressed by the rate limit",
                    "rate limiting: all counts are lower bounds",
                    n == null ? 0 : n);
            return true;
        }
        if (!text.startsWith("DMAR") && !text.startsWith("dmar: ")) {
            return false;
        }
        String rest = text.substring(text.indexOf(':') + 1).strip();
        return fault(line, rest) || split(line, rest) || status(line, rest) || queue(line, rest)
                || boot(line, rest)
                || software(line, rest) || dump(line, rest) || interrupts(line, text, rest);
    }

    private Incident faults(Line line) {
        return book.of(Topic.VTD_FAULT, null, null, line);
    }

    /** A line about faults that belongs to the device that the next line names, or to none. */
    private void pending(Line line, String what, String note, long suppressed) {
        pending.add(incident -> {
            incident.saw(line, what);
            incident.suppressed(suppressed);
            if (note != null) {
                incident.note(note);
            }
        });
        pendingLine = line;
        if (pending.size() > 8) {
            settle(faults(line));
        }
    }

    private void settle(Incident incident) {
        pending.forEach(p -> p.accept(incident));
        pending.clear();
    }

    private boolean status(Line line, String rest) {
        Long status = hex(rest, "handling fault status reg ");
        if (status == null) {
            return false;
        }
        if (status == ALL_ONES) {
            Incident incident = faults(line);
            incident.saw(line, "FSTS reads as all ones: the register did not answer (IOMMU or its power "
                    + "gone); that is "
                    + "not three errors at once");
            incident.verdict(Verdict.QUEUE_STOPPED, line, "registers of the IOMMU read as all ones");
            incident.unknown("whether any error bit was really set");
            return true;
        }
        if ((status & QUEUE_ERRORS) != 0) {
            book.of(Topic.VTD_QUEUE, null, null, line).saw(line, "FSTS " + Long.toHexString(status) + " = "
                    + VtdTables.status(status)).verdict(Verdict.LOST_FLUSH_POSSIBLE, line,
                    "the invalidation queue has an error");
            return true;
        }
        pending(line, "FSTS " + Long.toHexString(status) + " = " + VtdTables.status(status)
                + ", fault record index " + (status >>> 8 & 0xff) + " (bits [15:8])", (status & 1) != 0
                ? "PFO: fault recording overflowed, counts are lower bounds" : null, 0);
        return true;
    }

    private boolean fault(Line line, String rest) {
        int device = rest.indexOf("equest device [");
        if (!rest.startsWith("[") || device < 0) {
            return false;
        }
        String kind = Text.until(rest, 1, ']');
        int open = rest.indexOf('[', device);
        int close = rest.indexOf(']', open);
        String bdf = open < 0 || close < 0 ? null : bdf(rest.substring(open + 1, close));
        Incident incident = book.of(Topic.VTD_FAULT, null, bdf, line);
        if (bdf == null) {
            incident.unknown("which device: the line is damaged where it names it");
        }
        settle(incident);
        incident.verdict(Verdict.SAFE, line, "the IOMMU refused the access");
        String reason = VtdTables.reason(rest, kind.contains("INTR"));
        Long index = hex(rest, "fault index ");
        Long address = hex(rest, "fault addr ");
        if (kind.contains("INTR")) {
            incident.saw(line, "interrupt remapping fault of " + bdf + ", " + reason, "index "
                    + (index == null ? "?"
                    : hex(index)));
            interrupt(incident, bdf);
        } else {
            incident.saw(line, "DMA " + (kind.contains("Write") ? "write" : "read") + " fault of " + bdf
                    + ", "
                    + pasid(kind, rest) + ", " + reason, "address " + (address == null ? "?" : hex(address)));
            incident.again((kind.contains("Write") ? "write of " : "read of ") + (address == null ? "?"
                    : hex(address)),
                    line);
            incident.address(line, address == null ? 0 : address);
        }
        if (rest.endsWith("$")) {
            incident.note("the line is truncated, as by a pager: \"" + rest.substring(rest.lastIndexOf(' ')
                    + 1)
                    + "\"");
        }
        function(incident, bdf);
        return true;
    }

    /** Very old kernels print the reason on a line of its own. */
    private boolean split(Line line, String rest) {
        Incident fault = rest.startsWith("[fault reason ") || rest.startsWith("reason ")
                ? book.latest(Topic.VTD_FAULT) : null;
        if (fault != null) {
            fault.saw(line, rest.startsWith("reason ") ? rest : VtdTables.reason(rest, false));
        }
        return fault != null;
    }

    private static void interrupt(Incident incident, String bdf) {
        boolean ioapic = bdf != null && Integer.parseInt(bdf.substring(5, 7), 16) >= 0xf0;
        incident.note(ioapic ? bdf + " is the requester of an IOAPIC or HPET, not a PCI function that "
                + "lspci shows"
                : "the source of an interrupt message, not of DMA");
    }

    private static void function(Incident incident, String bdf) {
        if (bdf != null && bdf.charAt(bdf.length() - 1) >= '4') {
            incident.unknown("whether function " + bdf + " exists: it may be a ghost function, a "
                    + "requester id that "
                    + "another function of the device uses");
        }
    }

    private static String pasid(String kind, String rest) {
        String pasid = Text.word(rest, "PASID ");
        boolean none = kind.contains("NO_PASID") || pasid == null || "ffffffff".equals(pasid)
                || "0xffffffff".equals(pasid);
        String old = "ffffffff".equals(pasid) ? " (PASID ffffffff means no PASID)" : "";
        return none ? "no PASID" + old : "PASID " + pasid;
    }

    /** {@code 00:02.0}, {@code 0xe2:0x00.0}. */
    private static String bdf(String said) {
        String plain = said.replace("0x", "");
        if (Header.bdfEnd(plain, 0) == plain.length()) {
            return Header.full(plain);
        }
        int colon = plain.indexOf(':');
        int dot = plain.indexOf('.');
        if (colon < 1 || dot < colon) {
            return null;
        }
        String full = Header.full(two(plain.substring(0, colon)) + ":" + two(plain.substring(colon + 1, dot))
                + plain.substring(dot));
        return Header.bdfEnd(full, 0) == full.length() ? full : null;
    }

    private static String two(String digits) {
        return digits.length() == 1 ? "0" + digits : digits;
    }

    private boolean queue(Line line, String rest) {
        if (rest.startsWith("VT-d detected Invalidation")) {
            invalidation(line, rest);
            return true;
        }
        if (rest.startsWith("QI HEAD:") || rest.startsWith("QI PRIOR:")) {
            boolean head = rest.startsWith("QI HEAD");
            book.of(Topic.VTD_QUEUE, null, null, line).saw(line, (head ? "HEAD" : "PRIOR") + " descriptor: "
                    + VtdTables.descriptor(rest));
            return true;
        }
        if (rest.startsWith("Invalidation ") && rest.endsWith("cleared")) {
            book.of(Topic.VTD_QUEUE, null, null, line).saw(line, rest).verdict(Verdict.LOST_FLUSH_POSSIBLE,
                    line,
                    "the invalidation queue had an error");
            return true;
        }
        return false;
    }

    private void invalidation(Line line, String rest) {
        Incident incident = book.of(Topic.VTD_QUEUE, null, null, line);
        Long sid = hex(rest, "SID ");
        Long reason = hex(rest, "Reason ");
        if (sid != null && sid == 0xffff || reason != null && (reason & 0xf) == 0xf) {
            allOnes(line, incident, rest);
            return;
        }
        String named = sid == null || sid == 0 ? "SID 0" : "SID " + hex(sid) + " = " + Header.requester(sid);
        if (rest.contains("Time-out")) {
            incident.saw(line, "ITE: invalidation time-out error, " + named);
            incident.verdict(Verdict.LOST_FLUSH_POSSIBLE, line,
                    "a device-TLB invalidation was not answered; all waits "
                    + "that were pending are aborted, and the kernel tries again or gives up");
            incident.note("one ITE aborts every pending wait, also those of innocent submitters");
            if (completionError != null && completionError.until(line) != null) {
                incident.note("ICE, then ITE " + completionError.until(line) + " later");
            }
        } else if (rest.contains("Completion")) {
            incident.saw(line, "ICE: invalidation completion error, " + named);
            incident.verdict(Verdict.LOST_FLUSH_POSSIBLE, line,
                    "an invalidation completion came that nobody awaited");
            completionError = line;
        } else {
            incident.saw(line, "IQE: invalidation queue error: " + rest);
            incident.verdict(Verdict.QUEUE_STOPPED, line, "the queue stopped at a descriptor it does "
                    + "not accept");
        }
        source(incident, sid);
    }

    /** Three errors at once, each with a field that is all ones: nobody answered the read. */
    private static void allOnes(Line line, Incident incident, String rest) {
        incident.saw(line, rest);
        incident.note("all-ones registers look like three errors at once (IQE, ITE and ICE): the read "
                + "was not answered; "
                + "the IOMMU, or the way to it, is gone");
        incident.verdict(Verdict.QUEUE_STOPPED, line, "registers of the IOMMU read as all ones");
        incident.unknown("which device, and whether any of these errors happened: SID ffff is no device");
    }

    private static void source(Incident incident, Long sid) {
        if (sid == null || sid == 0) {
            incident.unknown("which device: SID 0 means that the source-id was not recorded (or "
                    + "00:00.0); device "
                    + "00:00.0 is not blamed");
        } else {
            incident.note("source-id " + hex(sid) + " is requester " + Header.requester(sid)
                    + ": the device whose answer is missing, as the IOMMU recorded it");
        }
    }

    private boolean boot(Line line, String rest) {
        if (rest.startsWith("dmar") && rest.contains("reg_base_addr")) {
            unit(line, rest);
            return true;
        }
        Incident boot = null;
        if (rest.startsWith("DRHD base") || rest.startsWith("Host address width")
                || rest.startsWith("IOMMU enabled")) {
            boot = book.of(Topic.VTD_BOOT, null, null, line).saw(line, rest);
            if ("0x1".equals(Text.word(rest, "flags: ")) && rest.startsWith("DRHD")) {
                boot.note(rest + ": INCLUDE_PCI_ALL, this unit has all devices that no other unit names");
            }
        } else if (rest.startsWith("Enable scalable mode")) {
            boot = book.of(Topic.VTD_BOOT, null, null, line).saw(line, "scalable mode requested: " + rest);
        } else if (rest.startsWith("SATC flags")) {
            Long flags = hex(rest, "flags: ");
            boot = book.of(Topic.VTD_BOOT, null, null, line).saw(line, rest);
            boot.note("SATC flags " + rest.substring(rest.indexOf(':') + 1).strip() + (flags != null
                    && (flags & 1) != 0
                    ? ": \"ATC required\", a list of integrated devices that need ATS to work" : ""));
        } else if (rest.startsWith("RMRR base")) {
            regions++;
            boot = book.of(Topic.VTD_BOOT, null, null, line).saw(line,
                    "RMRR: memory that a device may always reach",
                    rest);
        }
        return boot != null;
    }

    private void unit(Line line, String rest) {
        String name = Text.word(rest, "").replace(":", "");
        Long cap = hex(rest, " cap ");
        Long ecap = hex(rest, "ecap ");
        Incident boot = book.of(Topic.VTD_BOOT, null, null, line);
        if (ecap == null) {
            boot.saw(line, rest);
            return;
        }
        boolean dt = (ecap & 4) != 0;
        (dt ? withDeviceTlb : without).add(name);
        boot.saw(line, name + " ver " + Text.word(rest, "ver ") + ", cap " + Long.toHexString(cap == null
                ? 0 : cap)
                + ", ecap " + Long.toHexString(ecap) + ": DT=" + (dt ? 1 : 0) + " (bit 2, device-TLBs"
                + (dt ? "" : ": no ATS behind it") + "); " + VtdTables.ecap(ecap));
    }

    private boolean dump(Line line, String rest) {
        boolean entry = rest.contains("entry: hi 0x");
        if (!entry && !rest.startsWith("Dump dmar")) {
            return false;
        }
        Incident latest = book.latest(Topic.VTD_FAULT);
        Incident incident = latest == null ? faults(line) : latest;
        if (entry) {
            Long low = hex(rest, "low 0x");
            String what = rest.substring(0, rest.indexOf(':'));
            incident.saw(line, "dump: " + rest);
            incident.note(what + " low " + (low == null ? "?" : hex(low)) + ": present=" + (low == null
                    ? "?" : low & 1));
        } else {
            incident.saw(line, rest);
        }
        return true;
    }

    private boolean software(Line line, String rest) {
        if (rest.contains("DMA PTE for vPFN")) {
            String old = Text.word(rest, "already set (to ");
            String now = Text.word(rest, " not ");
            Incident incident = book.of(Topic.VTD_SOFTWARE, null, null, line);
            incident.saw(line, "page-table entry already set", Text.word(rest, "vPFN ") + " had " + old);
            incident.verdict(Verdict.SAFE, line, "a software mapping bug, not a hardware fault");
            incident.note(old != null && old.equals(now) ? "overwritten with the same value: a software "
                    + "mapping bug "
                    + "(mapped twice, or unmapped without clearing), not a hardware fault"
                    : "overwritten with another value: two mappings of one IOVA; a software mapping bug");
            return true;
        }
        if (rest.contains("Firmware Bug")) {
            Incident incident = book.of(Topic.VTD_BOOT, null, null, line).saw(line, rest);
            int open = rest.lastIndexOf('[');
            if (rest.contains("RMRR") && open > 0) {
                incident.note("firmware bug: RMRR " + range(Text.until(rest, open + 1, ']'))
                        + " is not reserved; the device keeps its identity DMA range there");
            }
            return true;
        }
        return false;
    }

    private static String range(String said) {
        return said.replaceAll("0x0+(?=[0-9a-f])", "0x");
    }

    private boolean interrupts(Line line, String text, String rest) {
        if (text.startsWith("DMAR-IR") || rest.startsWith("Queued invalidation")) {
            book.of(Topic.VTD_BOOT, null, null, line).saw(line, rest);
            return true;
        }
        return false;
    }

    void end() {
        if (!pending.isEmpty()) {
            Incident before = book.latest(Topic.VTD_FAULT);
            settle(before == null ? faults(pendingLine) : before);
        }
        Incident boot = book.peek(Topic.VTD_BOOT, null, null);
        if (boot != null && !withDeviceTlb.isEmpty() && !without.isEmpty()) {
            boot.note("ATS is possible only behind " + String.join(", ", withDeviceTlb) + "; not behind "
                    + String.join(", ", without));
        }
        if (boot != null && regions > 0) {
            boot.note(regions + " RMRRs: DMA to those ranges is never blocked");
        }
        Incident queue = book.peek(Topic.VTD_QUEUE, null, null);
        if (queue != null) {
            queue.note("the kernel's loop in qi_submit_sync repeats such requests; where the device "
                    + "never answers it "
                    + "repeats until the device or the machine is switched off");
        }
    }
}
