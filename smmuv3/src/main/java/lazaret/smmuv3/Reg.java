// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

import lazaret.machine.Layout;

/**
 * The registers of the Non-secure programming interface, page 0 and page 1. Offsets not named here are
 * reserved. A 64-bit register answers at both of its words.
 *
 * @spec IHI0070 6.2
 */
public enum Reg {
    IDR0             (0x00000, 32, Idr0.IDR0),
    IDR1             (0x00004, 32, Idr1.IDR1),
    IDR2             (0x00008, 32, null),
    IDR3             (0x0000C, 32, Idr3.IDR3),
    IDR4             (0x00010, 32, null),
    IDR5             (0x00014, 32, Idr5.IDR5),
    IIDR             (0x00018, 32, Iidr.IIDR),
    AIDR             (0x0001C, 32, Aidr.AIDR),
    CR0              (0x00020, 32, Cr0.CR0),
    CR0ACK           (0x00024, 32, Cr0.CR0),
    CR1              (0x00028, 32, Cr1.CR1),
    CR2              (0x0002C, 32, Cr2.CR2),
    S2PII            (0x00030, 64, null),
    STATUSR          (0x00040, 32, Statusr.STATUSR),
    GBPA             (0x00044, 32, Gbpa.GBPA),
    AGBPA            (0x00048, 32, null),
    IRQ_CTRL         (0x00050, 32, IrqCtrl.IRQ_CTRL),
    IRQ_CTRLACK      (0x00054, 32, IrqCtrl.IRQ_CTRL),
    GERROR           (0x00060, 32, Gerror.GERROR),
    GERRORN          (0x00064, 32, Gerror.GERROR),
    GERROR_IRQ_CFG0  (0x00068, 64, IrqCfg0.IRQ_CFG0),
    GERROR_IRQ_CFG1  (0x00070, 32, IrqCfg1.IRQ_CFG1),
    GERROR_IRQ_CFG2  (0x00074, 32, IrqCfg2.IRQ_CFG2),
    STRTAB_BASE      (0x00080, 64, StrtabBase.STRTAB_BASE),
    STRTAB_BASE_CFG  (0x00088, 32, StrtabBaseCfg.STRTAB_BASE_CFG),
    CMDQ_BASE        (0x00090, 64, QueueBase.Q_BASE),
    CMDQ_PROD        (0x00098, 32, CmdqProd.CMDQ_PROD),
    CMDQ_CONS        (0x0009C, 32, CmdqCons.CMDQ_CONS),
    EVENTQ_BASE      (0x000A0, 64, QueueBase.Q_BASE),
    EVENTQ_IRQ_CFG0  (0x000B0, 64, IrqCfg0.IRQ_CFG0),
    EVENTQ_IRQ_CFG1  (0x000B8, 32, IrqCfg1.IRQ_CFG1),
    EVENTQ_IRQ_CFG2  (0x000BC, 32, IrqCfg2.IRQ_CFG2),
    PRIQ_BASE        (0x000C0, 64, QueueBase.Q_BASE),
    PRIQ_IRQ_CFG0    (0x000D0, 64, IrqCfg0.IRQ_CFG0),
    PRIQ_IRQ_CFG1    (0x000D8, 32, IrqCfg1.IRQ_CFG1),
    PRIQ_IRQ_CFG2    (0x000DC, 32, IrqCfg2.IRQ_CFG2),
    GATOS_CTRL       (0x00100, 32, null),
    GATOS_SID        (0x00108, 64, null),
    GATOS_ADDR       (0x00110, 64, null),
    GATOS_PAR        (0x00118, 64, null),
    MPAMIDR          (0x00130, 32, null),
    GMPAM            (0x00138, 32, null),
    GBPMPAM          (0x0013C, 32, null),
    VATOS_SEL        (0x00180, 32, null),
    IDR6             (0x00190, 32, Idr6.IDR6),
    DPT_BASE         (0x00200, 64, null),
    DPT_BASE_CFG     (0x00208, 32, null),
    DPT_CFG_FAR      (0x00210, 64, null),
    EVENTQ_PROD      (0x100A8, 32, OutqProd.Q_PROD),
    EVENTQ_CONS      (0x100AC, 32, OutqCons.Q_CONS),
    PRIQ_PROD        (0x100C8, 32, OutqProd.Q_PROD),
    PRIQ_CONS        (0x100CC, 32, OutqCons.Q_CONS);

    /** Offset of page 1 from page 0. */
    public static final int PAGE1 = 0x10000;
    /** Bytes of both pages. */
    public static final int SPACE = 0x20000;

    private static final Reg[] BY_WORD = byWord();

    private final int offset;
    private final int bits;
    private final Layout layout;

    Reg(int offset, int bits, Layout layout) {
        this.offset = offset;
        this.bits = bits;
        this.layout = layout;
    }

    /** The register that {@code offset} belongs to, or null where there is none. */
    public static Reg at(int offset) {
        int word = offset >>> 2;
        return word < BY_WORD.length ? BY_WORD[word] : null;
    }

    /** Offset of its first byte from page 0. */
    public int offset() {
        return offset;
    }

    /** 32 or 64. */
    public int bits() {
        return bits;
    }

    /** Is {@code at}, an offset of this register, that of its upper half? */
    public boolean upper(int at) {
        return at >= offset + 4;
    }

    /** The fields, or null where this project knows only the register's name. */
    public Layout layout() {
        return layout;
    }

    /** The register with its value, {@code CR0[SMMUEN=1 CMDQEN=1]}; in hex where its fields are not known. */
    public String print(long value) {
        if (layout == null) {
            return name() + "=0x" + Long.toHexString(value);
        }
        return name() + layout.print(value).substring(layout.name().length());
    }

    private static Reg[] byWord() {
        Reg[] byWord = new Reg[SPACE / 4];
        for (Reg reg : values()) {
            for (int at = 0; at < reg.bits / 8; at += 4) {
                byWord[reg.offset + at >>> 2] = reg;
            }
        }
        return byWord;
    }
}
