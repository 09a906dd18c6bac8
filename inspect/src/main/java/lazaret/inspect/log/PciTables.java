// SPDX-License-Identifier: Apache-2.0
package lazaret.inspect.log;

import static lazaret.inspect.log.Text.hex;

import java.util.Map;

/** Numbers of PCI Express and what they are called. */
final class PciTables {
    private static final String[] UNCORRECTABLE = names(Map.ofEntries(Map.entry(4, "DLP"), Map.entry(5,
            "SDES"),
            Map.entry(12, "PoisonTLP"), Map.entry(13, "FCP"), Map.entry(14, "CmpltTO"), Map.entry(15,
            "CmpltAbrt"),
            Map.entry(16, "UnxCmplt"), Map.entry(17, "RxOF"), Map.entry(18, "MalfTLP"), Map.entry(19, "ECRC"),
            Map.entry(20, "UnsupReq"), Map.entry(21, "ACSViol"), Map.entry(22, "UncorrIntErr"),
            Map.entry(23, "BlockedTLP"), Map.entry(24, "AtomicOpBlocked"), Map.entry(25, "TLPBlockedErr"),
            Map.entry(26, "PoisonTLPBlocked")));
    private static final String[] CORRECTABLE = names(Map.of(0, "RxErr", 6, "BadTLP", 7, "BadDLLP", 8,
            "Rollover",
            12, "Timeout", 13, "NonFatalErr", 14, "CorrIntErr", 15, "HeaderOF"));
    private static final Map<String, String> WORDS = Map.of("SDES", "Surprise Down", "CmpltTO",
            "completion timeout", "MalfTLP", "malformed TLP", "ACSViol", "ACS violation", "Timeout",
            "replay timer timeout", "RxErr", "receiver error", "UncorrIntErr", "uncorrectable internal error",
            "CorrIntErr", "corrected internal error", "UnsupReq", "unsupported request");
    private static final Map<Integer, String> MESSAGES = Map.of(0x01, "Invalidate Request",
            0x02, "Invalidate Completion", 0x04, "Page Request", 0x05, "PRG Response", 0x10, "LTR", 0x30,
            "ERR_COR",
            0x31, "ERR_NONFATAL", 0x33, "ERR_FATAL", 0x52, "PTM request", 0x53, "PTM response");
    private static final String[] REASONS = {"unmasked uncorrectable error", "ERR_NONFATAL received",
        "ERR_FATAL received", "extended"};

    private PciTables() { }

    private static String[] names(Map<Integer, String> byBit) {
        String[] names = new String[32];
        java.util.Arrays.fill(names, "");
        byBit.forEach((bit, name) -> names[bit] = name);
        return names;
    }

    /** The bits of an AER status word. */
    static String status(long status, boolean corrected) {
        return Text.flags(status, corrected ? CORRECTABLE : UNCORRECTABLE);
    }

    /** An abbreviation of the kernel in words. */
    static String inWords(String abbreviation) {
        String words = WORDS.get(abbreviation);
        return words == null ? abbreviation : abbreviation + " (" + words + ")";
    }

    /** DPC status register. */
    static String dpc(long status) {
        int reason = (int) (status >>> 1 & 3);
        int extended = (int) (status >>> 5 & 3);
        int pio = (int) (status >>> 8 & 0x1f);
        String why = reason < 3 ? "reason " + reason + " " + REASONS[reason]
                : "reason 3, extended " + extended + (extended == 0 ? " RP PIO error" : extended == 1
                ? " software trigger"
                        : " reserved");
        return "triggered=" + (status & 1) + ", " + why + ", interrupt=" + (status >>> 3 & 1) + ", RP busy="
                + (status >>> 4 & 1) + ", RP PIO first error " + (pio == 0x1f ? "none (0x1f)" : hex(pio));
    }

    /** Does the source id of DPC say something? */
    static boolean sourced(long status) {
        int reason = (int) (status >>> 1 & 3);
        return reason == 1 || reason == 2;
    }

    /** The four words of a TLP header as AER logs them. */
    static String tlp(long... dw) {
        int fmt = (int) (dw[0] >>> 24 & 0xff);
        String requester = Header.requester(dw[1] >>> 16);
        long length = dw[0] & 0x3ff;
        boolean long64 = (fmt & 0x20) != 0;
        long address = long64 ? dw[2] << 32 | dw[3] : dw[2];
        if ((fmt & 0xb0) == 0x30) {
            int code = (int) (dw[1] & 0xff);
            String name = MESSAGES.getOrDefault(code, "unknown");
            return (fmt >= 0x70 ? "MsgD" : "Msg") + ", code " + hex(code) + " " + name + ", requester "
                    + requester;
        }
        return switch (fmt & 0xdf) {
            case 0x00 -> (long64 ? "MRd64" : "MRd32") + memory(requester, address, length);
            case 0x40 -> (long64 ? "MWr64" : "MWr32") + memory(requester, address, length)
                    + doorbell(address, length);
            case 0x0a -> "Cpl, completer " + requester;
            case 0x4a -> "CplD, completer " + requester;
            case 0x04, 0x05 -> "CfgRd, requester " + requester;
            case 0x44, 0x45 -> "CfgWr, requester " + requester;
            default -> "TLP type " + hex(fmt) + ", requester " + requester;
        };
    }

    private static String memory(String requester, long address, long length) {
        return ", requester " + requester + ", address " + hex(address & ~3L) + ", length " + length + " DW";
    }

    private static String doorbell(long address, long length) {
        boolean top = address >>> 32 != 0 && (address & 0xffff_0000L) == 0xffff_0000L
                || (address >>> 20) == 0xfee;
        return length == 1 && top ? ": a one-word write there is an MSI write (doorbell)" : "";
    }
}
