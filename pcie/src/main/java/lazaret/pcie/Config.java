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
    /** Of a bridge: primary, secondary and subordinate bus, 8 bits each. See {@link Buses}. */
    public static final int BUSES       = 0x18;
    /** Of a bridge. See {@link BridgeControl}. */
    public static final int BRIDGE_CONTROL = 0x3e;
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

    /** Bus numbers of a bridge, one 32-bit register. */
    public static final class Buses {
        public static final Layout LAYOUT = new Layout("Buses", 1);

        public static final Field PRIMARY     = LAYOUT.bits("Primary",     0, 7, 0);
        public static final Field SECONDARY   = LAYOUT.bits("Secondary",   0, 15, 8);
        public static final Field SUBORDINATE = LAYOUT.bits("Subordinate", 0, 23, 16);

        private Buses() { }
    }

    /** Bridge control register. */
    public static final class BridgeControl {
        public static final Layout LAYOUT = new Layout("BridgeControl", 1);

        /** Secondary bus reset: while it is set, everything below is in a hot reset. */
        public static final Field SBR = LAYOUT.bit("SBR", 0, 6);

        private BridgeControl() { }
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

    /** Power management capability. */
    public static final class PmCap {
        public static final int ID = 0x01;

        public static final int PMCSR = 0x04;

        public static final Layout PMCSR_LAYOUT = new Layout("PMCSR", 1);
        /** {@link #D0} or {@link #D3_HOT}; the states between are not implemented. */
        public static final Field POWER_STATE   = PMCSR_LAYOUT.bits("PowerState", 0, 1, 0);
        /** Waking up resets nothing. */
        public static final Field NO_SOFT_RESET = PMCSR_LAYOUT.bit ("NoSoftReset", 0, 3);

        public static final int D0     = 0;
        public static final int D3_HOT = 3;

        private PmCap() { }
    }

    /** Advanced features capability: a function level reset for functions of conventional PCI. */
    public static final class AfCap {
        public static final int ID = 0x13;

        /** 8 bits. */
        public static final int CAP    = 0x03;
        /** 8 bits. */
        public static final int CTRL   = 0x04;
        /** 8 bits. */
        public static final int STATUS = 0x05;

        public static final Layout CAP_LAYOUT    = new Layout("AF_CAP", 1);
        public static final Field CAP_TP         = CAP_LAYOUT.bit("CapTP",  0, 0);
        public static final Field CAP_FLR        = CAP_LAYOUT.bit("CapFLR", 0, 1);

        public static final Layout CTRL_LAYOUT   = new Layout("AF_CTRL", 1);
        public static final Field INITIATE_FLR   = CTRL_LAYOUT.bit("InitiateFLR", 0, 0);

        public static final Layout STATUS_LAYOUT = new Layout("AF_STATUS", 1);
        public static final Field TP             = STATUS_LAYOUT.bit("TP", 0, 0);

        private AfCap() { }
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

        // Of ports.
        public static final int LNKCTL = 0x10;
        public static final int LNKSTA = 0x12;
        public static final int SLTCTL = 0x18;
        public static final int SLTSTA = 0x1a;

        public static final Layout LNKCTL_LAYOUT = new Layout("LNKCTL", 1);
        /** Link disable. */
        public static final Field LD             = LNKCTL_LAYOUT.bit("LD", 0, 4);

        public static final Layout LNKSTA_LAYOUT = new Layout("LNKSTA", 1);
        /** Data link layer active: the link is up. */
        public static final Field DLLLA          = LNKSTA_LAYOUT.bit("DLLLA", 0, 13);

        public static final Layout SLTCTL_LAYOUT = new Layout("SLTCTL", 1);
        /** An interrupt for a change of presence. */
        public static final Field PDCE           = SLTCTL_LAYOUT.bit("PDCE",   0, 3);
        /** Interrupts of the slot at all. */
        public static final Field HPIE           = SLTCTL_LAYOUT.bit("HPIE",   0, 5);
        /** An interrupt for a change of the link. */
        public static final Field DLLSCE         = SLTCTL_LAYOUT.bit("DLLSCE", 0, 12);

        public static final Layout SLTSTA_LAYOUT = new Layout("SLTSTA", 1);
        /** Presence changed. */
        public static final Field PDC            = SLTSTA_LAYOUT.bit("PDC",   0, 3);
        /** Something is in the slot. */
        public static final Field PDS            = SLTSTA_LAYOUT.bit("PDS",   0, 6);
        /** The link changed. */
        public static final Field DLLSC          = SLTSTA_LAYOUT.bit("DLLSC", 0, 8);

        private ExpressCap() { }
    }

    /** Access control services of a port, an extended capability. CAP says what there is, CTRL what is on. */
    public static final class AcsCap {
        public static final int ID = 0x0d;

        public static final int CAP  = 0x04;
        public static final int CTRL = 0x06;

        public static final Layout LAYOUT = new Layout("ACS", 1);
        /** Source validation: requester ids must belong below the port. */
        public static final Field SV      = LAYOUT.bit("SV", 0, 0);
        /** Translation blocking: nothing that is not untranslated. */
        public static final Field TB      = LAYOUT.bit("TB", 0, 1);
        /** Requests for a peer are redirected upwards. */
        public static final Field RR      = LAYOUT.bit("RR", 0, 2);
        /** So are completions for a peer. */
        public static final Field CR      = LAYOUT.bit("CR", 0, 3);
        /** Upstream forwarding. */
        public static final Field UF      = LAYOUT.bit("UF", 0, 4);
        /** Egress control. */
        public static final Field EC      = LAYOUT.bit("EC", 0, 5);
        /** Translated requests for a peer are not redirected. */
        public static final Field DT      = LAYOUT.bit("DT", 0, 6);

        private AcsCap() { }
    }

    /** Advanced error reporting, an extended capability: what a root port has of it. */
    public static final class AerCap {
        public static final int ID = 0x01;

        public static final int ROOT_COMMAND = 0x2c;
        public static final int ROOT_STATUS  = 0x30;
        /** 16 bits: who sent the first uncorrectable error. */
        public static final int UNCOR_SOURCE = 0x36;

        public static final Layout COMMAND_LAYOUT = new Layout("ROOT_COMMAND", 1);
        /** An interrupt for a message of a non-fatal error. */
        public static final Field NONFATAL_EN     = COMMAND_LAYOUT.bit("NonfatalEn", 0, 1);
        /** An interrupt for a message of a fatal error. */
        public static final Field FATAL_EN        = COMMAND_LAYOUT.bit("FatalEn",    0, 2);

        public static final Layout STATUS_LAYOUT  = new Layout("ROOT_STATUS", 1);
        /** A message of an uncorrectable error came. */
        public static final Field UNCOR_RCV       = STATUS_LAYOUT.bit("UncorRcv",      0, 2);
        /** More than one did. */
        public static final Field MULTI_UNCOR_RCV = STATUS_LAYOUT.bit("MultiUncorRcv", 0, 3);
        public static final Field NONFATAL_RCV    = STATUS_LAYOUT.bit("NonfatalRcv",   0, 5);
        public static final Field FATAL_RCV       = STATUS_LAYOUT.bit("FatalRcv",      0, 6);

        private AerCap() { }
    }

    /** Downstream port containment, an extended capability. */
    public static final class DpcCap {
        public static final int ID = 0x1d;

        public static final int CAP       = 0x04;
        public static final int CTL       = 0x06;
        public static final int STATUS    = 0x08;
        public static final int SOURCE_ID = 0x0a;

        public static final Layout CAP_LAYOUT    = new Layout("DPC_CAP", 1);
        public static final Field SW_TRIGGER     = CAP_LAYOUT.bit("SW_TRIGGER", 0, 7);
        public static final Field DL_ACTIVE      = CAP_LAYOUT.bit("DL_ACTIVE",  0, 12);

        public static final Layout CTL_LAYOUT    = new Layout("DPC_CTL", 1);
        /** What triggers it: {@link #OFF}, {@link #FATAL} or {@link #NON_FATAL}. */
        public static final Field TRIGGER_ENABLE = CTL_LAYOUT.bits("TriggerEnable", 0, 1, 0);
        public static final Field INT_EN         = CTL_LAYOUT.bit ("INT_EN",        0, 3);
        /** Triggers it when written with 1; reads as 0. */
        public static final Field TRIGGER_NOW    = CTL_LAYOUT.bit ("TriggerNow",    0, 6);

        public static final Layout STATUS_LAYOUT = new Layout("DPC_STATUS", 1);
        /** The port is contained; a 1 releases it. */
        public static final Field TRIGGER        = STATUS_LAYOUT.bit ("Trigger",   0, 0);
        public static final Field REASON         = STATUS_LAYOUT.bits("Reason",    0, 2, 1);
        public static final Field INTERRUPT      = STATUS_LAYOUT.bit ("Interrupt", 0, 3);
        /** Of a root port: not to be released yet. */
        public static final Field RP_BUSY        = STATUS_LAYOUT.bit ("RpBusy",    0, 4);
        public static final Field REASON_EXT     = STATUS_LAYOUT.bits("ReasonExt", 0, 6, 5);

        public static final int OFF       = 0;
        public static final int FATAL     = 1;
        public static final int NON_FATAL = 2;

        private DpcCap() { }
    }

    /** Whatever a vendor or consortium defines, an extended capability. */
    public static final class DvsecCap {
        public static final int ID = 0x23;

        /** Who defined it. */
        public static final int VENDOR   = 0x04;
        /** What it is to them. */
        public static final int DVSEC_ID = 0x08;

        private DvsecCap() { }
    }

    /** Of a CXL port, a {@link DvsecCap}. */
    public static final class CxlPortCap {
        public static final int VENDOR = 0x1e98;
        public static final int ID     = 3;

        public static final int CTL = 0x0c;

        public static final Layout CTL_LAYOUT = new Layout("CXL_PORT_CTL", 1);
        /** A secondary bus reset gets through. */
        public static final Field UNMASK_SBR  = CTL_LAYOUT.bit("UnmaskSbr", 0, 0);

        private CxlPortCap() { }
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

    /** Single root I/O virtualisation of a physical function, an extended capability. */
    public static final class SriovCap {
        public static final int ID = 0x10;

        public static final int CTRL  = 0x08;
        /** How many there may be, here and in {@link #TOTAL}. */
        public static final int INITIAL = 0x0c;
        public static final int TOTAL   = 0x0e;

        public static final Layout CTRL_LAYOUT = new Layout("SRIOV_CTRL", 1);
        /** The virtual functions are there. */
        public static final Field VF_ENABLE    = CTRL_LAYOUT.bit("VfEnable", 0, 0);

        private SriovCap() { }
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
