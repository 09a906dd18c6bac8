// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

import lazaret.pcie.At;
import lazaret.pcie.CplStatus;

/** A transaction at an SMMU with these registers, and the ways in which its walk can end. */
record Asked(Regs regs, Transaction tx) {
    Idr idr() {
        return regs.idr();
    }

    boolean untranslated() {
        return tx.at() == At.UNTRANSLATED;
    }

    StreamWorld world(Ste ste) {
        return StreamWorld.of(ste, idr(), regs.e2h());
    }

    /** The access in the stream's eyes. A translated transaction is plain data. */
    AccessType access(Ste ste) {
        return tx.at() == At.TRANSLATED ? tx.type().plain() : tx.type().overridden(ste);
    }

    /** Do these rights let it pass? A request for rights is content with those there are. */
    boolean allows(Ste ste, Rights rights) {
        return tx.at() == At.TRANSLATION_REQUEST || rights.allows(access(ste));
    }

    /** Of those that pass: will somebody access the page? */
    boolean uses(Ste ste, Rights rights) {
        return tx.at() != At.TRANSLATION_REQUEST || rights.mode(access(ste).privileged()).any();
    }

    /** Of those that pass: will somebody write to the page? */
    boolean dirties(Ste ste, Rights rights) {
        return tx.type().write() && rights.mode(access(ste).privileged()).write();
    }

    Event.Origin origin() {
        return tx.origin();
    }

    /** Is the address more than {@code bits} wide? */
    boolean wider(int bits) {
        return !Idr.fits(tx.iova(), bits);
    }

    /** It may pass: to where {@code by} says, or with an answer that says so. */
    Outcome passes(Ste ste, Translation by) {
        if (tx.at() == At.TRANSLATION_REQUEST) {
            return new Outcome.Answered(CplStatus.SC, Ats.entry(tx, ste, by), null);
        }
        return new Outcome.Translated(by.pa(tx.iova()), by);
    }

    /** It ends without a word, as Config=ABORT has it. */
    Outcome silenced() {
        return tx.at() == At.TRANSLATION_REQUEST
                ? new Outcome.Answered(CplStatus.UR, 0, null)
                : Outcome.Refused.SILENTLY;
    }

    /** ATS where there is none. */
    Outcome forbidden() {
        return switch (tx.at()) {
            case TRANSLATION_REQUEST ->
                new Outcome.Answered(CplStatus.UR, 0, new Event.FBadAtsTreq(origin(), tx.iova()));
            case TRANSLATED -> {
                var origin = new Event.Origin(tx.sid(), false, 0);
                boolean write = tx.type().write();
                yield new Outcome.Refused(new Event.FTranslForbidden(origin, write, tx.iova()), true);
            }
            case UNTRANSLATED -> throw new IllegalStateException("no ATS");
        };
    }

    /** The stream has no entry; that is recorded only where software wants to hear of it. */
    Outcome unknownStream() {
        Event event = new Event.CBadStreamid(origin());
        boolean heard = switch (tx.at()) {
            case UNTRANSLATED -> regs.recinvsid();
            case TRANSLATION_REQUEST -> regs.recCfgAts() && regs.recinvsid();
            case TRANSLATED -> regs.recCfgAts();
        };
        return broken(heard ? event : null);
    }

    /** Configuration or tables are wrong or cannot be read. */
    Outcome misconfigured(Event event) {
        return broken(untranslated() || regs.recCfgAts() ? event : null);
    }

    /** A table of stage 2 cannot be read. */
    Outcome unreadable(Event event) {
        return tx.at() == At.TRANSLATED ? broken(event) : misconfigured(event);
    }

    /** Stage 1 is bypassed and the address is too wide to go anywhere. */
    Outcome outOfRange(Ste ste) {
        if (tx.at() == At.TRANSLATION_REQUEST) {
            return new Outcome.Answered(CplStatus.SC, 0, null);
        }
        var fault = Event.Fault.stage1(access(ste), tx.iova());
        return new Outcome.Refused(new Event.FAddrSize(origin(), fault), true);
    }

    /** Stage 2 refuses the access, or one that it needs. */
    Outcome faulted(Event event, Ste ste) {
        if (tx.at() == At.TRANSLATION_REQUEST) {
            return new Outcome.Answered(CplStatus.SC, 0, null);
        }
        if (ste.test(Ste.S2S)) {
            return new Outcome.Stalled(event);
        }
        return new Outcome.Refused(ste.test(Ste.S2R) ? event : null, true);
    }

    /**
     * Stage 1 refuses the access. What an untranslated transaction gets is for the CD to say; a translation
     * request learns that it may do nothing.
     */
    Outcome faulted(Event event, Cd cd) {
        if (tx.at() == At.TRANSLATION_REQUEST) {
            return new Outcome.Answered(CplStatus.SC, 0, null);
        }
        if (cd.test(Cd.S)) {
            return new Outcome.Stalled(event);
        }
        return new Outcome.Refused(cd.test(Cd.R) ? event : null, cd.test(Cd.A));
    }

    private Outcome broken(Event event) {
        return tx.at() == At.TRANSLATION_REQUEST
                ? new Outcome.Answered(CplStatus.CA, 0, event)
                : new Outcome.Refused(event, true);
    }
}
