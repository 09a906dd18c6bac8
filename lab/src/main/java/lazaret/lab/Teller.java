// SPDX-License-Identifier: Apache-2.0
package lazaret.lab;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import lazaret.lab.oracle.Violation;
import lazaret.lab.story.Line;
import lazaret.lab.story.Moment;

/** Selects what of a run is told. */
public final class Teller {
    private Teller() { }

    /**
     * The moments worth a line, up to the one at which the property broke, with the two conflicting ones
     * marked.
     */
    public static List<Line> lines(Finding finding) {
        Violation violation = finding.violation();
        var lines = new ArrayList<Line>();
        for (Moment moment : finding.moments()) {
            int mark = mark(moment, violation);
            if (moment.text() != null || mark != 0) {
                lines.add(new Line(moment, moment.text() == null ? moment.entry().text() : moment.text(),
                        mark));
            }
            if (mark == 2) {
                return lines;
            }
        }
        return lines;
    }

    /** The same with what had no part in it folded: what is neither a cause nor one of the two. */
    public static List<Line> lines(Counterexample example) {
        BitSet cone = example.cone();
        var lines = new ArrayList<Line>();
        Moment first = null;
        int folded = 0;
        for (Line line : lines(example.finding())) {
            int step = line.moment().step() - 1;
            if (line.mark() == 0 && step >= 0 && !cone.get(step)) {
                first = folded++ == 0 ? line.moment() : first;
                continue;
            }
            if (folded > 0) {
                lines.add(Line.fold(first, folded));
                folded = 0;
            }
            lines.add(line);
        }
        return lines;
    }

    /** The very entries: an equal one may have been made before. */
    private static int mark(Moment moment, Violation violation) {
        if (moment.entry() == violation.second()) {
            return 2;
        }
        return moment.entry() == violation.first() ? 1 : 0;
    }
}
