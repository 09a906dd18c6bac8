// SPDX-License-Identifier: Apache-2.0
package lazaret.pcie;

import lazaret.machine.Field;
import lazaret.machine.Layout;

/**
 * What is where in configuration space. Offsets of registers outside capabilities are absolute, those inside
 * are counted from the capability's header; fields are bits of the 16- or 32-bit register they stand under.
 */
public final class Config {
    public static final int VENDOR_ID   = 0x00;
    public static final int DEVICE_ID   = 0x02;
    public static final int COMMAND     = 0x04;
    public static final int STATUS      = 0x06;
    public static final int CLASS_REV   = 0x08;
    public static final int HEADER_TYPE = 0x0e;
    public static final int BAR0        = 0x10;
    /** Holds the offset of the first capability, 8 bits; see {@link CapHeader}. The last one has next 0. */
    public static final int CAP_POINTER = 0x34;
    /** The first extended capability, always here, see {@link ExtCapHeader}; 0 says there is none. */
    public static final int EXT_CAPS    = 0x100;
    /** One past the last byte. */
    public static final int SIZE        = 0x1000;

    /** Id of a vendor-specific capability. */
    public static final int VENDOR_CAP     = 0x09;
    /** Id of a vendor-specific extended capability. */
    public static final int VENDOR_EXT_CAP = 0x0b;

    private Config() { }

    /** Command register. */
    public static final class Command {
        public static final Layout LAYOUT = new Layout("Command", 1);

        public static final Field IO       = LAYOUT.bit("IO",       0, 0);
        public static final Field MEM      = LAYOUT.bit("MEM",      0, 1);
        public static final Field BME      = LAYOUT.bit("BME",      0, 2);
        public static final Field INTX_DIS = LAYOUT.bit("INTX_DIS", 0, 10);

        private Command() { }
    }

    /** Status register. */
    public static final class Status {
        public static final Layout LAYOUT = new Layout("Status", 1);

        public static final Field CAP_LIST = LAYOUT.bit("CAP_LIST", 0, 4);

        private Status() { }
    }

    /** A capability's header word. */
    public static final class CapHeader {
        public static final Layout LAYOUT = new Layout("CapHeader", 1);

        public static final Field ID   = LAYOUT.bits("ID",   0, 7, 0);
        public static final Field NEXT = LAYOUT.bits("Next", 0, 15, 8);

        private CapHeader() { }
    }

    /** An extended capability's header word. */
    public static final class ExtCapHeader {
        public static final Layout LAYOUT = new Layout("ExtCapHeader", 1);

        public static final Field ID      = LAYOUT.bits("ID",      0, 15, 0);
        public static final Field VERSION = LAYOUT.bits("Version", 0, 19, 16);
        public static final Field NEXT    = LAYOUT.bits("Next",    0, 31, 20);

        private ExtCapHeader() { }
    }

    /** PCI Express capability. */
    public static final class ExpressCap {
        public static final int ID = 0x10;

        public static final int FLAGS  = 0x02;
        public static final int DEVCAP = 0x04;
        public static final int DEVCTL = 0x08;
        public static final int DEVSTA = 0x0a;
        /** Bytes that software saves and restores. */
        public static final int LENGTH = 0x3c;

        public static final Layout FLAGS_LAYOUT  = new Layout("FLAGS", 1);
        public static final Field VERSION        = FLAGS_LAYOUT.bits("Version", 0, 3, 0);
        public static final Field TYPE           = FLAGS_LAYOUT.bits("Type",    0, 7, 4);

        public static final Layout DEVCAP_LAYOUT = new Layout("DEVCAP", 1);
        public static final Field FLR            = DEVCAP_LAYOUT.bit("FLR", 0, 28);

        public static final Layout DEVCTL_LAYOUT = new Layout("DEVCTL", 1);
        public static final Field RELAX_EN       = DEVCTL_LAYOUT.bit ("RELAX_EN", 0, 4);
        public static final Field PAYLOAD        = DEVCTL_LAYOUT.bits("PAYLOAD",  0, 7, 5);
        public static final Field READRQ         = DEVCTL_LAYOUT.bits("READRQ",   0, 14, 12);
        public static final Field BCR_FLR        = DEVCTL_LAYOUT.bit ("BCR_FLR",  0, 15);

        public static final Layout DEVSTA_LAYOUT = new Layout("DEVSTA", 1);
        public static final Field URD            = DEVSTA_LAYOUT.bit("URD",   0, 3);
        public static final Field TRPND          = DEVSTA_LAYOUT.bit("TRPND", 0, 5);

        private ExpressCap() { }
    }

    /** Address translation services, an extended capability. */
    public static final class AtsCap {
        public static final int ID = 0x0f;

        public static final int CAP  = 0x04;
        public static final int CTRL = 0x06;

        public static final Layout CAP_LAYOUT  = new Layout("ATS_CAP", 1);
        /** Invalidate queue depth; 0 means 32. */
        public static final Field QDEP         = CAP_LAYOUT.bits("QDEP",         0, 4, 0);
        public static final Field PAGE_ALIGNED = CAP_LAYOUT.bit ("PAGE_ALIGNED", 0, 5);
        public static final Field GLOBAL       = CAP_LAYOUT.bit ("GLOBAL",       0, 6);

        public static final Layout CTRL_LAYOUT = new Layout("ATS_CTRL", 1);
        /** Smallest translation unit, log2 of bytes less 12. */
        public static final Field STU          = CTRL_LAYOUT.bits("STU",    0, 4, 0);
        public static final Field ENABLE       = CTRL_LAYOUT.bit ("Enable", 0, 15);

        private AtsCap() { }
    }

    /** Page request interface, an extended capability. */
    public static final class PriCap {
        public static final int ID = 0x13;

        public static final int CTRL      = 0x04;
        public static final int STATUS    = 0x06;
        public static final int MAX_REQ   = 0x08;
        public static final int ALLOC_REQ = 0x0c;

        public static final Layout CTRL_LAYOUT   = new Layout("PRI_CTRL", 1);
        public static final Field ENABLE         = CTRL_LAYOUT.bit("Enable", 0, 0);
        public static final Field RESET          = CTRL_LAYOUT.bit("Reset",  0, 1);

        public static final Layout STATUS_LAYOUT = new Layout("PRI_STATUS", 1);
        /** Response failure. */
        public static final Field RF             = STATUS_LAYOUT.bit("RF",      0, 0);
        /** A response named a group that is not outstanding. */
        public static final Field UPRGI          = STATUS_LAYOUT.bit("UPRGI",   0, 1);
        public static final Field STOPPED        = STATUS_LAYOUT.bit("Stopped", 0, 8);
        /** PRG responses carry the PASID. */
        public static final Field PASID          = STATUS_LAYOUT.bit("PASID",   0, 15);

        private PriCap() { }
    }

    /** PASID, an extended capability. */
    public static final class PasidCap {
        public static final int ID = 0x1b;

        public static final int CAP  = 0x04;
        public static final int CTRL = 0x06;

        public static final Layout CAP_LAYOUT  = new Layout("PASID_CAP", 1);
        public static final Field CAP_EXEC     = CAP_LAYOUT.bit ("CapExec", 0, 1);
        public static final Field CAP_PRIV     = CAP_LAYOUT.bit ("CapPriv", 0, 2);
        public static final Field WIDTH        = CAP_LAYOUT.bits("Width",   0, 12, 8);

        public static final Layout CTRL_LAYOUT = new Layout("PASID_CTRL", 1);
        public static final Field ENABLE       = CTRL_LAYOUT.bit("Enable", 0, 0);
        public static final Field EXEC         = CTRL_LAYOUT.bit("Exec",   0, 1);
        public static final Field PRIV         = CTRL_LAYOUT.bit("Priv",   0, 2);

        private PasidCap() { }
    }
}
