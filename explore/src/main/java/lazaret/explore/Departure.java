// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a run does something else than the default. That is, the first of these that may step: the hardware
 * that stepped last; hardware that {@link lazaret.machine.Strand#prompt has to act}; the software that
 * stepped last; other software; time; idle devices. Every choice is the benign one. So hardware is fast,
 * time-outs come about by themselves, and a device with a stale translation uses it late. Hardware that would
 * have stepped where a run departs is put off: until the run says so, or no software may step. So slow
 * hardware is one departure, not one at each step of what it is slower than.
 */
public sealed interface Departure {
    /** Here {@code next} steps. */
    record To(Anchor at, String next) implements Departure {
        @Override
        public String line() {
            return "at \"" + at.strand() + "\" " + at.kind() + " " + at.nth() + " go to \"" + next + "\"";
        }
    }

    /** Here alternative {@code picked} happens. */
    record Pick(Anchor at, int picked) implements Departure {
        @Override
        public String line() {
            return "in \"" + at.strand() + "\" \"" + at.kind() + "\" " + at.nth() + " pick " + picked;
        }
    }

    Pattern TO = Pattern.compile("at \"([^\"]+)\" (\\S+) (\\d{1,9}) go to \"([^\"]+)\"");
    Pattern PICK = Pattern.compile("in \"([^\"]+)\" \"([^\"]+)\" (\\d{1,9}) pick (\\d{1,9})");

    /** Where. */
    Anchor at();

    /** The line of a replay file. */
    String line();

    /** @throws IllegalArgumentException when {@code line} is not one that {@link #line} writes */
    static Departure parse(String line) {
        Matcher to = TO.matcher(line);
        if (to.matches()) {
            return new To(new Anchor(to.group(1), to.group(2), Integer.parseInt(to.group(3))), to.group(4));
        }
        Matcher pick = PICK.matcher(line);
        if (pick.matches()) {
            var at = new Anchor(pick.group(1), pick.group(2), Integer.parseInt(pick.group(3)));
            return new Pick(at, Integer.parseInt(pick.group(4)));
        }
        throw new IllegalArgumentException("no departure: " + line);
    }
}
