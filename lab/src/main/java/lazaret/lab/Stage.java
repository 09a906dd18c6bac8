// SPDX-License-Identifier: Apache-2.0
package lazaret.lab;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import lazaret.explore.Causes;
import lazaret.explore.Choice;
import lazaret.explore.Ending;
import lazaret.explore.Program;
import lazaret.explore.Recorder;
import lazaret.explore.Run;
import lazaret.explore.Tracer;
import lazaret.iommu.arm.SmmuDesign;
import lazaret.lab.oracle.Oracle;
import lazaret.lab.oracle.Property;
import lazaret.lab.oracle.Violation;
import lazaret.lab.story.Moment;
import lazaret.lab.story.Story;
import lazaret.machine.Chance;
import lazaret.machine.Machine;
import lazaret.machine.Unmodelled;

/**
 * A scenario under a design, wired and booted once. Every run starts from the same state; two stages of the
 * same scenario and design behave alike to the last step.
 */
public final class Stage {
    /**
     * A run that was written down.
     *
     * @param digest hash of the whole log
     */
    public record Told(Judged judged, List<Choice> choices, Story story, List<String> lanes, long digest) {
        public boolean broke(Property property) {
            return judged.violations().stream().anyMatch(v -> v.property() == property);
        }

        /** @param property one that the run broke */
        public Finding finding(Property property, String origin) {
            var violation = judged.violations().stream().filter(v -> v.property() == property).findFirst()
                    .orElseThrow();
            return finding(violation, origin);
        }

        /** @param what a finding that the run shows */
        public Finding finding(Sameness what, String origin) {
            return finding(what.in(judged.violations()), origin);
        }

        private Finding finding(Violation violation, String origin) {
            return new Finding(violation, judged, origin, choices, story.moments(), lanes, digest);
        }
    }

    private static final String STACK = "lazaret.iommu.";
    private static final String HARDWARE = "lazaret.smmuv3.hw.";
    private static final String HARDWARE_TOO = "lazaret.pcie.hw.";

    private final Scenario scenario;
    private final SmmuDesign design;
    private final Lab lab;
    private final Machine machine;
    private final Oracle oracle;
    private final LockCampaign locks;

    private Stage(Scenario scenario, SmmuDesign design, Chip.Maker chips) {
        this.scenario = scenario;
        this.design = design;
        lab = new Lab(design, chips);
        machine = lab.machine();
        oracle = new Oracle(machine, lab.hardware());
        machine.log().listen(oracle, false);
        boot();
        locks = new LockCampaign(lab.lockOrder());
        locks.mark();
        machine.undo().mark();
    }

    /**
     * Wires and boots. What the scenario does wrong there comes out as the exception it made; what the stack
     * does wrong there is what every run of the stage begins and ends with.
     */
    public static Stage of(Scenario scenario, SmmuDesign design) {
        return of(scenario, design, Modelled::new);
    }

    /** The same on an SMMU of the caller's. */
    public static Stage of(Scenario scenario, SmmuDesign design, Chip.Maker chips) {
        return new Stage(scenario, design, chips);
    }

    private void boot() {
        try {
            scenario.stage(lab);
            lab.ready();
        } catch (Unmodelled refusal) {
            throw refusal;
        } catch (RuntimeException | AssertionError escaped) {
            if (!isOfTheStack(escaped)) {
                throw escaped;
            }
            lab.doesNotBoot(escaped);
        }
    }

    /** Has it gone through software under test, and not through hardware that this waited for? */
    private static boolean isOfTheStack(Throwable escaped) {
        return Arrays.stream(escaped.getStackTrace()).map(StackTraceElement::getClassName)
                .filter(name -> name.startsWith(STACK) || name.startsWith(HARDWARE)
                        || name.startsWith(HARDWARE_TOO))
                .findFirst().filter(name -> name.startsWith(STACK)).isPresent();
    }

    public Scenario scenario() {
        return scenario;
    }

    public SmmuDesign design() {
        return design;
    }

    /** Properties that the scenario calls out of reach for every design, with the reason. */
    public Map<Property, String> beyond() {
        return lab.beyond();
    }

    /** One run from the start, judged. */
    public Judged run(Chance chance, int limit) {
        return judge(new Run(rolledBack(), chance, limit));
    }

    /** One run from the start, judged, and what it cost. */
    public Measured measure(Chance chance, int limit) {
        var meter = new Meter(rolledBack());
        machine.log().listen(meter, false);
        try {
            Judged judged = judge(new Run(machine, chance, limit));
            return new Measured(judged, meter.longest(), meter.commands(), oracle.harmed());
        } finally {
            hearAgain();
        }
    }

    /** One run from the start that ends where {@code enough} is first broken, or by itself. */
    public Judged seek(Sameness enough, Chance chance, int limit) {
        var run = new Run(rolledBack(), chance, limit);
        return watched(run, enough);
    }

    /** One run from the start, judged, with its log and its choices. */
    public Told tell(Chance chance, int limit) {
        return tell(null, chance, limit);
    }

    /** The same, ending where {@code enough} is first broken, or by itself. */
    public Told tell(Sameness enough, Chance chance, int limit) {
        var recorder = new Recorder(chance);
        var run = new Run(rolledBack(), recorder, limit);
        var story = new Story(machine, run::steps, lab.map());
        machine.log().listen(story, true);
        Judged judged = watched(run, enough);
        return new Told(judged, recorder.choices(), story, lab.lanes(), story.digest());
    }

    /** What caused what in the run that {@code chance} makes, which ends where {@code enough} is broken. */
    public Causes causes(Sameness enough, Chance chance, int limit) {
        return Tracer.causes(rolledBack(), chance, told -> watched(new Run(machine, told, limit), enough));
    }

    /** Looks at this stage, at what these moments are about; rolled back, so that it knows the beginning. */
    Look look(List<Moment> moments) {
        rolledBack();
        return lab.look(moments);
    }

    /** Judges the run, and stops it when {@code enough} is not null and broken. */
    private Judged watched(Run run, Sameness enough) {
        if (enough != null) {
            machine.log().listen(_ -> stopAt(enough, run), false);
        }
        try {
            return judge(run);
        } finally {
            hearAgain();
        }
    }

    /** The oracle alone listens. */
    private void hearAgain() {
        machine.log().silence();
        machine.log().listen(oracle, false);
    }

    private void stopAt(Sameness enough, Run run) {
        if (enough.in(oracle.violations()) != null) {
            run.stop();
        }
    }

    /**
     * This stage as something to be explored: what the oracle says is what a run broke.
     *
     * @param only looks at this property alone, at all of them if null
     */
    public Program program(Property only) {
        return new Program() {
            @Override
            public Machine machine() {
                return machine;
            }

            @Override
            public void begin() {
                locks.next();
                oracle.begin();
            }

            @Override
            public void start() {
                lab.start();
            }

            @Override
            public List<String> judge(Ending ending) {
                if (!(ending instanceof Ending.Stopped)) {
                    oracle.end(ending);
                }
                return oracle.violations().stream().filter(v -> only == null || v.property() == only)
                        .map(v -> Sameness.of(v).text()).distinct().toList();
            }
        };
    }

    /** What a replay reports: this one finding. */
    public Report report(Finding finding) {
        var once = new Plan(1, 0, List.of(), Plan.STEPS);
        return new Report(scenario.name(), design.name(), once, 1, finding.judged().steps(), 1, finding,
                List.of(), beyond(),
                finding.judged().digest());
    }

    /** Of the last run: was there the call that should fail, and did it? See {@link Lab#failNth}. */
    boolean faulted() {
        return lab.faulted();
    }

    /** Orders of locks that go against each other and that no single run of this stage had. */
    public List<String> lockConflicts() {
        return locks.conflicts();
    }

    private Machine rolledBack() {
        machine.undo().rollback();
        lab.rewind();
        return machine;
    }

    private Judged judge(Run run) {
        locks.next();
        oracle.begin();
        Ending ending = run.execute(lab::start);
        oracle.end(ending);
        long time = machine.clock().now();
        if (ending instanceof Ending.Rest) {
            oracle.outOfService().forEach(this::operate);
        }
        return new Judged(ending, oracle.violations(), run.steps(), run.switches(), time,
                run.digest());
    }

    /** The operator's reset is software, too: what escapes it is a finding and no failure of Lazaret. */
    private void operate(int sid) {
        try {
            oracle.operated(sid, lab.repair(sid));
        } catch (Unmodelled refusal) {
            throw refusal;
        } catch (RuntimeException | AssertionError escaped) {
            oracle.operated(sid, escaped);
        }
    }
}
