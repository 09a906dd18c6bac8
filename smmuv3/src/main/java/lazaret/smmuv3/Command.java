// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

import java.util.List;
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
import static lazaret.smmuv3.Cmd.PFSIZE;
import static lazaret.smmuv3.Cmd.PRGINDEX;
import static lazaret.smmuv3.Cmd.RANGE;
import static lazaret.smmuv3.Cmd.RESP;
import static lazaret.smmuv3.Cmd.SID;
import static lazaret.smmuv3.Cmd.SIZE;
import static lazaret.smmuv3.Cmd.SSID;
import static lazaret.smmuv3.Cmd.SSV;
import static lazaret.smmuv3.Cmd.STAG;
import static lazaret.smmuv3.Cmd.VMID;

import lazaret.machine.Coded;

/**
 * An entry of the command queue: two words. What cannot be a command of the Non-secure queue is {@link
 * Illegal}, never an exception. Decoding ignores bits that are reserved in the command; {@link #reserved}
 * tells which of them are set. Whether a given SMMU has the command at all is another question. Addresses are
 * kept in place, not shifted.
 *
 * @spec IHI0070 4.1
 * @kernel arm_smmu_cmdq_build_cmd
 */
public sealed interface Command {
    /** The operation; null for an {@link Illegal} whose code means nothing. */
    Op op();

    default long w0() {
        return op().code();
    }

    default long w1() {
        return 0;
    }

    /** One line as a kernel engineer would print it: {@code ATC_INV sid=0x100 addr=0x12345000 size=0}. */
    default String text() {
        return op().print(w0(), w1());
    }

    /** The command in two words of the queue. */
    static Command decode(long w0, long w1) {
        Op op = Op.of(Cmd.OPCODE.getInt(w0));
        if (op == null || Cmd.SSEC.test(w0)) {
            return new Illegal(w0, w1);
        }
        return switch (op) {
            case PREFETCH_CONFIG -> new PrefetchConfig(SID.getInt(w0), SSV.test(w0), SSID.getInt(w0));
            case PREFETCH_ADDR -> PrefetchAddr.of(w0, w1);
            case CFGI_STE -> new CfgiSte(SID.getInt(w0), LEAF.test(w1));
            case CFGI_STE_RANGE -> CfgiSteRange.of(w0, w1);
            case CFGI_CD -> new CfgiCd(SID.getInt(w0), SSID.getInt(w0), LEAF.test(w1));
            case CFGI_CD_ALL -> new CfgiCdAll(SID.getInt(w0));
            case CFGI_VMS_PIDM -> new CfgiVmsPidm(VMID.getInt(w0));
            case TLBI_NH_ALL -> new TlbiNhAll(VMID.getInt(w0));
            case TLBI_NH_ASID -> new TlbiNhAsid(VMID.getInt(w0), ASID.getInt(w0));
            case TLBI_NH_VA -> TlbiNhVa.of(w0, w1);
            case TLBI_NH_VAA -> TlbiNhVaa.of(w0, w1);
            case TLBI_EL2_ALL -> new TlbiEl2All();
            case TLBI_EL2_ASID -> new TlbiEl2Asid(ASID.getInt(w0));
            case TLBI_EL2_VA -> TlbiEl2Va.of(w0, w1);
            case TLBI_EL2_VAA -> TlbiEl2Vaa.of(w0, w1);
            case TLBI_S12_VMALL -> new TlbiS12Vmall(VMID.getInt(w0));
            case TLBI_S2_IPA -> TlbiS2Ipa.of(w0, w1);
            case TLBI_NSNH_ALL -> new TlbiNsnhAll();
            case ATC_INV -> AtcInv.of(w0, w1);
            case PRI_RESP -> PriResp.of(w0, w1);
            case RESUME -> new Resume(SID.getInt(w0), STAG.getInt(w1), AC.test(w0), AB.test(w0));
            case STALL_TERM -> new StallTerm(SID.getInt(w0));
            case SYNC -> Sync.of(w0, w1);
            case DPTI_ALL, DPTI_PA -> new Dpti(op, w0, w1);
            case TLBI_EL3_ALL, TLBI_EL3_VA, TLBI_S_EL2_ALL, TLBI_S_EL2_ASID, TLBI_S_EL2_VA, TLBI_S_EL2_VAA,
                 TLBI_S_S12_VMALL, TLBI_S_S2_IPA, TLBI_SNH_ALL -> new Illegal(w0, w1);
        };
    }

    /**
     * Bits set in the command {@code w0, w1} that are reserved there, taken from its word {@code word}. An
     * SMMU may ignore them or refuse the command.
     */
    static long reserved(int word, long w0, long w1) {
        Op op = Op.of(Cmd.OPCODE.getInt(w0));
        return op == null ? 0 : op.res0(word) & (word == 0 ? w0 : w1);
    }

    /** Hint: fetch configuration early. */
    record PrefetchConfig(int sid, boolean ssv, int ssid) implements Command {
        public Op op() { return Op.PREFETCH_CONFIG; }
        public long w0() { return op().code() | stream(sid) | SSV.prep(ssv) | SSID.prep(ssid); }
    }

    /** Hint: translate 2<sup>size</sup> pages early. */
    record PrefetchAddr(int sid, boolean ssv, int ssid, long address, int size) implements Command {
        static PrefetchAddr of(long w0, long w1) {
            return new PrefetchAddr(SID.getInt(w0), SSV.test(w0), SSID.getInt(w0), ADDRESS.in(w1),
                    PFSIZE.getInt(w1));
        }
        public Op op() { return Op.PREFETCH_ADDR; }
        public long w0() { return op().code() | stream(sid) | SSV.prep(ssv) | SSID.prep(ssid); }
        public long w1() { return ADDRESS.in(address) | PFSIZE.prep(size); }
    }

    /** Forget the STE of a stream and all its CDs; without {@code leaf} also the level-1 descriptor. */
    record CfgiSte(int sid, boolean leaf) implements Command {
        public Op op() { return Op.CFGI_STE; }
        public long w0() { return op().code() | stream(sid); }
        public long w1() { return LEAF.prep(leaf); }
    }

    /**
     * Forget the configuration of 2<sup>range+1</sup> streams around {@code sid}; range 31 is {@link
     * CfgiAll}.
     */
    record CfgiSteRange(int sid, int range) implements Command {
        private static final int EVERYTHING = 31;

        static Command of(long w0, long w1) {
            int range = RANGE.getInt(w1);
            return range == EVERYTHING ? new CfgiAll() : new CfgiSteRange(SID.getInt(w0), range);
        }

        /** Is {@code stream} among those meant? */
        public boolean covers(int stream) {
            return ((long) (sid ^ stream) & 0xffff_ffffL) >>> range + 1 == 0;
        }
        public Op op() { return Op.CFGI_STE_RANGE; }
        public long w0() { return op().code() | stream(sid); }
        public long w1() { return RANGE.prep(range); }
    }

    /** Forget all configuration. */
    record CfgiAll() implements Command {
        public Op op() { return Op.CFGI_STE_RANGE; }
        public long w1() { return RANGE.prep(CfgiSteRange.EVERYTHING); }
        public String text() { return "CFGI_ALL"; }
    }

    /** Forget one CD of a stream; without {@code leaf} also the level-1 descriptor. */
    record CfgiCd(int sid, int ssid, boolean leaf) implements Command {
        public Op op() { return Op.CFGI_CD; }
        public long w0() { return op().code() | stream(sid) | SSID.prep(ssid); }
        public long w1() { return LEAF.prep(leaf); }
    }

    /** Forget all CDs of a stream. */
    record CfgiCdAll(int sid) implements Command {
        public Op op() { return Op.CFGI_CD_ALL; }
        public long w0() { return op().code() | stream(sid); }
    }

    /** Forget the PARTID map of a VM. */
    record CfgiVmsPidm(int vmid) implements Command {
        public Op op() { return Op.CFGI_VMS_PIDM; }
        public long w0() { return op().code() | VMID.prep(vmid); }
    }

    /** Forget all stage-1 translations of a VM, global ones too. */
    record TlbiNhAll(int vmid) implements Command {
        public Op op() { return Op.TLBI_NH_ALL; }
        public long w0() { return op().code() | VMID.prep(vmid); }
    }

    /** Forget the non-global translations of an address space. */
    record TlbiNhAsid(int vmid, int asid) implements Command {
        public Op op() { return Op.TLBI_NH_ASID; }
        public long w0() { return op().code() | VMID.prep(vmid) | ASID.prep(asid); }
    }

    /** Forget what an address space, or a global entry, says about an address or range. */
    record TlbiNhVa(int vmid, int asid, long address, boolean leaf, TlbRange range) implements Command {
        static TlbiNhVa of(long w0, long w1) {
            return new TlbiNhVa(VMID.getInt(w0), ASID.getInt(w0), ADDRESS.in(w1), LEAF.test(w1),
                    TlbRange.of(w0, w1));
        }
        public Op op() { return Op.TLBI_NH_VA; }
        public long w0() { return op().code() | VMID.prep(vmid) | ASID.prep(asid) | range.w0(); }
        public long w1() { return ADDRESS.in(address) | LEAF.prep(leaf) | range.w1(); }
    }

    /** As {@link TlbiNhVa}, whatever the address space. */
    record TlbiNhVaa(int vmid, long address, boolean leaf, TlbRange range) implements Command {
        static TlbiNhVaa of(long w0, long w1) {
            return new TlbiNhVaa(VMID.getInt(w0), ADDRESS.in(w1), LEAF.test(w1), TlbRange.of(w0, w1));
        }
        public Op op() { return Op.TLBI_NH_VAA; }
        public long w0() { return op().code() | VMID.prep(vmid) | range.w0(); }
        public long w1() { return ADDRESS.in(address) | LEAF.prep(leaf) | range.w1(); }
    }

    /** Forget all EL2 translations. */
    record TlbiEl2All() implements Command {
        public Op op() { return Op.TLBI_EL2_ALL; }
    }

    /** Forget the non-global EL2 translations of an address space. */
    record TlbiEl2Asid(int asid) implements Command {
        public Op op() { return Op.TLBI_EL2_ASID; }
        public long w0() { return op().code() | ASID.prep(asid); }
    }

    /** As {@link TlbiNhVa}, for EL2. */
    record TlbiEl2Va(int asid, long address, boolean leaf, TlbRange range) implements Command {
        static TlbiEl2Va of(long w0, long w1) {
            return new TlbiEl2Va(ASID.getInt(w0), ADDRESS.in(w1), LEAF.test(w1), TlbRange.of(w0, w1));
        }
        public Op op() { return Op.TLBI_EL2_VA; }
        public long w0() { return op().code() | ASID.prep(asid) | range.w0(); }
        public long w1() { return ADDRESS.in(address) | LEAF.prep(leaf) | range.w1(); }
    }

    /** As {@link TlbiNhVaa}, for EL2. */
    record TlbiEl2Vaa(long address, boolean leaf, TlbRange range) implements Command {
        static TlbiEl2Vaa of(long w0, long w1) {
            return new TlbiEl2Vaa(ADDRESS.in(w1), LEAF.test(w1), TlbRange.of(w0, w1));
        }
        public Op op() { return Op.TLBI_EL2_VAA; }
        public long w0() { return op().code() | range.w0(); }
        public long w1() { return ADDRESS.in(address) | LEAF.prep(leaf) | range.w1(); }
    }

    /** Forget all translations of a VM, both stages. */
    record TlbiS12Vmall(int vmid) implements Command {
        public Op op() { return Op.TLBI_S12_VMALL; }
        public long w0() { return op().code() | VMID.prep(vmid); }
    }

    /** Forget what stage 2 of a VM says about an address or range. */
    record TlbiS2Ipa(int vmid, long ipa, boolean leaf, TlbRange range) implements Command {
        static TlbiS2Ipa of(long w0, long w1) {
            return new TlbiS2Ipa(VMID.getInt(w0), IPA.in(w1), LEAF.test(w1), TlbRange.of(w0, w1));
        }
        public Op op() { return Op.TLBI_S2_IPA; }
        public long w0() { return op().code() | VMID.prep(vmid) | range.w0(); }
        public long w1() { return IPA.in(ipa) | LEAF.prep(leaf) | range.w1(); }
    }

    /** Forget all translations except those of EL2. */
    record TlbiNsnhAll() implements Command {
        public Op op() { return Op.TLBI_NSNH_ALL; }
    }

    /**
     * Ask a device to drop what its ATC holds about 2<sup>size</sup> pages; completes only at the next {@link
     * Sync}.
     *
     * @param ssv  send {@code ssid} as PASID; without it the request carries no PASID
     * @param size above {@link AtcSpan#ALL} it is illegal here; the architecture leaves that open
     * @kernel arm_smmu_atc_inv_to_cmd
     */
    record AtcInv(int sid, boolean ssv, int ssid, boolean global, long address, int size) implements Command {
        static AtcInv of(long w0, long w1) {
            return new AtcInv(SID.getInt(w0), SSV.test(w0), SSID.getInt(w0), GLOBAL.test(w0),
                    ADDRESS.in(w1), SIZE.getInt(w1));
        }
        public Op op() { return Op.ATC_INV; }

        @Override
        public long w0() {
            return op().code() | stream(sid) | SSV.prep(ssv) | SSID.prep(ssid) | GLOBAL.prep(global);
        }
        public long w1() { return ADDRESS.in(address) | SIZE.prep(size); }
    }

    /** How a page request group ended. Code 3 does not exist. */
    enum Resp implements Coded {
        FAILURE, INVALID, SUCCESS;

        @Override
        public int code() {
            return ordinal();
        }
    }

    /** Answer a page request group. */
    record PriResp(int sid, boolean ssv, int ssid, int prgIndex, Resp resp) implements Command {
        static Command of(long w0, long w1) {
            int resp = RESP.getInt(w1);
            if (resp == Resp.values().length) {
                return new Illegal(w0, w1);
            }
            return new PriResp(SID.getInt(w0), SSV.test(w0), SSID.getInt(w0), PRGINDEX.getInt(w1),
                    Resp.values()[resp]);
        }
        public Op op() { return Op.PRI_RESP; }
        public long w0() { return op().code() | stream(sid) | SSV.prep(ssv) | SSID.prep(ssid); }
        public long w1() { return PRGINDEX.prep(prgIndex) | RESP.prep(resp); }
    }

    /** Retry a stalled transaction or terminate it, with an abort or with nothing. */
    record Resume(int sid, int stag, boolean retry, boolean abort) implements Command {
        public Op op() { return Op.RESUME; }
        public long w0() { return op().code() | stream(sid) | AC.prep(retry) | AB.prep(abort); }
        public long w1() { return STAG.prep(stag); }
    }

    /** Terminate all stalled transactions of a stream. */
    record StallTerm(int sid) implements Command {
        public Op op() { return Op.STALL_TERM; }
        public long w0() { return op().code() | stream(sid); }
    }

    /** How a SYNC says that it is done, besides CONS. Code 3 does not exist. */
    enum Cs implements Coded {
        NONE, IRQ, SEV;

        static final List<Cs> ALL = List.of(values());

        @Override
        public int code() {
            return ordinal();
        }
    }

    /**
     * Wait for the commands before it.
     *
     * @param msiAddress where {@code msiData} is written on completion if {@code cs} is IRQ; 0 is nowhere
     * @kernel arm_smmu_cmdq_build_sync_cmd
     */
    record Sync(Cs cs, int msh, int msiAttr, int msiData, long msiAddress) implements Command {
        private static final int ISH = 3;
        private static final int WB = 0xf;

        /** Done when CONS has passed it; says so with an event to waiting CPUs where the SMMU can. */
        public static final Sync SEV = new Sync(Cs.SEV, ISH, WB, 0, 0);

        /** Done when the 32 bits at {@code address} are zero; the kernel names the command's own slot. */
        public static Sync msi(long address) {
            return new Sync(Cs.IRQ, ISH, WB, 0, address);
        }

        static Command of(long w0, long w1) {
            int cs = CS.getInt(w0);
            if (cs == Cs.ALL.size()) {
                return new Illegal(w0, w1);
            }
            return new Sync(Cs.ALL.get(cs), MSH.getInt(w0), MSIATTR.getInt(w0), MSIDATA.getInt(w0),
                    MSIADDRESS.in(w1));
        }
        public Op op() { return Op.SYNC; }

        @Override
        public long w0() {
            long data = MSIDATA.prep(Integer.toUnsignedLong(msiData));
            return op().code() | CS.prep(cs) | MSH.prep(msh) | MSIATTR.prep(msiAttr) | data;
        }
        public long w1() { return MSIADDRESS.in(msiAddress); }
    }

    /** Invalidation of device permission tables; operands not known to this project. */
    record Dpti(Op op, long w0, long w1) implements Command { }

    /** Not a command of the Non-secure queue: CERROR_ILL. */
    record Illegal(long w0, long w1) implements Command {
        public Op op() { return Op.of(Cmd.OPCODE.getInt(w0)); }

        @Override
        public String text() {
            String name = op() == null ? "opcode 0x" + Long.toHexString(Cmd.OPCODE.get(w0)) : op().name();
            return "illegal " + name + " 0x" + Long.toHexString(w0) + " 0x" + Long.toHexString(w1);

    }
    }

    private static long stream(int sid) {
        return SID.prep(Integer.toUnsignedLong(sid));
    }
}
