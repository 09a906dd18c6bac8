// SPDX-License-Identifier: Apache-2.0
package lazaret.inspect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import lazaret.machine.Field;
import lazaret.smmuv3.AtcSpan;
import lazaret.smmuv3.Cd;
import lazaret.smmuv3.Cmd;
import lazaret.smmuv3.CmdError;
import lazaret.smmuv3.CmdqCons;
import lazaret.smmuv3.Command;
import lazaret.smmuv3.Event;
import lazaret.smmuv3.EventId;
import lazaret.smmuv3.Evt;
import lazaret.smmuv3.Idr;
import lazaret.smmuv3.Idr0;
import lazaret.smmuv3.Idr1;
import lazaret.smmuv3.Idr3;
import lazaret.smmuv3.Idr5;
import lazaret.smmuv3.L1Cd;
import lazaret.smmuv3.L1Std;
import lazaret.smmuv3.Legality;
import lazaret.smmuv3.Op;
import lazaret.smmuv3.PriEntry;
import lazaret.smmuv3.Queue;
import lazaret.smmuv3.Reg;
import lazaret.smmuv3.Ste;

/**
 * Words of an SMMUv3 to fields, with the rules that they break on an SMMU with these ID registers.
 *
 * @param idr   what the SMMU can do
 * @param queue log2 of the entries of its command queue, if that is known
 * @param ste   the entry whose context descriptors are read: some of their rules depend on it
 */
public record Decoder(Idr idr, OptionalInt queue, Ste ste) {
    /**
     * An SMMU that can do everything Lazaret knows of: both stages, all granules, 48 bits, ATS with split
     * stages, PRI, stalls, 20 bits of substreams.
     */
    public static final Idr EVERYTHING = Idr.NOTHING
            .with(Idr0.S2P, 1).with(Idr0.S1P, 1).with(Idr0.TTF, 3).with(Idr0.COHACC, 1).with(Idr0.HTTU, 2)
            .with(Idr0.HYP, 1).with(Idr0.ATS, 1).with(Idr0.ASID16, 1).with(Idr0.MSI, 1).with(Idr0.SEV, 1)
            .with(Idr0.PRI, 1).with(Idr0.VMID16, 1).with(Idr0.CD2L, 1).with(Idr0.ATSRECERR, 1)
            .with(Idr0.ST_LEVEL, 1).with(Idr1.SIDSIZE, 32).with(Idr1.SSIDSIZE, 20).with(Idr3.RIL, 1)
            .with(Idr5.OAS, 5).with(Idr5.GRAN4K, 1).with(Idr5.GRAN16K, 1).with(Idr5.GRAN64K, 1);

    private static final String RES0 = "reserved, must be 0 (RES0)";
    /** Stage 1, and nothing unusual. */
    public static final Ste PLAIN = Ste.of(0xb, 0, 0, 0, 0, 0, 0, 0);
    private static final int ALL_STREAMS = 31;
    /** Kernels make no smaller command queues. */
    private static final int SMALL = 256;

    /** Of CDs whose STE is not known. */
    public Decoder(Idr idr, OptionalInt queue) {
        this(idr, queue, PLAIN);
    }

    /** Reads {@code words} as a {@code structure}; those that are missing at the end are 0. */
    public Decoded decode(Structure structure, long... words) {
        long[] w = Arrays.copyOf(words, structure.words());
        return switch (structure) {
            case Structure.Register r -> register(r.reg(), w[0]);
            case Structure.Entry e -> switch (e.kind()) {
                case STE -> ste(w, words.length);
                case CD -> cd(w, words.length);
                case L1STD -> l1std(w[0]);
                case L1CD -> l1cd(w[0]);
                case CMD -> command(w[0], w[1]);
                case EVENT -> event(w[0], w[1], w[2], w[3]);
                case PRI -> pri(w[0], w[1]);
                case CMDQ_CONS -> cons(w[0]);
                case ATC_SIZE -> span(w[0]);
            };
        };
    }

    private Decoded ste(long[] w, int given) {
        Ste ste = Ste.of(w);
        var made = new Decoded.Making("STE", w).layout(Ste.STE);
        missing(made, given, w.length);
        for (int i = 0; i < w.length; i++) {
            made.reserved(i, Ste.STE.res0(i), RES0);
        }
        made.derived("the SMMU looks at", "words 0 to " + (Ste.used(w[0]) - 1));
        return made.illegal(Legality.ste(ste, idr), "C_BAD_STE").done(ste.toString());
    }

    private Decoded cd(long[] w, int given) {
        Cd cd = Cd.of(w);
        var made = new Decoded.Making("CD", w).layout(Cd.CD);
        missing(made, given, w.length);
        for (int i = 0; i < w.length; i++) {
            made.reserved(i, Cd.CD.res0(i), RES0);
        }
        return made.illegal(Legality.cd(cd, ste, idr, false), "C_BAD_CD").done(cd.toString());
    }

    private static void missing(Decoded.Making made, int given, int words) {
        if (given < words) {
            made.remark("words " + given + " to " + (words - 1) + " were not given and are taken as 0");
        }
    }

    private static Decoded l1std(long word) {
        int entries = L1Std.entries(word);
        var made = new Decoded.Making("L1STD", word).layout(L1Std.L1STD).reserved(0, L1Std.L1STD.res0(0),
                RES0);
        if (entries == 0) {
            int span = L1Std.SPAN.getInt(word);
            made.remark(span == 0 ? "Span=0: no streams here (C_BAD_STREAMID)"
                    : "illegal: Span=" + span + " is reserved (C_BAD_STREAMID)");
        } else {
            made.derived("entries", entries + " STEs at " + hex(L1Std.l2Ptr(word)));
        }
        return made.done(L1Std.L1STD.print(word));
    }

    private static Decoded l1cd(long word) {
        var made = new Decoded.Making("L1CD", word).layout(L1Cd.L1CD).reserved(0, L1Cd.L1CD.res0(0), RES0);
        if (!L1Cd.V.test(word)) {
            made.remark("V=0: no substreams here (C_BAD_SUBSTREAMID)");
        }
        return made.done(L1Cd.L1CD.print(word));
    }

    private Decoded command(long w0, long w1) {
        Command command = Command.decode(w0, w1);
        Op op = Op.of(Cmd.OPCODE.getInt(w0));
        var made = new Decoded.Making("CMD", w0, w1).field(Cmd.OPCODE).field(Cmd.SSEC);
        if (op == null) {
            made.remark("illegal: opcode " + hex(Cmd.OPCODE.get(w0)) + " is reserved (CERROR_ILL)");
            return made.done(command.text());
        }
        op.operands().forEach(made::field);
        made.reserved(0, op.res0(0), RES0).reserved(1, op.res0(1), RES0);
        if (Cmd.SSEC.test(w0)) {
            made.remark("illegal: SSec=1 in the Non-secure queue (CERROR_ILL)");
        } else {
            made.illegal(Legality.command(command, idr), "CERROR_ILL");
        }
        meaning(made, command);
        return made.done(command.text());
    }

    private static void meaning(Decoded.Making made, Command command) {
        if (command instanceof Command.AtcInv c) {
            made.derived("span", span(c.address(), c.size()));
        }
        if (command instanceof Command.CfgiSteRange c && c.range() == ALL_STREAMS) {
            made.derived("range", "all streams: CFGI_ALL");
        }
    }

    /** {@code 0x1000…0x1fff, 1 page of 4 KiB}. */
    static String span(long address, int size) {
        if (size > AtcSpan.ALL) {
            return "none: sizes above " + AtcSpan.ALL + " do not exist";
        }
        if (size == AtcSpan.ALL) {
            return "the whole address space";
        }
        long first = address & -1L << 12 + size;
        String pages = size == 0 ? "1 page" : (1L << size) + " pages";
        return hex(first) + "…" + hex(first + (1L << 12 + size) - 1) + ", " + pages + " of 4 KiB";
    }

    private static Decoded span(long size) {
        var made = new Decoded.Making("ATC_SIZE", size);
        if (Long.compareUnsigned(size, AtcSpan.ALL) > 0) {
            made.remark("illegal: Size above " + AtcSpan.ALL + " (CERROR_ILL, or an unknown span)");
            return made.done("ATC_INV size " + Long.toUnsignedString(size));
        }
        long pages = 1L << size;
        String text = size == AtcSpan.ALL ? "the whole address space"
                : "2^" + size + " = " + pages + " pages of 4 KiB, naturally aligned, 2^" + (12 + size)
                + " bytes";
        return made.derived("span", text).done("ATC_INV size " + size + ": " + text);
    }

    private static Decoded event(long w0, long w1, long w2, long w3) {
        Event event = Event.decode(w0, w1, w2, w3);
        EventId id = event.id();
        var made = new Decoded.Making("EVENT", w0, w1, w2, w3)
                .field(Evt.ID).field(Evt.SSV).field(Evt.SSID).field(Evt.SID);
        if (id == null) {
            made.remark("event " + hex(Evt.ID.get(w0)) + " is reserved or implementation defined");
            return made.done(event.text());
        }
        id.fields().forEach(made::field);
        leftovers(id, new long[] {w0, w1, w2, w3}).forEach(made::remark);
        return made.done(event.text());
    }

    /** What stands in a record and has no meaning: real hardware leaves such things. */
    public static List<String> leftovers(EventId id, long... w) {
        var remarks = new ArrayList<String>();
        boolean ssid = Evt.SSV.test(w[0]) || id == EventId.C_BAD_SUBSTREAMID;
        if (Evt.SSID.test(w[0]) && !ssid) {
            remarks.add("SSID " + hex(Evt.SSID.get(w[0])) + " has no meaning: SSV=0");
        }
        if (id.stallable() && Evt.STAG.test(w[1]) && !Evt.STALL.test(w[1])) {
            remarks.add("STAG " + hex(Evt.STAG.get(w[1])) + " has no meaning: Stall=0");
        }
        if (id.fields().contains(Evt.IPA) && w[3] != 0 && !Evt.S2.test(w[1])) {
            remarks.add("word 3 (" + hex(w[3]) + ") is no IPA: S2=0");
        }
        for (int i = 0; i < w.length; i++) {
            long outside = w[i] & ~known(id, i);
            if (outside != 0 && outside == w[i] && i > 0) {
                remarks.add("word " + i + " (" + hex(w[i]) + ") has no meaning in " + id);
            } else if (outside != 0) {
                remarks.add("word " + i + " bits " + Decoded.bits(outside) + " are set and not part of "
                        + id);
            }
        }
        return List.copyOf(remarks);
    }

    private static long known(EventId id, int word) {
        long mask = word == 0 ? Evt.ID.mask() | Evt.SSV.mask() | Evt.SSID.mask() | Evt.SID.mask() : 0;
        for (Field field : id.fields()) {
            mask |= field.word() == word ? field.mask() : 0;
        }
        // hardware says the address down to the byte; only the page counts
        return id.fields().contains(Evt.IPA) && word == 3 ? -1 : mask;
    }

    private static Decoded pri(long w0, long w1) {
        PriEntry entry = PriEntry.decode(w0, w1);
        var made = new Decoded.Making("PRI", w0, w1).layout(PriEntry.PRIQ)
                .reserved(0, PriEntry.PRIQ.res0(0), RES0).reserved(1, PriEntry.PRIQ.res0(1), RES0);
        if (!entry.ssv() && (PriEntry.PRIV.test(w0) || PriEntry.X.test(w0) || PriEntry.SSID.test(w0))) {
            made.remark("SSID, X and Priv have no meaning: SSV=0");
        }
        if (entry.stopMarker()) {
            made.derived("meaning", "stop marker: the device has stopped using the PASID");
        }
        return made.done(entry.text());
    }

    private Decoded cons(long cons) {
        var made = new Decoded.Making("CMDQ_CONS", cons).layout(CmdqCons.CMDQ_CONS)
                .reserved(0, CmdqCons.CMDQ_CONS.res0(0), RES0);
        CmdError error = CmdError.of(cons);
        made.derived("error", error == null ? "reserved code" : "CERROR_" + error + ": " + error.text());
        positions(cons, queue).forEach(made::remark);
        return made.done(CmdqCons.CMDQ_CONS.print(cons));
    }

    /**
     * Where a command queue stands: with its size one answer, without it those that are possible.
     *
     * @param reg   a value of CMDQ_CONS or CMDQ_PROD
     * @param queue log2 of the entries
     */
    public static List<String> positions(long reg, OptionalInt queue) {
        if (queue.isPresent()) {
            return List.of("index " + position(reg, queue.getAsInt()));
        }
        var all = new ArrayList<String>();
        int rd = CmdqCons.RD.getInt(reg);
        if (rd < SMALL) {
            return List.of("index " + hex(rd) + ", wrap 0, if the queue has " + SMALL + " entries or more");
        }
        int least = Math.max(8, Integer.SIZE - 1 - Integer.numberOfLeadingZeros(Math.max(1, rd)));
        for (int log2 = least; log2 <= 19; log2++) {
            if (log2 == least || log2 == 16 || log2 == 19) {
                all.add("with 2^" + log2 + " entries: index " + position(reg, log2));
            }
        }
        all.add("index and wrap depend on the queue's size, which the boot log says");
        return List.copyOf(all);
    }

    private static String position(long reg, int log2) {
        var q = new Queue(log2);
        int rd = CmdqCons.RD.getInt(reg);
        return hex(q.idx(rd)) + ", wrap " + (q.wrap(rd) == 0 ? 0 : 1);
    }

    private static Decoded register(Reg reg, long value) {
        var made = new Decoded.Making(reg.name(), value);
        if (reg.layout() == null) {
            made.remark("Lazaret knows only the name of this register");
            return made.done(reg.print(value));
        }
        long all = reg.bits() == 32 ? 0xffff_ffffL : -1L;
        made.layout(reg.layout()).reserved(0, reg.layout().res0(0) & all, RES0);
        if ((value & ~all) != 0) {
            made.remark("the register has 32 bits");
        }
        return made.done(reg.print(value));
    }

    private static String hex(long value) {
        return "0x" + Long.toHexString(value);
    }
}
