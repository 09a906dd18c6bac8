// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.conform;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongPredicate;
import lazaret.machine.Field;
import lazaret.smmuv3.Event;
import lazaret.smmuv3.EventId;

/**
 * Two SMMUs that do not do the same.
 *
 * @param what   a case that shows it and ends with the act that does
 * @param ours   what that comes to on our model
 * @param theirs and on the other
 */
public record Difference(Case what, Seen ours, Seen theirs) {
    /** Do both answers mean the same? Where nothing is left of an access nobody need say why. */
    static boolean same(Seen ours, Seen theirs) {
        if (ours.event() != null && theirs.event() != null) {
            return words(ours.event()).equals(words(theirs.event()));
        }
        return ours.event() == null && theirs.event() == null
                && untraced(ours.what()).equals(untraced(theirs.what()));
    }

    private static String untraced(String what) {
        return what.equals("passes") || what.equals("aborts") ? "nothing" : what;
    }

    private static List<Long> words(Event event) {
        return List.of(event.w0(), event.w1(), event.w2(), event.w3());
    }

    Step act() {
        return what.steps().getLast();
    }

    /** The address of the access, 0 if it is none. */
    long iova() {
        return switch (act()) {
            case Step.Writes w -> w.iova();
            case Step.Reads r -> r.iova();
            case Step.Commands _, Step.CommandsFromNowhere _, Step.FourFaults _, Step.Change _ -> 0;
        };
    }

    boolean oursIs(EventId id) {
        return ours.event() != null && ours.event().id() == id;
    }

    boolean theirsIs(EventId id) {
        return theirs.event() != null && theirs.event().id() == id;
    }

    /** Do both record the same event, whatever they say of it? */
    boolean bothRecord() {
        return ours.event() != null && theirs.event() != null && ours.event().w0() == theirs.event().w0();
    }

    /** Only in these bits of word 1. */
    boolean differsIn(long mask) {
        Event a = ours.event();
        Event b = theirs.event();
        return ((a.w1() ^ b.w1()) & ~mask) == 0 && a.w2() == b.w2() && a.w3() == b.w3();
    }

    /** Is a field of STE or CD changed? */
    boolean changes(Field field) {
        return what.steps().stream().anyMatch(step -> switch (step) {
            case Step.InSte s -> s.field().equals(field);
            case Step.InCd c -> c.field().equals(field);
            case Step.InTable _, Step.Stage2 _, Step.TwoLevels _, Step.EventQueueOf _, Step.AbortWhileOff _,
                    Step.BackToLinear _, Step.Act _ -> false;
        });
    }

    /** Is a field of the CD changed after something was done, and so perhaps cached? */
    boolean changesLate(Field field) {
        return what.steps().stream().dropWhile(step -> !(step instanceof Step.Act))
                .anyMatch(step -> step instanceof Step.InCd c && c.field().equals(field));
    }

    boolean hasDescriptor(LongPredicate like) {
        return what.steps().stream().anyMatch(step -> step instanceof Step.InTable t && like.test(t.word()));
    }

    /** A command that we refuse was taken. */
    boolean taken() {
        return ours.what().equals("CERROR_ILL") && theirs.what().startsWith("taken");
    }

    /** Lines for people: the case and both answers. */
    public List<String> lines() {
        var lines = new ArrayList<String>();
        what.steps().forEach(step -> lines.add(step.text()));
        lines.add("ours:   " + answer(ours));
        lines.add("theirs: " + answer(theirs));
        return lines;
    }

    /** With the words of the event, if there is one. */
    public static String answer(Seen seen) {
        if (seen.event() == null) {
            return seen.what();
        }
        Event e = seen.event();
        return "%s  %016x %016x %016x %016x".formatted(seen.what(), e.w0(), e.w1(), e.w2(), e.w3());
    }
}
