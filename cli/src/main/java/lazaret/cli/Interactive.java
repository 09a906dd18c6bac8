// SPDX-License-Identifier: Apache-2.0
package lazaret.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import lazaret.lab.Judged;
import lazaret.lab.Plan;
import lazaret.lab.Stage;
import lazaret.lab.oracle.Violation;
import lazaret.lab.story.Moment;

/**
 * A run taken by hand, a line of input for each decision. Nothing is kept but what was said: after each line
 * the run is made again from its start, so to undo is to say less.
 */
final class Interactive {
    private static final String HELP = "a number: do that · Enter: the default · g N: N times the default · "
            + "s: the default until something is told · e: to the end · u N: undo N · q: quit";

    private static final int LONGEST = 100_000;

    private final Stage stage;
    private final BufferedReader in;
    private final PrintWriter out;
    private final List<Integer> said = new ArrayList<>();
    private int shown = -1;

    Interactive(Stage stage, BufferedReader in, PrintWriter out) {
        this.stage = stage;
        this.in = in;
        this.out = out;
    }

    /** Until the run is over or nobody says anything more; returns the exit code. */
    int run() throws IOException {
        out.println(HELP);
        while (true) {
            var hand = new ByHand(said);
            Stage.Told told = stage.tell(hand, Plan.STEPS);
            int until = hand.asks() ? hand.asksAfter() : Integer.MAX_VALUE;
            tell(told.story().moments(), until);
            if (!hand.asks()) {
                return end(told.judged());
            }
            ask(hand);
            String line = in.readLine();
            if (line == null || line.strip().equals("q")) {
                return Exit.INCONCLUSIVE;
            }
            act(line.strip(), hand, told.story().moments());
        }
    }

    private void tell(List<Moment> moments, int until) {
        for (Moment m : moments) {
            if (m.text() != null && m.step() > shown && m.step() <= until) {
                out.println("    " + m.lane() + ": " + m.text());
            }
        }
        shown = until;
    }

    private void ask(ByHand hand) {
        var line = new StringBuilder("step " + hand.asksAfter() + ", " + hand.question());
        for (int i = 0; i < hand.options().size(); i++) {
            line.append("  ").append(i).append(i == hand.straight() ? "* " : " ")
                    .append(hand.options().get(i));
        }
        out.println(line);
        out.flush();
    }

    private void act(String line, ByHand hand, List<Moment> moments) {
        String[] words = line.split("\\s+");
        int n = words.length > 1 && words[1].matches("\\d{1,6}") ? Integer.parseInt(words[1]) : 1;
        switch (words[0]) {
            case "" -> said.add(hand.straight());
            case "g" -> repeat(n);
            case "e" -> toTheEnd();
            case "s" -> untilTold(hand, moments);
            case "u" -> undo(n);
            default -> pick(words[0], hand);
        }
    }

    private void pick(String word, ByHand hand) {
        if (word.matches("\\d{1,6}") && Integer.parseInt(word) < hand.options().size()) {
            said.add(Integer.parseInt(word));
        } else {
            out.println(HELP);
        }
    }

    /** Says the default that often, or until nobody asks. */
    private void repeat(int times) {
        for (int i = 0; i < times; i++) {
            var hand = new ByHand(said);
            stage.run(hand, Plan.STEPS);
            if (!hand.asks()) {
                return;
            }
            said.add(hand.straight());
        }
    }

    /** Nobody is asked about a decision that was said; so many defaults are more than any run needs. */
    private void toTheEnd() {
        for (int i = 0; i < LONGEST; i++) {
            said.add(-1);
        }
    }

    private void untilTold(ByHand hand, List<Moment> moments) {
        int next = moments.stream().filter(m -> m.text() != null && m.step() > hand.asksAfter())
                .mapToInt(Moment::step).findFirst().orElse(Integer.MAX_VALUE);
        ByHand now = hand;
        while (now.asks() && now.asksAfter() < next) {
            said.add(now.straight());
            now = new ByHand(said);
            stage.run(now, Plan.STEPS);
        }
    }

    private void undo(int n) {
        for (int i = 0; i < n && !said.isEmpty(); i++) {
            said.removeLast();
        }
        shown = -1;
        out.println("    (from the start)");
    }

    private int end(Judged judged) {
        out.println("the run is over: " + judged.steps() + " steps");
        if (judged.violations().isEmpty()) {
            out.println("no property broken");
            return Exit.UPHELD;
        }
        judged.violations().stream().map(Violation::headline).distinct()
                .forEach(headline -> out.println("finding: " + headline));
        return Exit.FINDING;
    }
}
