// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3.hw;

import java.util.ArrayList;
import java.util.List;
import lazaret.machine.Ref;
import lazaret.machine.Undo;
import lazaret.machine.Word;
import lazaret.machine.Words;
import lazaret.pcie.Tlp;

/**
 * What one function sent and memory has not seen yet, in order: first what is past its check, then what is
 * not. Positions count from the first TLP ever; the room grows as needed.
 *
 * <p>Slots, not counters, say what is there, and one is always free: so whoever sends, checks and lands touch
 * nothing in common unless it is the same TLP. What has landed leaves no trace.
 */
final class Inbox {
    private static final int FIRST_ROOM = 16;
    private static final long UNKNOWN = 0;
    private static final long ADMITTED = 1;
    private static final long GONE = 2;
    private static final long VERDICT = 7;

    /**
     * A power of two of slots. A verdict word is a physical address, a multiple of 8, and the verdict.
     * Answers to invalidations have cells of their own, because whoever accesses memory has nothing to do
     * with them.
     */
    private record Slots(List<Ref<Tlp>> tlps, List<Ref<Tlp.InvalidateCompletion>> answers, Words verdicts,
            Words passed) {
        static Slots of(Undo undo, int room) {
            List<Ref<Tlp>> tlps = new ArrayList<>();
            List<Ref<Tlp.InvalidateCompletion>> answers = new ArrayList<>();
            for (int i = 0; i < room; i++) {
                tlps.add(new Ref<>(undo, null));
                answers.add(new Ref<>(undo, null));
            }
            return new Slots(List.copyOf(tlps), List.copyOf(answers), new Words(undo, room),
                    new Words(undo, room));
        }

        boolean isFree(int at) {
            return tlps.get(at).get() == null && answers.get(at).get() == null;
        }

        void put(int at, Tlp tlp) {
            if (tlp instanceof Tlp.InvalidateCompletion answer) {
                answers.get(at).set(answer);
            } else {
                tlps.get(at).set(tlp);
            }
        }

        void clear(int at) {
            tlps.get(at).set(null);
            answers.get(at).set(null);
            verdicts.set(at, UNKNOWN);
            passed.set(at, 0);
        }

        int at(long position) {
            return (int) position & tlps.size() - 1;
        }
    }

    private final Undo undo;
    private final Ref<Slots> slots;
    private final Word landed;
    private final Word checked;
    private final Word sent;

    Inbox(Undo undo) {
        this.undo = undo;
        slots = new Ref<>(undo, Slots.of(undo, FIRST_ROOM));
        landed = new Word(undo);
        checked = new Word(undo);
        sent = new Word(undo);
    }

    void add(Tlp tlp) {
        Slots s = slots.get();
        if (!s.isFree(s.at(sent.get() + 1))) {
            grow();
            s = slots.get();
        }
        s.put(s.at(sent.get()), tlp);
        sent.add(1);
    }

    private void grow() {
        Slots old = slots.get();
        Slots wide = Slots.of(undo, old.tlps.size() * 2);
        for (long p = landed.get(); p < sent.get(); p++) {
            wide.tlps.get(wide.at(p)).set(old.tlps.get(old.at(p)).get());
            wide.answers.get(wide.at(p)).set(old.answers.get(old.at(p)).get());
            wide.verdicts.set(wide.at(p), old.verdicts.get(old.at(p)));
            wide.passed.set(wide.at(p), old.passed.get(old.at(p)));
        }
        slots.set(wide);
    }

    /** Position of the first TLP that has not passed its check, be it there or still to come. */
    long checked() {
        return checked.get();
    }

    /** Position of the first TLP that memory has not seen; all before it have landed or come to nothing. */
    long landed() {
        return landed.get();
    }

    /** Has everything that was sent passed its check? */
    boolean allChecked() {
        return checked.get() == sent.get();
    }

    /** Is there an access to be checked? */
    boolean arrived() {
        return unchecked() != null;
    }

    /** The next one to be checked, or null. */
    Tlp unchecked() {
        Slots s = slots.get();
        return s.tlps.get(s.at(checked.get())).get();
    }

    /** That one may go to {@code pa}. */
    void admit(long pa) {
        verdict(pa & ~VERDICT | ADMITTED);
    }

    /** That one ends here. */
    void dismiss() {
        verdict(GONE);
        skip();
    }

    private void verdict(long word) {
        Slots s = slots.get();
        s.verdicts.set(s.at(checked.get()), word);
        checked.add(1);
    }

    /** Is an answer next that needs no check, and behind which others are checked? */
    boolean answerArrived() {
        Slots s = slots.get();
        return s.answers.get(s.at(checked.get())).get() != null;
    }

    /** That one goes on. */
    void pass() {
        Slots s = slots.get();
        s.passed.set(s.at(checked.get()), 1);
        checked.add(1);
    }

    /** The answer that is next to land, or null. */
    Tlp.InvalidateCompletion answerLanding() {
        Slots s = slots.get();
        int at = s.at(landed.get());
        return s.passed.get(at) == 0 ? null : s.answers.get(at).get();
    }

    /** Is there an access to land? */
    boolean admitted() {
        Slots s = slots.get();
        return s.verdicts.get(s.at(landed.get())) != UNKNOWN;
    }

    /** The next one to land. */
    Tlp landing() {
        return tlp(landed.get());
    }

    /** Where it lands. */
    long landingPa() {
        Slots s = slots.get();
        return s.verdicts.get(s.at(landed.get())) & ~VERDICT;
    }

    /** It has landed. */
    void land() {
        leave(slots.get());
        skip();
    }

    private void skip() {
        Slots s = slots.get();
        while (s.verdicts.get(s.at(landed.get())) == GONE) {
            leave(s);
        }
    }

    private void leave(Slots s) {
        s.clear(s.at(landed.get()));
        landed.add(1);
    }

    /** The TLP at a position between {@link #landed} and {@link #checked}; null if it came to nothing. */
    Tlp tlp(long position) {
        Slots s = slots.get();
        return s.verdicts.get(s.at(position)) == GONE ? null : s.tlps.get(s.at(position)).get();
    }
}
