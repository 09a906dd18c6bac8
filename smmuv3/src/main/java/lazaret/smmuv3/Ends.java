// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

import lazaret.pcie.At;
import lazaret.pcie.CplStatus;

/** The ways in which a walk can end. */
final class Ends {
    private Ends() { }

    /** It may pass: to where the mapping of the last stage says, or with an answer that says so. */
    static void passes(Walk w) {
        if (w.at == At.TRANSLATION_REQUEST) {
            w.ends().answered(CplStatus.SC, Ats.entry(w));
        } else {
            w.ends().translated(w.s1.pa(w.iova));
        }
    }

    /** Nothing translates it. */
    static void untouched(Walk w) {
        w.s1.identity();
        passes(w);
    }

    /** It ends without a word, as Config=ABORT has it. */
    static void silenced(Walk w) {
        if (w.at == At.TRANSLATION_REQUEST) {
            w.ends().answered(CplStatus.UR, 0);
        } else {
            w.ends().refused(true);
        }
    }

    /** ATS where there is none. */
    static void forbidden(Walk w) {
        switch (w.at) {
            case TRANSLATION_REQUEST -> {
                w.verdict().record(new Event.FBadAtsTreq(w.origin(), w.iova));
                w.ends().answered(CplStatus.UR, 0);
            }
            case TRANSLATED -> {
                var origin = new Event.Origin(w.sid, false, 0);
                w.verdict().record(new Event.FTranslForbidden(origin, w.type.write(), w.iova));
                w.ends().refused(true);
            }
            case UNTRANSLATED -> throw new IllegalStateException("no ATS");
        }
    }

    /** The stream has no entry; that is recorded only where software wants to hear of it. */
    static void unknownStream(Walk w) {
        boolean heard = switch (w.at) {
            case UNTRANSLATED -> w.regs.recinvsid();
            case TRANSLATION_REQUEST -> w.regs.recCfgAts() && w.regs.recinvsid();
            case TRANSLATED -> w.regs.recCfgAts();
        };
        broken(w, heard ? new Event.CBadStreamid(w.origin()) : null);
    }

    /** Configuration or tables are wrong or cannot be read. */
    static void misconfigured(Walk w, Event event) {
        broken(w, w.at == At.UNTRANSLATED || w.regs.recCfgAts() ? event : null);
    }

    /** A table of stage 2 cannot be read. */
    static void unreadable(Walk w, Event event) {
        if (w.at == At.TRANSLATED) {
            broken(w, event);
        } else {
            misconfigured(w, event);
        }
    }

    /** Stage 1 is bypassed and the address is too wide to go anywhere. */
    static void outOfRange(Walk w) {
        if (w.at == At.TRANSLATION_REQUEST) {
            w.ends().answered(CplStatus.SC, 0);
        } else {
            w.verdict().record(new Event.FAddrSize(w.origin(), Event.Fault.stage1(w.access(), w.iova)));
            w.ends().refused(true);
        }
    }

    /** Stage 2 refuses the access, or one that it needs: {@code kind} of fault. */
    static void faulted2(Walk w, EventId kind, boolean ttRead) {
        if (w.at == At.TRANSLATION_REQUEST) {
            w.ends().answered(CplStatus.SC, 0);
            return;
        }
        boolean stalls = w.ste.test(Ste.S2S);
        if (stalls || w.ste.test(Ste.S2R)) {
            var fault = Event.Fault.stage2(w.access(), w.place.cls(), w.iova, w.ipa());
            record(w, kind, fault, ttRead);
        }
        stop(w, stalls, true);
    }

    /**
     * Stage 1 refuses the access. What an untranslated transaction gets is for the CD to say; a translation
     * request learns that it may do nothing.
     */
    static void faulted(Walk w, EventId kind) {
        if (w.at == At.TRANSLATION_REQUEST) {
            w.ends().answered(CplStatus.SC, 0);
            return;
        }
        boolean stalls = w.cd.test(Cd.S);
        if (stalls || w.cd.test(Cd.R)) {
            record(w, kind, Event.Fault.stage1(w.access(), w.iova), false);
        }
        stop(w, stalls, w.cd.test(Cd.A));
    }

    private static void stop(Walk w, boolean stalls, boolean abort) {
        if (stalls) {
            w.ends().stalled();
        } else {
            w.ends().refused(abort);
        }
    }

    private static void record(Walk w, EventId kind, Event.Fault fault, boolean ttRead) {
        w.verdict().record(Event.fault(kind, w.origin(), fault, ttRead));
    }

    static void outOfService(Walk w) {
        broken(w, null);
    }

    private static void broken(Walk w, Event event) {
        if (event != null) {
            w.verdict().record(event);
        }
        if (w.at == At.TRANSLATION_REQUEST) {
            w.ends().answered(CplStatus.CA, 0);
        } else {
            w.ends().refused(true);
        }
    }
}
