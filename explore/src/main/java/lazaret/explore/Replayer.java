// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import java.util.List;
import lazaret.machine.Chance;
import lazaret.machine.Strand;

/** Takes the decisions of an earlier run again, and says so when the run turns out to be another one. */
public final class Replayer implements Chance {
    /** The run at hand does not have the choices that were recorded. */
    public static final class Diverged extends RuntimeException {
        Diverged(String what) {
            super("this is not the recorded run: " + what);
        }
    }

    private final List<Choice> choices;
    private int next;

    public Replayer(List<Choice> choices) {
        this.choices = List.copyOf(choices);
    }

    /** Were all recorded decisions taken? */
    public boolean finished() {
        return next == choices.size();
    }

    /** How many decisions were taken. */
    public int taken() {
        return next;
    }

    @Override
    public int pick(int n, String why) {
        Choice choice = take(false, n);
        if (!choice.reason().equals(why)) {
            throw diverged(choice, "the run decides \"" + why + "\"");
        }
        return choice.picked();
    }

    @Override
    public int who(Strand[] enabled, int n) {
        Choice choice = take(true, n);
        if (!choice.reason().equals(enabled[choice.picked()].name())) {
            throw diverged(choice, "the run would step " + enabled[choice.picked()].name());
        }
        return choice.picked();
    }

    private Choice take(boolean who, int n) {
        if (finished()) {
            throw new Diverged("it needs more choices than the " + choices.size() + " recorded");
        }
        Choice choice = choices.get(next++);
        if (choice.who() != who) {
            throw diverged(choice, who ? "the run decides who steps" : "the run decides what happens");
        }
        if (choice.arity() != n) {
            throw diverged(choice, "the run chooses among " + n);
        }
        return choice;
    }

    private Diverged diverged(Choice choice, String but) {
        return new Diverged("choice " + next + " was \"" + choice.line() + "\", but " + but);
    }
}
