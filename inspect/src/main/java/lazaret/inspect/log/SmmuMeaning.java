// SPDX-License-Identifier: Apache-2.0
package lazaret.inspect.log;

import static lazaret.inspect.log.Text.hex;

import java.util.ArrayList;
import java.util.List;
import lazaret.smmuv3.EventId;
import lazaret.smmuv3.Evt;

/** Event records in words, and what they usually mean. */
final class SmmuMeaning {
    /** Offset of GITS_TRANSLATER in its page: where message-signalled interrupts are written. */
    private static final long DOORBELL = 0x040;
    private static final long PAGE = 0xfff;

    private SmmuMeaning() { }

    /** All of a record but what differs from one to the next in a storm. */
    static String line(EventId id, long... w) {
        var text = new StringBuilder(id.name()).append(" (0x").append(String.format("%02x", id.code()))
                .append("): sid ").append(hex(Evt.SID.get(w[0])));
        boolean ssv = Evt.SSV.test(w[0]);
        text.append(ssv ? ", ssid " + hex(Evt.SSID.get(w[0])) : ", no ssid (SSV=0)");
        if (id.fields().contains(Evt.RNW)) {
            text.append(", ").append(access(id, w[1]));
        }
        if (id.fields().contains(Evt.S2)) {
            text.append(Evt.S2.test(w[1]) ? ", stage 2 (S2=1)" : ", stage 1 (S2=0)");
        }
        if (id.fields().contains(Evt.CLASS)) {
            text.append(", class ").append(Evt.CLASS.show(w[1])).append(cls(Evt.CLASS.getInt(w[1])));
        }
        if (id.stallable()) {
            text.append(Evt.STALL.test(w[1]) ? ", STALL=1: the transaction waits for software" : ", STALL=0");
        }
        return text.toString();
    }

    private static String access(EventId id, long w1) {
        if (!id.fields().contains(Evt.PNU)) {
            return Evt.RNW.test(w1) ? "read" : "write";
        }
        return (Evt.PNU.test(w1) ? "privileged " : "unprivileged ") + (Evt.IND.test(w1) ? "instruction "
                : "data ")
                + (Evt.RNW.test(w1) ? "read (RnW=1" : "write (RnW=0") + (Evt.PNU.test(w1) ? ", PnU=1)"
                : ", PnU=0)");
    }

    private static String cls(int code) {
        return switch (code) {
            case 0 -> " (field 0: CD fetch, or not filled in as by QEMU before 10.0)";
            case 1 -> " (stage 1 table walk)";
            case 2 -> " (input address)";
            default -> " (reserved)";
        };
    }

    /** What differs: address, STAG. Null if the record has neither. */
    static String sample(EventId id, long[] w, int words) {
        var text = new StringBuilder();
        if (id.fields().contains(Evt.INPUTADDR)) {
            text.append(words > 2 ? "input address (iova) " + hex(w[2]) : "input address missing");
        } else if (id.fields().contains(Evt.FETCHADDR)) {
            text.append("fetch address ").append(hex(Evt.FETCHADDR.in(w[3])));
        }
        if (id.stallable()) {
            text.append(", STAG ").append(hex(Evt.STAG.get(w[1])));
        }
        if (id.fields().contains(Evt.IPA) && Evt.S2.test(w[1])) {
            text.append(", ipa ").append(words > 3 ? hex(Evt.IPA.in(w[3])) : "missing");
        }
        return text.isEmpty() ? null : text.toString();
    }

    /** What there is to say beside the fields. */
    static List<String> notes(EventId id, long... w) {
        var notes = new ArrayList<String>();
        switch (id) {
            case C_BAD_STREAMID -> {
                notes.add("no STE for that stream: out of range of the table, or a level-1 descriptor "
                        + "with Span 0; "
                        + "only word 0 has meaning");
                notes.add("usual causes: firmware (IORT, DT) describes the device behind the wrong "
                        + "SMMU, or the "
                        + "stream table is shorter than it should be (a shift that overflows when "
                        + "sid_bits is 32 "
                        + "makes it one entry long)");
            }
            case C_BAD_STE -> notes.add("the STE is invalid or illegal; words 1 to 3 are leftovers "
                    + "without meaning, "
                    + "no address is shown");
            case F_STREAM_DISABLED -> notes.add("STE.S1DSS=terminate and the transaction had no "
                    + "SubstreamID (or "
                    + "SSID 0 with S1DSS=SSID0)");
            case C_BAD_SUBSTREAMID -> notes.add(Evt.SSV.test(w[0]) ? "the stream has no such substream"
                    : "SSV=0: the substream is not recorded");
            case F_TRANSL_FORBIDDEN -> notes.add("a translated transaction was refused: the device uses "
                    + "ATS and may "
                    + "not; a fence that holds looks like this");
            case F_BAD_ATS_TREQ -> notes.add("a translation request was refused: the device asks for "
                    + "ATS and may not");
            case F_TRANSLATION, F_PERMISSION, F_ADDR_SIZE, F_ACCESS -> address(notes, w);
            case F_UUT, F_STE_FETCH, F_CD_FETCH, C_BAD_CD, F_WALK_EABT, F_TLB_CONFLICT, F_CFG_CONFLICT,
                 E_PAGE_REQUEST, F_VMS_FETCH -> { }
        }
        return notes;
    }

    private static void address(List<String> notes, long... w) {
        boolean write = !Evt.RNW.test(w[1]);
        long iova = w[2];
        if (write && (iova & PAGE) == DOORBELL) {
            notes.add(Evt.S2.test(w[1]) ? "MSI doorbell not mapped at stage 2: the write goes to offset "
                    + "0x40 of a page, "
                    + "as GITS_TRANSLATER of a GICv3 ITS (frame + 0x10040)"
                    : "looks like a write to an MSI doorbell before it was mapped: it goes to offset "
                    + "0x40 of a page, as "
                    + "GITS_TRANSLATER of a GICv3 ITS");
        }
        if (iova >= 0 && iova <= PAGE && write) {
            notes.add("the device writes near address 0: as through descriptors that are zeroed");
        } else if (iova >= 0 && iova <= PAGE) {
            notes.add("the device reads near address 0: as through a pointer that is zero");
        }
        if (iova >>> 47 == 1 || iova >>> 32 == 0xffffL) {
            notes.add("the address is in the upper half of 48 bits: as the kernel gives out from the "
                    + "top, also for MSI "
                    + "doorbells");
        }
    }
}
