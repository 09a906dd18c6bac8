// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.conform;

import java.util.ArrayList;
import java.util.List;
import lazaret.smmuv3.Cd;

/** What is done to an SMMU in one go. It is switched on before the first {@link Step.Act}. */
public record Case(List<Step> steps) {
    public Case {
        steps = List.copyOf(steps);
    }

    /** What came of its acts on this one, in order. */
    List<Seen> on(Specimen smmu) {
        var scene = new Scene(smmu);
        boolean on = false;
        var seen = new ArrayList<Seen>();
        for (Step step : steps) {
            if (!on && step instanceof Step.Act) {
                scene.enable();
                on = true;
            }
            switch (step) {
                case Step.Change change -> {
                    change.in(scene);
                    if (on) {
                        scene.store();
                    }
                }
                case Step.Act act -> seen.add(act.in(scene));
            }
        }
        return seen;
    }

    /** How many acts there are. */
    int acts() {
        return (int) steps.stream().filter(Step.Act.class::isInstance).count();
    }

    /** The step of the act with this number. */
    Step act(int number) {
        return steps.stream().filter(Step.Act.class::isInstance).skip(number).findFirst().orElseThrow();
    }

    /** Without what comes behind the act with this number. */
    Case upTo(int number) {
        int acts = 0;
        for (int i = 0; i < steps.size(); i++) {
            if (steps.get(i) instanceof Step.Act && acts++ == number) {
                return new Case(steps.subList(0, i + 1));
            }
        }
        throw new IllegalArgumentException("no act " + number);
    }

    Case without(int step) {
        var fewer = new ArrayList<>(steps);
        fewer.remove(step);
        return new Case(fewer);
    }

    /** The same with all faults recorded, though the CD says that they are not. */
    Case recorded() {
        return new Case(steps.stream()
                .filter(step -> !(step instanceof Step.InCd c && c.field().equals(Cd.R))).toList());
    }

    boolean has(Class<? extends Step> kind) {
        return steps.stream().anyMatch(kind::isInstance);
    }
}
