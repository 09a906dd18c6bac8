// SPDX-License-Identifier: Apache-2.0
package lazaret.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import lazaret.iommu.arm.SmmuDesign;
import lazaret.iommu.design.Designs;
import lazaret.iommu.design.planted.MutesBeforeFence;
import lazaret.iommu.design.planted.PlantedBugs;
import lazaret.lab.Buffered;
import lazaret.lab.FailNth;
import lazaret.lab.Scenario;
import lazaret.lab.scenario.Scenarios;

/** From names on the command line to things, or one line that says what would have been a name. */
final class Lookup {
    /** More calls that can fail no scenario has. */
    private static final int MOST_FAILURES = 99;

    /** It shows nothing that the short one does not, and takes minutes for a run. */
    static final String LONG = "healthy-two-devices-10000-rounds";

    private Lookup() { }

    /** Everything that a run can be made with. */
    static List<SmmuDesign> designs() {
        List<SmmuDesign> all = new ArrayList<>(Designs.all());
        all.addAll(Designs.variants());
        all.addAll(Designs.escalating());
        all.addAll(PlantedBugs.all());
        return all;
    }

    /** What is compared when nobody chooses. */
    static List<SmmuDesign> compared() {
        List<SmmuDesign> all = new ArrayList<>(Designs.all());
        all.addAll(Designs.variants());
        all.add(new MutesBeforeFence());
        return all;
    }

    static SmmuDesign design(String name) {
        SmmuDesign answering = Designs.named(name);
        return answering != null ? answering : designs().stream()
                .filter(d -> d.name().equalsIgnoreCase(name)).findFirst().orElseThrow(() ->
                        new Refusal("there is no design \"" + name + "\"; there are "
                        + String.join(", ", Designs.all().stream().map(SmmuDesign::name).toList())
                        + ", each also with other answers (minimumX,isolate=wholeBatch), and those with a"
                        + " planted bug that lazaret list --planted shows"));
    }

    /** The scenarios of these names; of no name, all but {@link #LONG}. */
    static List<Sourced> pack(List<String> names) {
        return names.isEmpty() ? Scenarios.all().stream().filter(s -> !s.name().equals(LONG))
                        .map(s -> new Sourced(s, null)).toList()
                : names.stream().map(Lookup::scenario).toList();
    }

    /** The same on CPUs with store buffers, if {@code buffered}. */
    static Sourced scenario(String name, boolean buffered) {
        return scenario(buffered && !name.endsWith(Buffered.SUFFIX) ? name + Buffered.SUFFIX : name);
    }

    static Sourced scenario(String name) {
        int fails = name.lastIndexOf(FailNth.SUFFIX);
        if (fails > 0) {
            return failing(name.substring(0, fails), name.substring(fails + FailNth.SUFFIX.length()));
        }
        if (name.endsWith(Buffered.SUFFIX)) {
            Sourced of = scenario(name.substring(0, name.length() - Buffered.SUFFIX.length()));
            if (of.file() != null) {
                throw new Refusal("--store-buffer is for scenarios of the library; say"
                        + " lab.storeBuffers(2) in " + of.file());
            }
            return new Sourced(new Buffered(of.scenario()), null);
        }
        if (name.endsWith(".java")) {
            Path file = Path.of(name);
            try {
                return new Sourced(SourceScenario.load(file), file);
            } catch (SourceScenario.DoesNotCompile javac) {
                throw new Refusal(file + " does not compile:\n" + javac.getMessage());
            }
        }
        List<Scenario> all = Scenarios.all();
        return new Sourced(all.stream().filter(s -> s.name().equals(name)).findFirst().orElseThrow(() ->
                new Refusal("there is no scenario \"" + name + "\"; lazaret list shows them"
                        + nearest(name, all))), null);
    }

    private static Sourced failing(String name, String nth) {
        Sourced of = scenario(name);
        if (of.file() != null) {
            throw new Refusal(FailNth.SUFFIX + " is for scenarios of the library; say lab.failNth(" + nth
                    + ") in " + of.file());
        }
        if (!nth.matches("[1-9]\\d{0,8}")) {
            throw new Refusal("which call fails? " + FailNth.SUFFIX + "1 is the first");
        }
        return new Sourced(new FailNth(of.scenario(), Integer.parseInt(nth)), null);
    }

    /** All that a line of a replay may be of, as far as names are made by the library. */
    static Stream<Scenario> library() {
        return Scenarios.all().stream().flatMap(s -> Stream.concat(Stream.of(s, new Buffered(s)),
                IntStream.rangeClosed(1, MOST_FAILURES).mapToObj(nth -> new FailNth(s, nth))));
    }

    private static String nearest(String name, List<Scenario> all) {
        for (Scenario s : all) {
            if (s.name().startsWith(name) || s.name().contains(name)) {
                return " (did you mean " + s.name() + "?)";
            }
        }
        return "";
    }
}
