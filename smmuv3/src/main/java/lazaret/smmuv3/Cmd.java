// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

import lazaret.machine.Field;
import lazaret.machine.Layout;

/**
 * The operands of commands, by family. Which command has which of them is said by {@link Op}.
 *
 * @spec IHI0070 4.1
 */
public final class Cmd {
    public static final Layout CMD = new Layout("CMD", 2);

    public static final Field OPCODE     = CMD.bits("Opcode",      0,  7,  0);
    public static final Field SSEC       = CMD.bit ("SSec",        0, 10);
    public static final Field SSV        = CMD.bit ("SSV",         0, 11);
    public static final Field SSID       = CMD.bits("SSID",        0, 31, 12);
    public static final Field SID        = CMD.bits("SID",         0, 63, 32);
    public static final Field LEAF       = CMD.bit ("Leaf",        1,  0);
    public static final Field ADDRESS    = CMD.bits("Address",     1, 63, 12);

    /** Hint for 2<sup>size</sup> pages of 4 KiB. */
    public static final Layout PREFETCH = new Layout("PREFETCH", 2);

    public static final Field PFSIZE     = PREFETCH.bits("PfSize", 1,  4,  0);

    /** Configuration of 2<sup>range+1</sup> streams; 31 is all of them. */
    public static final Layout CFGI = new Layout("CFGI", 2);

    public static final Field RANGE      = CFGI.bits("Range",      1,  4,  0);

    /** TLB entries by owner, and by address or range. */
    public static final Layout TLBI = new Layout("TLBI", 2);

    public static final Field NUM        = TLBI.bits("NUM",        0, 16, 12);
    public static final Field SCALE      = TLBI.bits("SCALE",      0, 24, 20);
    public static final Field VMID       = TLBI.bits("VMID",       0, 47, 32);
    public static final Field ASID       = TLBI.bits("ASID",       0, 63, 48);
    public static final Field TTL128     = TLBI.bit ("TTL128",     1,  7);
    public static final Field TTL        = TLBI.bits("TTL",        1,  9,  8);
    public static final Field TG         = TLBI.bits("TG",         1, 11, 10);
    public static final Field IPA        = TLBI.bits("IPA",        1, 55, 12);

    /** What ATCs hold about 2<sup>size</sup> pages of 4 KiB; 52 is everything. */
    public static final Layout ATC = new Layout("ATC", 2);

    public static final Field GLOBAL     = ATC.bit ("Global",      0,  9);
    public static final Field SIZE       = ATC.bits("Size",        1,  5,  0);

    /** Answer to a page request group. */
    public static final Layout PRI = new Layout("PRI", 2);

    public static final Field PRGINDEX   = PRI.bits("PRGIndex",    1,  8,  0);
    public static final Field RESP       = PRI.bits("Resp",        1, 13, 12, Command.Resp.class);

    /** Retry a stalled transaction, or terminate it with or without abort. */
    public static final Layout STALL = new Layout("STALL", 2);

    public static final Field AC         = STALL.bit ("Ac",        0, 12);
    public static final Field AB         = STALL.bit ("Ab",        0, 13);
    public static final Field STAG       = STALL.bits("STAG",      1, 15,  0);

    /** How to tell that everything before is complete. */
    public static final Layout SYNC = new Layout("SYNC", 2);

    public static final Field CS         = SYNC.bits("CS",         0, 13, 12, Command.Cs.class);
    public static final Field MSH        = SYNC.bits("MSH",        0, 23, 22);
    public static final Field MSIATTR    = SYNC.bits("MSIAttr",    0, 27, 24);
    public static final Field MSIDATA    = SYNC.bits("MSIData",    0, 63, 32);
    public static final Field MSIADDRESS = SYNC.bits("MSIAddress", 1, 55,  2);

    private Cmd() {
    }
}
