// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu;

import lazaret.iommu.Quarantine.Happening.AtcTimeout;
import lazaret.iommu.Quarantine.Happening.Attach;
import lazaret.iommu.Quarantine.Happening.AttachFailed;
import lazaret.iommu.Quarantine.Happening.Probe;
import lazaret.iommu.Quarantine.Happening.Release;
import lazaret.iommu.Quarantine.Happening.ResetFailed;
import lazaret.iommu.Quarantine.Happening.ResetOk;
import lazaret.iommu.Quarantine.Happening.ResetPrepare;

/**
 * What ought to become of a device: the specification beside the core's and the driver's own bits. The code
 * does not run on it; the oracle and tests walk it and compare.
 */
public sealed interface Quarantine {
    /** On its domain, ATS as that domain wants it. */
    record Healthy() implements Quarantine { }

    /**
     * It did not answer: hardware refuses its ATS traffic, software sends it no ATC_INV. The core need not
     * know.
     */
    record Fenced() implements Quarantine { }

    /** Everything of it is refused while resets are under way. They nest; {@code depth} is at least 1. */
    record Resetting(int depth) implements Quarantine { }

    /** Everything of it is refused until a reset works. */
    record Stuck(BlockReason why) implements Quarantine { }

    /** Not, or no longer, known to the core. */
    record Gone() implements Quarantine { }

    /** What can happen to a device. */
    sealed interface Happening {
        /** An ATC_INV to it got no positive answer. */
        record AtcTimeout() implements Happening { }

        /** Somebody attached its group to another domain. */
        record Attach() implements Happening { }

        /**
         * It could not be attached where it must go. At the end of a reset: the reset worked, the attach did
         * not.
         */
        record AttachFailed() implements Happening { }

        /** A reset was announced and the announcement succeeded. */
        record ResetPrepare() implements Happening { }

        /** One level of reset ended and had worked. */
        record ResetOk() implements Happening { }

        /** One level of reset ended and had failed. */
        record ResetFailed() implements Happening { }

        record Probe() implements Happening { }

        record Release() implements Happening { }
    }

    /** A state and what happens in it, for one switch over both. */
    record On(Quarantine state, Happening happening) { }

    /**
     * The table. Only a reset that worked, or release, leads out of quarantine; the outermost level of a
     * reset decides.
     */
    static Quarantine next(Quarantine state, Happening happening) {
        return switch (new On(state, happening)) {
            case On(Gone _, Probe _)                                -> new Healthy();
            case On(Gone g, Happening _)                            -> g;
            case On(Quarantine _, Release _)                        -> new Gone();
            case On(Quarantine q, Probe _)                          -> q;
            case On(Quarantine q, Attach _)                         -> q;

            case On(Healthy _, AtcTimeout _)                        -> new Fenced();
            case On(Quarantine q, AtcTimeout _)                     -> q;

            case On(Resetting r, ResetPrepare _)                    -> new Resetting(r.depth() + 1);
            case On(Quarantine _, ResetPrepare _)                   -> new Resetting(1);

            case On(Resetting r, ResetOk _)     when r.depth() > 1  -> new Resetting(r.depth() - 1);
            case On(Resetting r, ResetFailed _) when r.depth() > 1  -> new Resetting(r.depth() - 1);
            case On(Resetting _, ResetOk _)                         -> new Healthy();
            case On(Resetting _, ResetFailed _)                     -> new Stuck(BlockReason.RESET_FAILED);
            case On(Quarantine q, ResetOk _)                        -> q;
            case On(Quarantine q, ResetFailed _)                    -> q;

            case On(Resetting r, AttachFailed _) when r.depth() > 1 -> r;
            case On(Quarantine _, AttachFailed _)                   -> new Stuck(BlockReason.ATTACH_FAILED);
        };
    }

    /** What the core's own bit has to say in this state. */
    default BlockReason blocked() {
        return switch (this) {
            case Healthy _, Fenced _, Gone _ -> BlockReason.NONE;
            case Resetting _                 -> BlockReason.RESET;
            case Stuck(BlockReason why)      -> why;
        };
    }
}
