// SPDX-License-Identifier: Apache-2.0
package lazaret.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code lazaret inspect …}: what real machines left behind. Reads files and nothing else. */
@Command(name = "inspect", mixinStandardHelpOptions = true, subcommands = {InspectWalkCommand.class,
        InspectStreamsCommand.class},
        synopsisSubcommandLabel = "WHAT",
        description = "Looks at recorded tables of a real machine.")
final class InspectCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "inspect what? walk or streams");
    }
}
