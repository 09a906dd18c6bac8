// SPDX-License-Identifier: Apache-2.0
package lazaret.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import lazaret.iommu.arm.SmmuDesign;
import lazaret.lab.Hunt;
import lazaret.lab.Plan;
import lazaret.lab.Report;
import lazaret.lab.Stage;
import lazaret.lab.qemu.QemuChip;
import lazaret.machine.Unmodelled;
import lazaret.qemu.Board;

/** A scenario with QEMU's SMMUv3 in the place of ours: sampled, each run in a QEMU of its own. */
record OnQemu(Path binary, Sourced source, SmmuDesign design, Plan plan) {
    int run(PrintWriter out) {
        try (Board board = Board.start(binary)) {
            out.println("on QEMU " + board.version());
            Stage stage = source.stage(design, (machine, _) -> new QemuChip(machine, board));
            Report report = Hunt.hunt(stage, plan, Console.progress(plan.runs()));
            return told(report, out);
        } catch (Unmodelled refusal) {
            out.println("inconclusive: " + refusal.getMessage());
            return Exit.INCONCLUSIVE;
        }
    }

    private static int told(Report report, PrintWriter out) {
        if (report.finding() != null) {
            out.println("finding: " + report.finding().violation().headline());
            out.println("broken in " + report.broken() + " of " + report.runs() + " runs; this one by "
                    + report.finding().origin() + ", step by step:");
            report.finding().moments().stream().filter(moment -> moment.text() != null)
                    .forEach(moment -> out.println("  " + moment.lane() + ": " + moment.text()));
            return Exit.FINDING;
        }
        out.print(Text.report(report, Console.ink()));
        return report.outcome() == Report.Outcome.UPHELD ? Exit.UPHELD : Exit.INCONCLUSIVE;
    }
}
