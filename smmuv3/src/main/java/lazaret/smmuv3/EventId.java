// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

import static lazaret.smmuv3.Evt.CLASS;
import static lazaret.smmuv3.Evt.FETCHADDR;
import static lazaret.smmuv3.Evt.GPCF;
import static lazaret.smmuv3.Evt.IND;
import static lazaret.smmuv3.Evt.INPUTADDR;
import static lazaret.smmuv3.Evt.IPA;
import static lazaret.smmuv3.Evt.PAGE;
import static lazaret.smmuv3.Evt.PNU;
import static lazaret.smmuv3.Evt.PR;
import static lazaret.smmuv3.Evt.PW;
import static lazaret.smmuv3.Evt.PX;
import static lazaret.smmuv3.Evt.REASON;
import static lazaret.smmuv3.Evt.RNW;
import static lazaret.smmuv3.Evt.S2;
import static lazaret.smmuv3.Evt.SPAN;
import static lazaret.smmuv3.Evt.STAG;
import static lazaret.smmuv3.Evt.STALL;
import static lazaret.smmuv3.Evt.TTRNW;
import static lazaret.smmuv3.Evt.UR;
import static lazaret.smmuv3.Evt.UW;
import static lazaret.smmuv3.Evt.UX;

import java.util.List;
import lazaret.machine.Coded;
import lazaret.machine.Field;

/**
 * The event records and the fields each has besides its {@link Event.Origin}.
 *
 * @spec IHI0070 7.3
 */
public enum EventId implements Coded {
    F_UUT             (0x01, REASON,       PNU, IND, RNW,                   INPUTADDR),
    C_BAD_STREAMID    (0x02),
    F_STE_FETCH       (0x03, REASON, GPCF,                                  FETCHADDR),
    C_BAD_STE         (0x04),
    F_BAD_ATS_TREQ    (0x05,                                                INPUTADDR),
    F_STREAM_DISABLED (0x06),
    F_TRANSL_FORBIDDEN(0x07,                         RNW,                   INPUTADDR),
    C_BAD_SUBSTREAMID (0x08),
    F_CD_FETCH        (0x09, REASON, GPCF,                                  FETCHADDR),
    C_BAD_CD          (0x0A),
    F_WALK_EABT       (0x0B, REASON, GPCF, PNU, IND, RNW, S2, CLASS,        INPUTADDR, FETCHADDR),
    F_TRANSLATION     (0x10, STAG, STALL,  PNU, IND, RNW, S2, CLASS,        INPUTADDR, IPA),
    F_ADDR_SIZE       (0x11, STAG, STALL,  PNU, IND, RNW, S2, CLASS,        INPUTADDR, IPA),
    F_ACCESS          (0x12, STAG, STALL,  PNU, IND, RNW, S2, CLASS,        INPUTADDR, IPA),
    F_PERMISSION      (0x13, STAG, STALL,  PNU, IND, RNW, S2, CLASS, TTRNW, INPUTADDR, IPA),
    F_TLB_CONFLICT    (0x20, REASON,       PNU, IND, RNW, S2,               INPUTADDR, IPA),
    F_CFG_CONFLICT    (0x21, REASON),
    E_PAGE_REQUEST    (0x24, UX, UW, UR, PX, PW, PR, SPAN,                  PAGE),
    F_VMS_FETCH       (0x25, REASON, GPCF,                                  FETCHADDR);

    private static final EventId[] BY_CODE = byCode();

    private final int code;
    private final List<Field> fields;

    EventId(int code, Field... fields) {
        this.code = code;
        this.fields = List.of(fields);
    }

    @Override
    public int code() {
        return code;
    }

    /** The event with that code; null for reserved and implementation-defined ones. */
    public static EventId of(int code) {
        return BY_CODE[code & 0xff];
    }

    /** Its fields besides id, SID, SSV and SSID. */
    public List<Field> fields() {
        return fields;
    }

    /** May the transaction wait for software instead of ending? */
    public boolean stallable() {
        return fields.contains(STALL);
    }

    private static EventId[] byCode() {
        EventId[] byCode = new EventId[256];
        for (EventId id : values()) {
            byCode[id.code] = id;
        }
        return byCode;
    }
}
