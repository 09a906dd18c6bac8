// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

import lazaret.pcie.AtsEntry;
import lazaret.pcie.AtsSpan;

/**
 * The SMMU's side of address translation services, as pure functions.
 *
 * @spec IHI0070 3.9
 */
public final class Ats {
    private Ats() {
    }

    /** What STE.EATS of a legal entry amounts to on an SMMU with these registers. */
    public static Ste.Eats effective(Ste ste, Regs regs) {
        boolean translates = switch (ste.config()) {
            case ABORT, BYPASS -> false;
            case S1_TRANS, S2_TRANS, NESTED -> true;
        };
        if (!translates || !regs.idr().has(Idr0.ATS)) {
            return Ste.Eats.ABT;
        }
        return switch (ste.eats()) {
            case ABT -> Ste.Eats.ABT;
            case TRANS -> Ste.Eats.TRANS;
            case S1CHK -> regs.atschk() ? Ste.Eats.S1CHK : Ste.Eats.ABT;
            case DPT -> regs.atschk() && regs.idr().has(Idr3.DPT) ? Ste.Eats.DPT : Ste.Eats.ABT;
        };
    }

    /**
     * The word of a successful translation completion: what of the request {@code by} permits. Write
     * permission is given whenever there is one, asked or not, unless a descriptor would have to be marked
     * first. No permission gives 0. With EATS=S1CHK the address is an IPA.
     *
     * @param request what was asked, as it arrived
     */
    public static long entry(Transaction request, Ste ste, Translation by) {
        long address = split(ste) ? by.ipa(request.iova()) : by.pa(request.iova());
        return entry(request.type(), ste, by.permits().number(), by.clean(), address, by.log2size());
    }

    /** The same of a walk that has found all it wanted. */
    static long entry(Walk w) {
        int rights = w.s1.rights() & (w.two ? w.s2.rights() : Rights.EVERY);
        boolean clean = w.s1.clean() || w.two && w.s2.clean();
        long pa = w.s1.pa(w.iova);
        long address = split(w.ste) && w.two ? w.s2.va() | pa & w.s2.offsets() : pa;
        return entry(w.type, w.ste.heeded(w.regs.idr()), rights, clean, address, w.s1.log2size());
    }

    private static boolean split(Ste ste) {
        return ste.eats() == Ste.Eats.S1CHK;
    }

    private static long entry(AccessType asked, Ste ste, int rights, boolean clean, long address,
            int log2size) {
        Rights.Mode may = Rights.of(rights).mode(asked.overridden(ste).privileged());
        boolean read = switch (ste.instCfg()) {
            case INCOMING, DATA -> may.read();
            case INST -> may.exec();
        };
        boolean exec = asked.instruction() && switch (ste.instCfg()) {
            case INCOMING -> may.read() && may.exec();
            case DATA -> may.read();
            case INST -> may.exec();
        };
        boolean write = may.write() && !clean;
        if (!read && !write) {
            return 0;
        }
        long flags = AtsEntry.R.prep(read) | AtsEntry.W.prep(write)
                | AtsEntry.EXE.prep(exec) | AtsEntry.PRIV.prep(asked.privileged());
        return AtsEntry.encode(address, Math.min(log2size - 12, AtsSpan.ALL), flags);
    }
}
