// SPDX-License-Identifier: Apache-2.0
package lazaret.lab;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import lazaret.iommu.IommuEntry;
import lazaret.kernel.KernelEntry;
import lazaret.lab.oracle.Violation;
import lazaret.lab.story.Line;
import lazaret.lab.story.Moment;
import lazaret.pcie.PcieEntry;

/** Selects what of a run is told. */
public final class Teller {
    /** How strands begin that bring an interrupt to a CPU: what they say names it. */
    private static final String ARRIVAL = "irq ";

    private Teller() { }

    /**
     * The moments worth a line, up to the one at which the property broke, with the two conflicting ones
     * marked. Where several strands share a CPU, a line names its strand if that is not the one that spoke
     * there last, nor the first one of its CPU.
     */
    public static List<Line> lines(Finding finding) {
        return spoken(told(finding));
    }

    /**
     * The same with what had no part in it folded: what is neither a cause nor one of the two. That somebody
     * keeps silent causes nothing by itself, and is told: others wait for it.
     */
    public static List<Line> lines(Counterexample example) {
        BitSet cone = example.cone();
        var lines = new ArrayList<Line>();
        Moment first = null;
        int folded = 0;
        for (Line line : told(example.finding())) {
            int step = line.moment().step() - 1;
            if (line.mark() == 0 && step >= 0 && !cone.get(step) && !isSilence(line.moment())) {
                first = folded++ == 0 ? line.moment() : first;
                continue;
            }
            if (folded > 0) {
                lines.add(Line.fold(first, folded));
                folded = 0;
            }
            lines.add(line);
        }
        return spoken(lines);
    }

    private static boolean isSilence(Moment moment) {
        return moment.entry() instanceof PcieEntry.InvalidateForgotten;
    }

    private static List<Line> told(Finding finding) {
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

    private static List<Line> spoken(List<Line> lines) {
        var last = new TreeMap<String, String>();
        return lines.stream().map(l -> l.folded() > 0 ? l
                : new Line(l.moment(), speaker(l.moment(), last) + l.text(), l.mark())).toList();
    }

    /** @param last by lane of a CPU, the strand that spoke there last */
    private static String speaker(Moment moment, Map<String, String> last) {
        String lane = moment.lane();
        String strand = moment.strand();
        boolean software = last.containsKey(lane) || moment.entry() instanceof KernelEntry
                || moment.entry() instanceof IommuEntry;
        String before = software ? last.put(lane, strand) : null;
        boolean expected = before == null
                ? !software || strand.startsWith(lane) || strand.startsWith(ARRIVAL) : before.equals(strand);
        if (expected) {
            return "";
        }
        return (strand.startsWith(lane + " ") ? strand.substring(lane.length() + 1) : strand) + ": ";
    }

    /** The very entries: an equal one may have been made before. */
    private static int mark(Moment moment, Violation violation) {
        if (moment.entry() == violation.second()) {
            return 2;
        }
        return moment.entry() == violation.first() ? 1 : 0;
    }
}
