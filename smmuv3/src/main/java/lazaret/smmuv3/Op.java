// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

import static lazaret.smmuv3.Cmd.AB;
import static lazaret.smmuv3.Cmd.AC;
import static lazaret.smmuv3.Cmd.ADDRESS;
import static lazaret.smmuv3.Cmd.ASID;
import static lazaret.smmuv3.Cmd.CS;
import static lazaret.smmuv3.Cmd.GLOBAL;
import static lazaret.smmuv3.Cmd.IPA;
import static lazaret.smmuv3.Cmd.LEAF;
import static lazaret.smmuv3.Cmd.MSH;
import static lazaret.smmuv3.Cmd.MSIADDRESS;
import static lazaret.smmuv3.Cmd.MSIATTR;
import static lazaret.smmuv3.Cmd.MSIDATA;
import static lazaret.smmuv3.Cmd.NUM;
import static lazaret.smmuv3.Cmd.PFSIZE;
import static lazaret.smmuv3.Cmd.PRGINDEX;
import static lazaret.smmuv3.Cmd.RANGE;
import static lazaret.smmuv3.Cmd.RESP;
import static lazaret.smmuv3.Cmd.SCALE;
import static lazaret.smmuv3.Cmd.SID;
import static lazaret.smmuv3.Cmd.SIZE;
import static lazaret.smmuv3.Cmd.SSID;
import static lazaret.smmuv3.Cmd.SSV;
import static lazaret.smmuv3.Cmd.STAG;
import static lazaret.smmuv3.Cmd.TG;
import static lazaret.smmuv3.Cmd.TTL;
import static lazaret.smmuv3.Cmd.TTL128;
import static lazaret.smmuv3.Cmd.VMID;

import java.util.List;
import lazaret.machine.Coded;
import lazaret.machine.Field;

/**
 * The opcodes of the command queue and their operands. CFGI_ALL is CFGI_STE_RANGE with the largest range, not
 * an opcode of its own.
 *
 * @spec IHI0070 4.1
 */
public enum Op implements Coded {
    PREFETCH_CONFIG (0x01, SID, SSV, SSID),
    PREFETCH_ADDR   (0x02, SID, SSV, SSID, ADDRESS, PFSIZE),
    CFGI_STE        (0x03, SID, LEAF),
    CFGI_STE_RANGE  (0x04, SID, RANGE),
    CFGI_CD         (0x05, SID, SSID, LEAF),
    CFGI_CD_ALL     (0x06, SID),
    CFGI_VMS_PIDM   (0x07, VMID),
    TLBI_NH_ALL     (0x10, VMID),
    TLBI_NH_ASID    (0x11, VMID, ASID),
    TLBI_NH_VA      (0x12, VMID, ASID, ADDRESS, LEAF, NUM, SCALE, TG, TTL, TTL128),
    TLBI_NH_VAA     (0x13, VMID,       ADDRESS, LEAF, NUM, SCALE, TG, TTL, TTL128),
    TLBI_EL3_ALL    (0x18),
    TLBI_EL3_VA     (0x1A,             ADDRESS, LEAF, NUM, SCALE, TG, TTL, TTL128),
    TLBI_EL2_ALL    (0x20),
    TLBI_EL2_ASID   (0x21,       ASID),
    TLBI_EL2_VA     (0x22,       ASID, ADDRESS, LEAF, NUM, SCALE, TG, TTL, TTL128),
    TLBI_EL2_VAA    (0x23,             ADDRESS, LEAF, NUM, SCALE, TG, TTL, TTL128),
    TLBI_S12_VMALL  (0x28, VMID),
    TLBI_S2_IPA     (0x2A, VMID,       IPA,     LEAF, NUM, SCALE, TG, TTL, TTL128),
    TLBI_NSNH_ALL   (0x30),
    ATC_INV         (0x40, SID, SSV, SSID, GLOBAL, ADDRESS, SIZE),
    PRI_RESP        (0x41, SID, SSV, SSID, PRGINDEX, RESP),
    RESUME          (0x44, SID, AC, AB, STAG),
    STALL_TERM      (0x45, SID),
    SYNC            (0x46, CS, MSH, MSIATTR, MSIDATA, MSIADDRESS),
    TLBI_S_EL2_ALL  (0x50),
    TLBI_S_EL2_ASID (0x51),
    TLBI_S_EL2_VA   (0x52),
    TLBI_S_EL2_VAA  (0x53),
    TLBI_S_S12_VMALL(0x58),
    TLBI_S_S2_IPA   (0x5A),
    TLBI_SNH_ALL    (0x60),
    DPTI_ALL        (0x70),
    DPTI_PA         (0x73);

    /** Said only when they are not zero. */
    private static final List<Field> OPTIONAL =
            List.of(SSID, NUM, SCALE, TG, TTL, CS, MSH, MSIATTR, MSIDATA, MSIADDRESS);

    private static final Op[] BY_CODE = byCode();

    private final int code;
    private final List<Field> operands;
    private final long[] res0;

    Op(int code, Field... operands) {
        this.code = code;
        this.operands = List.of(operands);
        res0 = new long[] {~(known(0) | Cmd.OPCODE.mask() | Cmd.SSEC.mask()), ~known(1)};
    }

    @Override
    public int code() {
        return code;
    }

    /** The operation with that code; null for reserved and implementation-defined ones. */
    public static Op of(int code) {
        return BY_CODE[code & 0xff];
    }

    /** Its fields besides opcode and SSec. */
    public List<Field> operands() {
        return operands;
    }

    /** Bits of that word, 0 or 1, that are reserved in this command. */
    public long res0(int word) {
        return res0[word];
    }

    private long known(int word) {
        return operands.stream().filter(f -> f.word() == word).mapToLong(Field::mask)
                .reduce(0, (a, b) -> a | b);
    }

    /** The command in one line: {@code ATC_INV sid=0x100 addr=0x12345000 size=0}. Flags are said when set. */
    public String print(long w0, long w1) {
        var text = new StringBuilder(name());
        for (Field f : operands) {
            long word = f.word() == 0 ? w0 : w1;
            if (f.msb() == f.lsb()) {
                text.append(f.test(word) ? " " + key(f) : "");
            } else if (f.test(word) || !OPTIONAL.contains(f)) {
                text.append(' ').append(key(f)).append('=').append(value(f, word));
            }
        }
        return text.toString();
    }

    private static String key(Field f) {
        return f == ADDRESS ? "addr" : f == PFSIZE ? "size" : f.name().toLowerCase();
    }

    private static String value(Field f, long word) {
        if (f == ADDRESS || f == IPA || f == MSIADDRESS) {
            return "0x" + Long.toHexString(f.in(word));
        }
        if (f.values() != null) {
            return f.show(word);
        }
        boolean narrow = f.msb() - f.lsb() < 8;
        return narrow ? Long.toString(f.get(word)) : "0x" + Long.toHexString(f.get(word));
    }

    private static Op[] byCode() {
        Op[] byCode = new Op[256];
        for (Op op : values()) {
            byCode[op.code] = op;
        }
        return byCode;
    }
}
