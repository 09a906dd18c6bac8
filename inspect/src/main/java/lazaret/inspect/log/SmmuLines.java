// SPDX-License-Identifier: Apache-2.0
package lazaret.inspect.log;

import static lazaret.inspect.log.Text.hex;

/**
 * What the SMMUv3 driver prints, of Linux and of Xen.
 *
 * @kernel arm_smmu_gerror_handler
 */
final class SmmuLines {
    private static final String[] FEATURES = {"2_LVL_STRTAB", "2_LVL_CDTAB", "TT_LE", "TT_BE", "PRI", "ATS",
            "SEV",
        "MSI", "COHERENCY", "TRANS_S1", "TRANS_S2", "STALLS", "HYP", "STALL_FORCE", "VAX", "RANGE_INV", "BTM",
        "SVA", "E2H", "NESTING", "ATTR_TYPES_OVR", "HA", "HD", "S2FWB", "BBML2"};
    private static final int PRI = 4;
    private static final int ATS = 5;

    private final Book book;
    private final SmmuEvents events;
    private final SmmuQueues queues;

    SmmuLines(Book book, SmmuEvents events, SmmuQueues queues) {
        this.book = book;
        this.events = events;
        this.queues = queues;
    }

    /** Reads the line if it is one of these. */
    boolean read(Line line) {
        String text = line.text();
        String instance = null;
        String rest = text;
        if (text.startsWith("arm-smmu-v3") || text.startsWith("SMMUv3:")) {
            int blank = text.indexOf(' ');
            int colon = text.indexOf(": ", text.startsWith("SMMUv3:") ? blank : 0);
            if (colon < 0 && text.endsWith(":")) {
                colon = text.length() - 1;
            }
            if (colon < 0 || blank < 0) {
                return false;
            }
            instance = colon > blank ? text.substring(blank + 1, colon) : null;
            rest = text.substring(Math.min(text.length(), colon + 1)).strip();
        } else if (!text.startsWith("CMDQ error (cons") && !text.startsWith("CMD_SYNC timeout at")
                && !text.startsWith("unexpected global error")) {
            return bare(line);
        }
        return event(line, instance, rest) || queues.read(line, instance, rest) || boot(line, instance, rest)
                || other(line, instance, rest);
    }

    /** Words without a prefix that continue a record, and what a reproducer prints. */
    private boolean bare(Line line) {
        if (line.text().contains("atc_write: ATC_INV ret=0")) {
            queues.returnedOk(line);
            return true;
        }
        return false;
    }

    private boolean event(Line line, String instance, String rest) {
        if (rest.startsWith("event 0x") && rest.contains("received")) {
            Long id = hex(rest, "event 0x");
            events.head(line, instance, id == null ? 0 : id.intValue());
            return true;
        }
        if (rest.startsWith("event: ")) {
            events.text(line, instance, rest);
            return true;
        }
        if (rest.startsWith("unpriv ") || rest.startsWith("priv ")) {
            return events.tail(line, instance, rest);
        }
        if (rest.startsWith("sid 0x") && rest.contains("access at iova")) {
            queues.request(line, instance, rest);
            return true;
        }
        if (rest.startsWith("0x")) {
            return queues.word(line, instance, rest) || events.word(line, instance, rest);
        }
        return false;
    }

    private boolean boot(Line line, String instance, String rest) {
        if (rest.contains("(features 0x")) {
            features(line, instance, rest);
            return true;
        }
        if (rest.startsWith("allocated ") && rest.contains(" entries for ")) {
            Long entries = Text.decimal(rest, "allocated ");
            String queue = Text.word(rest, " entries for ");
            if (entries != null && queue != null) {
                boot(line, instance).saw(line, queue + " " + entries + " entries" + power(entries));
                queues.size(instance, queue, entries);
            }
            return true;
        }
        if (rest.startsWith("option mask")) {
            boot(line, instance).saw(line, rest);
            return true;
        }
        if (rest.startsWith("SMMU currently enabled! Resetting")) {
            boot(line, instance).saw(line, "SMMU currently enabled, is being reset")
                    .note("firmware left the SMMU on: the kernel found it enabled and resets it");
            return true;
        }
        return false;
    }

    private static String power(long entries) {
        return Long.bitCount(entries) == 1 ? " (2^" + Long.numberOfTrailingZeros(entries) + ")" : "";
    }

    private Incident boot(Line line, String instance) {
        Incident boot = book.of(Topic.SMMU_BOOT, instance, null, line);
        if (instance == null) {
            boot.unknown("which SMMU: the device prefix is missing from these lines");
        }
        return boot;
    }

    private void features(Line line, String instance, String rest) {
        Long bits = hex(rest, "(features 0x");
        if (bits == null) {
            return;
        }
        String sizes = rest.substring(0, rest.indexOf("(features")).strip();
        boolean ats = (bits >>> ATS & 1) != 0;
        boolean pri = (bits >>> PRI & 1) != 0;
        Incident boot = boot(line, instance).saw(line, sizes + ", features 0x" + String.format("%08x", bits)
                + ": ATS="
                + (ats ? 1 : 0) + " PRI=" + (pri ? 1 : 0) + "; set: " + named(bits));
        boot.note("the bits of \"features\" are internal to the kernel and differ between versions; "
                + "names as of 6.x");
        boot.note(ats ? "ATS=1: devices behind this SMMU may hold translations, and a flush needs their "
                + "answer"
                : "ATS=0: no device behind this SMMU can hold translations");
        queues.pri(instance, pri);
    }

    private static String named(long bits) {
        var said = new StringBuilder();
        for (int bit = 0; bit < Long.SIZE; bit++) {
            if ((bits >>> bit & 1) != 0) {
                String name = bit < FEATURES.length ? FEATURES[bit] : "unknown";
                said.append(said.isEmpty() ? "" : " ").append(name).append("=1(bit ").append(bit).append(')');
            }
        }
        return said.toString();
    }

    private boolean other(Line line, String instance, String rest) {
        if (rest.startsWith("failed to allocate queue")) {
            String queue = Text.word(rest, " for ");
            boot(line, instance).saw(line, rest).note("allocation of " + queue + " failed"
                    + (queue != null && queue.startsWith("vcmdq")
                    ? ": the driver falls back to the standard CMDQ" : ""));
            return true;
        }
        if (rest.contains("unsupported") && rest.contains("TT endianness")) {
            boot(line, instance).saw(line, rest).note("probe failure: IDR0.TTENDIAN was read as a "
                    + "reserved code; "
                    + "a wrong MMIO read path shows the same, so it need not be the SMMU")
                    .unknown("whether the register or the read of it is wrong");
            return true;
        }
        if (rest.contains("Aliasing StreamID")) {
            boot(line, instance).saw(line, rest).note("two functions share one stream id: lines that "
                    + "name a client "
                    + "may name the wrong one");
            return true;
        }
        Incident boot = boot(line, instance).saw(line, rest);
        boolean trouble = rest.contains("fail") || rest.contains("unsupported")
                || rest.contains("not responding")
                || rest.contains("unknown") || rest.contains("broken") || rest.contains("absent");
        if (trouble) {
            boot.note("a message of probe or set-up: " + rest);
        }
        return true;
    }
}
