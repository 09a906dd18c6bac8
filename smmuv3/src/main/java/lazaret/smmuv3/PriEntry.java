// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

import lazaret.machine.Field;
import lazaret.machine.Layout;

/**
 * An entry of the PRI queue: a device asks for a page. Two words.
 *
 * @param ssid the PASID, with {@code ssv}
 * @param last closes the group {@code prgIndex}
 * @spec IHI0070 8.1
 */
public record PriEntry(int sid, boolean ssv, int ssid, boolean priv, boolean exec, boolean read,
        boolean write, boolean last, int prgIndex, long address) {
    public static final Layout PRIQ = new Layout("PRIQ", 2);

    public static final Field SID      = PRIQ.bits("SID",      0, 31,  0);
    public static final Field SSID     = PRIQ.bits("SSID",     0, 51, 32);
    public static final Field PRIV     = PRIQ.bit ("Priv",     0, 58);
    public static final Field X        = PRIQ.bit ("X",        0, 59);
    public static final Field R        = PRIQ.bit ("R",        0, 60);
    public static final Field W        = PRIQ.bit ("W",        0, 61);
    public static final Field LAST     = PRIQ.bit ("Last",     0, 62);
    public static final Field SSV      = PRIQ.bit ("SSV",      0, 63);
    public static final Field PRGINDEX = PRIQ.bits("PRGIndex", 1,  8,  0);
    public static final Field PAGE     = PRIQ.bits("Page",     1, 63, 12);

    /** The entry in two words of the queue. */
    public static PriEntry decode(long w0, long w1) {
        boolean ssv = SSV.test(w0);
        int ssid = ssv ? SSID.getInt(w0) : 0;
        return new PriEntry(SID.getInt(w0), ssv, ssid, ssv && PRIV.test(w0), ssv && X.test(w0), R.test(w0),
                W.test(w0), LAST.test(w0), PRGINDEX.getInt(w1), PAGE.in(w1));
    }

    public long w0() {
        return SID.prep(Integer.toUnsignedLong(sid)) | SSID.prep(ssid) | PRIV.prep(priv) | X.prep(exec)
                | R.prep(read) | W.prep(write) | LAST.prep(last) | SSV.prep(ssv);
    }

    public long w1() {
        return PRGINDEX.prep(prgIndex) | PAGE.in(address);
    }

    /** Not a request: the device has stopped using the PASID. */
    public boolean stopMarker() {
        return ssv && last && !read && !write;
    }

    /** One line: {@code PRI sid=0x100 ssid=0x3 r w last group=5 addr=0x1000}. */
    public String text() {
        return "PRI sid=0x" + Integer.toHexString(sid) + (ssv ? " ssid=0x" + Integer.toHexString(ssid) : "")
                + (priv ? " priv" : "") + (exec ? " x" : "") + (read ? " r" : "") + (write ? " w" : "")
                + (last ? " last" : "") + " group=" + prgIndex + " addr=0x" + Long.toHexString(address)
                + (stopMarker() ? " stop" : "");
    }
}
