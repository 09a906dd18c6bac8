// SPDX-License-Identifier: Apache-2.0
package lazaret.inspect;

import java.util.ArrayList;
import java.util.List;
import lazaret.machine.Memory;
import lazaret.machine.Unmodelled;
import lazaret.smmuv3.Cd;
import lazaret.smmuv3.Event;
import lazaret.smmuv3.L1Cd;
import lazaret.smmuv3.L1Std;
import lazaret.smmuv3.Outcome;
import lazaret.smmuv3.Pte;
import lazaret.smmuv3.Regs;
import lazaret.smmuv3.Ste;
import lazaret.smmuv3.Transaction;
import lazaret.smmuv3.Walk;

/**
 * The way of one transaction through recorded tables: every structure that was read, decoded, and the end.
 *
 * @param steps  one line each: where, what
 * @param result what came of it, null if it met something not modelled
 * @param refusal what that was
 */
public record Trail(List<String> steps, Outcome result, String refusal) {
    /** Walks it, with memory as it is. */
    public static Trail follow(Memory memory, Regs regs, Transaction transaction) {
        var steps = new ArrayList<String>();
        try {
            Walk walk = Walk.start(regs, transaction);
            while (!walk.done()) {
                if (!walk.unknown()) {
                    step(walk, memory, steps);
                }
            }
            return new Trail(List.copyOf(steps), walk.outcome(), null);
        } catch (Unmodelled e) {
            return new Trail(List.copyOf(steps), null, e.getMessage());
        }
    }

    private static void step(Walk walk, Memory memory, List<String> steps) {
        long at = walk.wants();
        if (!memory.backs(at)) {
            steps.add(at(at) + " is in no page of the recording");
            walk.abort();
            return;
        }
        long word = memory.load(at);
        Walk.Need need = walk.needs();
        boolean levelOne = walk.levelOne();
        int level = walk.level();
        walk.step(memory);
        switch (need) {
            case STE -> {
                if (levelOne) {
                    steps.add(at(at) + ' ' + L1Std.L1STD.print(word));
                } else if (walk.ste() != null) {
                    steps.add(at(at - 8L * (Ste.used(walk.ste().w0()) - 1)) + ' ' + walk.ste());
                }
            }
            case CD -> {
                if (levelOne) {
                    steps.add(at(at) + ' ' + L1Cd.L1CD.print(word));
                } else if (walk.cd() != null) {
                    steps.add(at(at - 8L * (Cd.used(walk.cd().w0()) - 1)) + ' ' + walk.cd());
                }
            }
            case TRANSLATION -> steps.add(at(at) + descriptor(" stage 1 level ", level, word, true));
            case STAGE2 -> steps.add(at(at) + descriptor(" stage 2 level ", level, word, false));
            case NOTHING -> throw new IllegalStateException("done");
        }
    }

    private static String descriptor(String stage, int level, long word, boolean first) {
        String pte = first || Pte.table(word, level) ? Pte.print(word, level) : Pte.LEAF2.print(word);
        return stage + level + " 0x" + Long.toHexString(word) + ' ' + pte;
    }

    private static String at(long address) {
        return "0x" + Long.toHexString(address);
    }

    /** The end, in words. */
    public String end() {
        return switch (result) {
            case null -> refusal;
            case Outcome.Translated t -> "pa 0x" + Long.toHexString(t.pa());
            case Outcome.Refused r -> refused(r.event(), r.abort() ? "aborted" : "ignored");
            case Outcome.Stalled s -> refused(s.event(), "stalled");
            case Outcome.Answered a -> a.status() + " 0x" + Long.toHexString(a.entry());
        };
    }

    private static String refused(Event event, String how) {
        return event == null ? how + " without an event" : event.text();
    }
}
