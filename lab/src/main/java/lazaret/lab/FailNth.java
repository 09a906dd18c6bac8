// SPDX-License-Identifier: Apache-2.0
package lazaret.lab;

import java.util.ArrayList;
import java.util.List;
import lazaret.iommu.arm.SmmuDesign;

/** A scenario in which the {@code nth} call of a run that could fail does: an allocation or a callback. */
public record FailNth(Scenario of, int nth) implements Scenario {
    /** How its name ends, before the number. */
    public static final String SUFFIX = "+fail-";

    @Override
    public String name() {
        return of.name() + SUFFIX + nth;
    }

    @Override
    public String line() {
        return of.line();
    }

    @Override
    public void stage(Lab lab) {
        lab.failNth(nth);
        of.stage(lab);
    }

    /** One hunt for each call of {@code scenario} that could fail in one of its runs, in their order. */
    public static List<Report> each(Scenario scenario, SmmuDesign design, Plan plan) {
        List<Report> reports = new ArrayList<>();
        while (true) {
            Stage stage = Stage.of(new FailNth(scenario, reports.size() + 1), design);
            boolean[] failed = {false};
            Report report = Hunt.hunt(stage, plan, _ -> failed[0] |= stage.faulted());
            if (!failed[0]) {
                return reports;
            }
            reports.add(report);
        }
    }
}
