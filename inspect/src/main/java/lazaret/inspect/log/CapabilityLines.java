// SPDX-License-Identifier: Apache-2.0
package lazaret.inspect.log;

/** The three capabilities that matter here, as lspci -vvv prints them. */
final class CapabilityLines {
    private final Book book;

    CapabilityLines(Book book) {
        this.book = book;
    }

    boolean read(Line line) {
        String text = line.text();
        if (text.startsWith("ATSCap:")) {
            Long depth = Text.hex(text, "Queue Depth: ");
            Incident at = at(line).saw(line, "ATS present, invalidate queue depth " + Text.word(text,
                    "Depth: ")
                    + (depth == null ? "" : depth == 0 ? ": 00 means 32" : " (hexadecimal) = " + depth));
            at.note("ATS present");
            return true;
        }
        if (text.startsWith("ATSCtl:")) {
            boolean on = text.contains("Enable+");
            at(line).saw(line, "ATS " + (on ? "ENABLED" : "disabled") + ", STU " + Text.word(text, "Unit: "))
                    .note(on ? "ATS is enabled: the device may hold translations" : "ATS is disabled");
            return true;
        }
        if (text.startsWith("PRICtl:")) {
            at(line).saw(line, "PRI " + (text.contains("Enable+") ? "ENABLED" : "off (disabled)"));
            return true;
        }
        if (text.startsWith("PRISta:")) {
            at(line).saw(line, "PRI status: " + text.substring(7).strip()
                    + (text.contains("Stopped+") ? " (Stopped+: no requests on their way)" : ""));
            return true;
        }
        if (text.startsWith("Page Request Capacity:")) {
            Long capacity = Text.hex(text, "Capacity: ");
            Long allocation = Text.hex(text, "Allocation: ");
            at(line).saw(line, "PRI capacity " + capacity + ", allocation " + (allocation == null ? "?"
                    : Text.hex(allocation)) + (capacity != null && capacity.equals(allocation)
                    ? " = capacity" : ""));
            return true;
        }
        if (text.startsWith("PASIDCap:")) {
            Long bits = Text.hex(text, "Width: ");
            at(line).saw(line, "PASID capable: " + (text.contains("Exec+") ? "exec " : "no exec ")
                    + (text.contains("Priv+") ? "priv" : "no priv") + ", width " + bits + " (0x"
                    + (bits == null ? "?" : Long.toHexString(bits)) + ")");
            return true;
        }
        if (text.startsWith("PASIDCtl:")) {
            at(line).saw(line, "PASID " + (text.contains("Enable+") ? "ENABLED" : "off (disabled)"));
            return true;
        }
        return text.startsWith("Capabilities: [");
    }

    private Incident at(Line line) {
        Incident incident = book.of(Topic.CAPABILITIES, null, null, line);
        incident.unknown("which function: the excerpt of lspci does not say");
        return incident;
    }
}
