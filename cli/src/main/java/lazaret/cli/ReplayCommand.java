// SPDX-License-Identifier: Apache-2.0
package lazaret.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import lazaret.explore.Replayer;
import lazaret.lab.Finding;
import lazaret.lab.Plan;
import lazaret.lab.Report;
import lazaret.lab.Stage;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lazaret replay}: takes the decisions of a finding again and shows the same steps. */
@Command(name = "replay", mixinStandardHelpOptions = true,
        description = "Repeats the run of a replay file, step by step, and shows it again.")
final class ReplayCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "A replay file that lazaret run wrote.")
    private Path path;

    @Option(names = "--json", description = "The same as data.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        Replays.Recorded recorded = Replays.read(path);
        Stage stage = recorded.source().stage(Lookup.design(recorded.design()));
        Finding finding = repeat(stage, recorded);
        Report report = stage.report(new Plan(1, recorded.seed(), java.util.List.of(), Plan.STEPS), finding);
        spec.commandLine().getOut().print(json
                ? Json.report(report, path.toString()) + System.lineSeparator()
                : Text.replayed(report, Console.ink()));
        return Exit.FINDING;
    }

    private Finding repeat(Stage stage, Replays.Recorded recorded) {
        var replayer = new Replayer(recorded.file().choices());
        Stage.Told told;
        try {
            told = stage.tell(replayer, Plan.STEPS);
        } catch (Replayer.Diverged diverged) {
            throw new Refusal(path + " does not fit: " + diverged.getMessage()
                    + "; make it again with lazaret run");
        }
        if (!replayer.finished() || told.digest() != recorded.digest() || !told.broke(recorded.property())) {
            throw new Refusal(path + " is damaged: its choices lead to another run than the recorded one; "
                    + "make it again with lazaret run");
        }
        return told.finding(recorded.property(), recorded.schedule(), recorded.seed());
    }
}
