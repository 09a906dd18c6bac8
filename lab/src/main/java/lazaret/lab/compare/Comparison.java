// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.compare;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import lazaret.explore.Schedule;
import lazaret.iommu.arm.SmmuDesign;
import lazaret.lab.Fn;
import lazaret.lab.Lab;
import lazaret.lab.Plan;
import lazaret.lab.Scenario;
import lazaret.lab.Space;
import lazaret.lab.Stage;
import lazaret.lab.oracle.Property;

/**
 * Designs side by side over the same scenarios.
 *
 * @param scenarios their names
 */
public record Comparison(List<String> scenarios, List<Row> rows) {
    /** Nothing is broken. */
    private static final class FlushOfTwo implements Scenario {
        @Override
        public String line() {
            return "one page of two healthy devices is unmapped";
        }

        @Override
        public void stage(Lab lab) {
            Fn nic = lab.endpoint("nic", "01:00.0");
            Fn gpu = lab.endpoint("gpu", "02:00.0");
            Space space = lab.domain(nic, gpu);
            space.map(0x1000);
            lab.cpu("cpu0", () -> lab.free(space.unmap(0x1000)));
        }
    }

    /** @throws RuntimeException when Lazaret itself fails */
    public static Comparison of(List<SmmuDesign> designs, List<Scenario> scenarios, Pace pace, Hands hands) {
        int each = scenarios.size();
        int all = designs.size() * each;
        List<Supplier<Bout>> searches = new ArrayList<>();
        for (SmmuDesign design : designs) {
            scenarios.forEach(scenario -> searches.add(() -> Bout.of(scenario, design, pace.next(all))));
        }
        List<Bout> bouts = hands.all(searches);
        List<Supplier<Row>> rows = new ArrayList<>();
        for (int i = 0; i < designs.size(); i++) {
            SmmuDesign design = designs.get(i);
            List<Bout> its = bouts.subList(i * each, (i + 1) * each);
            rows.add(() -> row(design, its));
        }
        return new Comparison(scenarios.stream().map(Scenario::name).toList(), hands.all(rows));
    }

    private static Row row(SmmuDesign design, List<Bout> bouts) {
        List<Verdict> verdicts = new ArrayList<>();
        for (Property property : Property.values()) {
            verdicts.add(verdict(property, bouts));
        }
        return new Row(design.name(), design.inOneLine(), List.copyOf(verdicts),
                bouts.stream().mapToInt(Bout::harmed).max().orElse(0),
                bouts.stream().mapToInt(Bout::timeouts).max().orElse(0), commands(design),
                design.locks(), SourceLines.added(design), Recovery.of(design),
                (int) bouts.stream().filter(Bout::sampledWell).count(),
                bouts.stream().flatMap(b -> b.unknowns().stream()).toList());
    }

    private static Verdict verdict(Property property, List<Bout> bouts) {
        int complete = property == Property.P13 ? 0 : (int) bouts.stream().filter(Bout::complete).count();
        Bout plainest = bouts.stream().filter(b -> b.hit(property) != null)
                .min(Comparator.comparingInt(b -> b.hit(property).switches())).orElse(null);
        return plainest == null ? new Verdict(property, null, null, complete, bouts.size())
                : new Verdict(property, plainest.scenario(), plainest.hit(property).plainest(), complete,
                        bouts.size());
    }

    private static int commands(SmmuDesign design) {
        return Stage.of(new FlushOfTwo(), design).measure(Schedule.STRAIGHT.chance(1, 1), Plan.STEPS)
                .commands();
    }
}
