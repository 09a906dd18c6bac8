// SPDX-License-Identifier: Apache-2.0
package lazaret.inspect.log;

import java.util.Map;

/** Numbers of VT-d and what they are called. */
final class VtdTables {
    private static final String[] STATUS = {"PFO", "PPF", "AFO", "APF", "IQE", "ICE", "ITE", "PRO"};
    private static final Map<Integer, String> DMA = Map.ofEntries(
            Map.entry(1, "present bit in root entry is clear"), Map.entry(2,
            "present bit in context entry is clear"),
            Map.entry(3, "invalid context entry"), Map.entry(4, "access beyond MGAW"),
            Map.entry(5, "PTE write access is not set"), Map.entry(6, "PTE read access is not set"),
            Map.entry(7, "next page table pointer is invalid"), Map.entry(8, "root table address invalid"),
            Map.entry(9, "context table pointer invalid"), Map.entry(10, "reserved bits in root entry"),
            Map.entry(11, "reserved bits in context entry"), Map.entry(12, "reserved bits in PTE"),
            Map.entry(13, "translation requests or translated requests are blocked"),
            Map.entry(0x50, "scalable mode: present bit in PASID directory entry is clear"),
            Map.entry(0x58, "scalable mode: PASID table access"),
            Map.entry(0x59, "scalable mode: present bit in PASID table entry is clear"),
            Map.entry(0x71, "scalable mode: present bit in first-level paging entry is clear"),
            Map.entry(0x81, "scalable mode: first-level entry lacks write permission"));
    private static final Map<Integer, String> INTERRUPT = Map.of(
            0x20, "reserved fields set in the interrupt request", 0x21,
            "interrupt index exceeds the remapping table",
            0x22, "present bit in the IRTE is clear", 0x23, "interrupt remapping table could not be read",
            0x24, "reserved fields set in the IRTE", 0x25, "blocked a compatibility format interrupt request",
            0x26, "source-id verification failure");
    private static final String[] TYPES = {"unknown", "context-cache", "IOTLB", "device-TLB",
            "interrupt-entry cache",
        "wait", "PASID-based IOTLB", "PASID-cache", "PASID-based device-TLB", "page group response"};

    private VtdTables() { }

    static String status(long fsts) {
        return Text.flags(fsts & 0xff, STATUS).replace(' ', '|');
    }

    /**
     * The reason of a fault. Kernels before 5.13 print it in decimal without 0x, later ones in hexadecimal.
     */
    static String reason(String rest, boolean interrupt) {
        String said = Text.word(rest, "[fault reason ");
        if (said == null) {
            return "reason not said";
        }
        boolean hex = said.startsWith("0x");
        int code;
        try {
            code = Integer.parseInt(hex ? said.substring(2) : said, hex ? 16 : 10);
        } catch (NumberFormatException _) {
            return "reason " + said;
        }
        String name = (interrupt ? INTERRUPT : DMA).get(code);
        String form = hex ? "reason " + said : "reason " + said + " (decimal, as older kernels print) = 0x"
                + String.format("%02x", code);
        return form + (name == null ? "" : " " + name);
    }

    /** The features of ECAP that matter for translations held by devices. */
    static String ecap(long ecap) {
        return "QI=" + bit(ecap, 1) + " IR=" + bit(ecap, 3) + " PT=" + bit(ecap, 6) + " SC=" + bit(ecap, 7)
                + " NEST="
                + bit(ecap, 26) + " PRS=" + bit(ecap, 29) + " PASID=" + bit(ecap, 40) + " PDS=" + bit(ecap,
                42)
                + " SMTS=" + bit(ecap, 43) + " SLTS=" + bit(ecap, 46) + " FLTS=" + bit(ecap, 47);
    }

    private static int bit(long word, int n) {
        return (int) (word >>> n & 1);
    }

    /** {@code Invalidation Wait qw0 = 0x200000025, qw1 = 0x185f6729c4}. */
    static String descriptor(String rest) {
        Long qw0 = Text.hex(rest, "qw0 = 0x");
        Long qw1 = Text.hex(rest, "qw1 = 0x");
        if (qw0 == null) {
            return rest;
        }
        int type = (int) (qw0 & 0xf | qw0 >>> 5 & 0x70);
        String name = type < TYPES.length ? TYPES[type] : "unknown";
        String text = "type " + type + " " + name + ", qw0 " + Text.hex(qw0);
        if (type == 5) {
            text += ": interrupt flag " + bit(qw0, 4) + ", status write (bit 5) " + bit(qw0, 5) + ", fence "
                    + bit(qw0, 6) + ", status data " + (qw0 >>> 32) + ", status address "
                    + (qw1 == null ? "?" : Text.hex(qw1 & ~3L));
        } else if (type == 3) {
            text += ": flush for requester " + Header.requester(qw0 >>> 32);
        } else if (type == 8) {
            text += ": flush for requester " + Header.requester(qw0 >>> 16);
        }
        return text;
    }
}
