// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

import lazaret.machine.Coded;
import lazaret.machine.Field;
import lazaret.machine.Layout;

/**
 * The fields of event records. Which record has which of them is said by {@link EventId}.
 *
 * @spec IHI0070 7.3
 */
public final class Evt {
    public static final Layout EVT = new Layout("EVT", 4);

    public static final Field ID        = EVT.bits("Id",          0,  7,  0);
    public static final Field SSV       = EVT.bit ("SSV",         0, 11);
    public static final Field SSID      = EVT.bits("SSID",        0, 31, 12);
    public static final Field SID       = EVT.bits("SID",         0, 63, 32);
    public static final Field STAG      = EVT.bits("STAG",        1, 15,  0);
    public static final Field STALL     = EVT.bit ("Stall",       1, 31);
    public static final Field PNU       = EVT.bit ("PnU",         1, 33);
    public static final Field IND       = EVT.bit ("InD",         1, 34);
    public static final Field RNW       = EVT.bit ("RnW",         1, 35);
    public static final Field S2        = EVT.bit ("S2",          1, 39);
    public static final Field CLASS     = EVT.bits("Class",       1, 41, 40, Class.class);
    public static final Field TTRNW     = EVT.bit ("TTRnW",       1, 44);
    public static final Field INPUTADDR = EVT.bits("InputAddr",   2, 63,  0);
    public static final Field IPA       = EVT.bits("IPA",         3, 55, 12);

    /** A word of a table that could not be had. */
    public static final Layout FETCH = new Layout("FETCH", 4);

    public static final Field REASON    = FETCH.bits("Reason",    1, 15,  0);
    public static final Field GPCF      = FETCH.tag ("GPCF",      1, 16, 16);
    public static final Field FETCHADDR = FETCH.bits("FetchAddr", 3, 55,  3);

    /** A hint that a page will be wanted. */
    public static final Layout HINT = new Layout("HINT", 4);

    public static final Field UX        = HINT.bit ("uX",         1, 33);
    public static final Field UW        = HINT.bit ("uW",         1, 34);
    public static final Field UR        = HINT.bit ("uR",         1, 35);
    public static final Field PX        = HINT.bit ("pX",         1, 37);
    public static final Field PW        = HINT.bit ("pW",         1, 38);
    public static final Field PR        = HINT.bit ("pR",         1, 39);
    public static final Field SPAN      = HINT.bits("Span",       1, 51, 44);
    public static final Field PAGE      = HINT.bits("Page",       2, 63, 12);

    /** What was being done when it went wrong: fetching a CD, a stage-1 table walk, the access itself. */
    public enum Class implements Coded {
        CD, TT, IN;

        @Override
        public int code() {
            return ordinal();
        }
    }

    private Evt() {
    }
}
