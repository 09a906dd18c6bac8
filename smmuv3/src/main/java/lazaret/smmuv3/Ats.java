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
        AccessType asked = request.type();
        boolean priv = asked.overridden(ste).privileged();
        Rights.Mode may = by.permits().mode(priv);
        boolean read = switch (ste.instCfg()) {
            case INCOMING, DATA -> may.read();
            case INST -> may.exec();
        };
        boolean exec = asked.instruction() && switch (ste.instCfg()) {
            case INCOMING -> may.read() && may.exec();
            case DATA -> may.read();
            case INST -> may.exec();
        };
        boolean write = may.write() && !by.clean();
        if (!read && !write) {
            return 0;
        }
        long flags = AtsEntry.R.prep(read) | AtsEntry.W.prep(write)
                | AtsEntry.EXE.prep(exec) | AtsEntry.PRIV.prep(asked.privileged());
        boolean split = ste.eats() == Ste.Eats.S1CHK;
        long address = split ? by.ipa(request.iova()) : by.pa(request.iova());
        return AtsEntry.encode(address, Math.min(by.log2size() - 12, AtsSpan.ALL), flags);
    }
}
