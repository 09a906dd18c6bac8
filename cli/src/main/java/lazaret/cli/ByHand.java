// SPDX-License-Identifier: Apache-2.0
package lazaret.cli;

import java.util.ArrayList;
import java.util.List;
import lazaret.explore.Course;
import lazaret.explore.Onlooker;
import lazaret.machine.Access;
import lazaret.machine.Chance;
import lazaret.machine.Strand;

/** Decides as somebody has said; notes the first decision that nobody has said; goes on by the default. */
final class ByHand implements Chance, Onlooker {
    private final List<Integer> said;
    private final Course otherwise = new Course(List.of());
    private final List<Integer> taken = new ArrayList<>();
    private int steps;
    private int asksAfter = -1;
    private String question;
    private List<String> options = List.of();
    private int straight;

    /** @param said what to pick, in order; −1 is the default */
    ByHand(List<Integer> said) {
        this.said = List.copyOf(said);
    }

    /** Is there a decision that nobody has said? */
    boolean asks() {
        return asksAfter >= 0;
    }

    /** After how many steps it comes. */
    int asksAfter() {
        return asksAfter;
    }

    String question() {
        return question;
    }

    List<String> options() {
        return options;
    }

    /** Which of the options the default takes. */
    int straight() {
        return straight;
    }

    @Override
    public int pick(int n, String why) {
        int other = otherwise.pick(n, why);
        if (taken.size() == said.size() && !asks()) {
            var names = new ArrayList<String>();
            for (int i = 0; i < n; i++) {
                names.add(n == 2 ? i == 0 ? "no" : "yes" : Integer.toString(i));
            }
            ask(why, names, other);
        }
        return decide(n, other);
    }

    @Override
    public int who(Strand[] enabled, int n) {
        int other = otherwise.who(enabled, n);
        if (taken.size() == said.size() && !asks()) {
            var names = new ArrayList<String>();
            for (int i = 0; i < n; i++) {
                names.add(enabled[i].name());
            }
            ask("who steps next?", names, other);
        }
        return decide(n, other);
    }

    private void ask(String what, List<String> names, int other) {
        asksAfter = steps;
        question = what;
        options = names;
        straight = other;
    }

    private int decide(int n, int other) {
        int picked = taken.size() < said.size() ? said.get(taken.size()) : -1;
        int decided = picked < 0 || picked >= n ? other : picked;
        taken.add(decided);
        return decided;
    }

    @Override
    public void announces(Strand who, Access access, long resource) {
        otherwise.announces(who, access, resource);
    }

    @Override
    public void steps(Strand who) {
        otherwise.steps(who);
        steps++;
    }
}
