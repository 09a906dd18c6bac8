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
 */
final class Inbox {
    /** Where an admitted TLP goes that goes nowhere: a message. */
    static final long MESSAGE = 0;

    private static final int FIRST_ROOM = 16;
    private static final long ADMITTED = 1;
    private static final long GONE = 2;
    private static final long VERDICT = 7;

    /** A power of two of slots. A verdict word is a physical address, a multiple of 8, and the verdict. */
    private record Slots(List<Ref<Tlp>> tlps, Words verdicts) {
        static Slots of(Undo undo, int room) {
            List<Ref<Tlp>> tlps = new ArrayList<>();
            for (int i = 0; i < room; i++) {
                tlps.add(new Ref<>(undo, null));
            }
            return new Slots(List.copyOf(tlps), new Words(undo, room));
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
        if (sent.get() - landed.get() == slots.get().tlps.size()) {
            grow();
        }
        Slots s = slots.get();
        s.tlps.get(s.at(sent.get())).set(tlp);
        sent.add(1);
    }

    private void grow() {
        Slots old = slots.get();
        Slots wide = Slots.of(undo, old.tlps.size() * 2);
        for (long p = landed.get(); p < sent.get(); p++) {
            wide.tlps.get(wide.at(p)).set(old.tlps.get(old.at(p)).get());
            wide.verdicts.set(wide.at(p), old.verdicts.get(old.at(p)));
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

    /** Is there one to be checked? */
    boolean arrived() {
        return checked.get() != sent.get();
    }

    /** The next one to be checked. */
    Tlp unchecked() {
        Slots s = slots.get();
        return s.tlps.get(s.at(checked.get())).get();
    }

    /** That one may go to {@code pa}, or is a {@link #MESSAGE}. */
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

    /** Is there one to land? */
    boolean admitted() {
        return landed.get() != checked.get();
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
        landed.add(1);
        skip();
    }

    private void skip() {
        Slots s = slots.get();
        while (landed.get() != checked.get() && s.verdicts.get(s.at(landed.get())) == GONE) {
            landed.add(1);
        }
    }

    /** The TLP at a position between {@link #landed} and {@link #checked}; null if it came to nothing. */
    Tlp tlp(long position) {
        Slots s = slots.get();
        return s.verdicts.get(s.at(position)) == GONE ? null : s.tlps.get(s.at(position)).get();
    }
}
