// SPDX-License-Identifier: Apache-2.0
package lazaret.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import lazaret.inspect.BadInput;
import lazaret.lab.Misuse;
import lazaret.qemu.QemuFailure;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** {@code lazaret}: picks the command, and turns every failure into one line and an exit code. */
@Command(name = "lazaret", mixinStandardHelpOptions = true, versionProvider = Build.class,
        subcommands = {RunCommand.class, ExploreCommand.class, CompareCommand.class, FailNthCommand.class,
                MuseumCommand.class,
                ReplayCommand.class, ListCommand.class, ExplainCommand.class, InspectCommand.class,
                DecodeCommand.class, LogsCommand.class, ConformCommand.class,
                HelpCommand.class},
        synopsisSubcommandLabel = "COMMAND",
        description = "Runs the IOMMU stack on a modelled SMMUv3 with broken devices, and says what broke.",
        footer = {"", "Exit codes: 0 upheld, 1 finding, 2 inconclusive, 64 usage, 70 a bug of Lazaret."})
public final class Main implements Runnable {
    @Spec
    private CommandSpec spec;

    public static void main(String[] args) {
        var out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
        var err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        int code = execute(out, err, args);
        out.flush();
        err.flush();
        System.exit(code);
    }

    /** As {@link #main}, but into the given writers and returning the exit code. */
    static int execute(PrintWriter out, PrintWriter err, String... args) {
        CommandLine line = line();
        line.setOut(out).setErr(err);
        line.setParameterExceptionHandler(Main::misused);
        line.setExecutionExceptionHandler((failure, at, parsed) -> failed(failure, at, parsed, args));
        return line.execute(args);
    }

    /** What a command line may say. */
    static CommandLine line() {
        return new CommandLine(new Main()).setCaseInsensitiveEnumValuesAllowed(true);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(),
                "which command? run, explore, compare, fail-nth, museum, replay, list, explain,"
                + " inspect, decode, logs or conform");
    }

    private static int misused(ParameterException failure, String[] args) {
        PrintWriter err = failure.getCommandLine().getErr();
        err.println("lazaret: " + failure.getMessage());
        err.println("Try: " + failure.getCommandLine().getCommandSpec().qualifiedName() + " --help");
        return Exit.USAGE;
    }

    private static int failed(Exception failure, CommandLine at, ParseResult parsed, String[] args) {
        if (failure instanceof Refusal || failure instanceof BadInput || failure instanceof QemuFailure) {
            at.getErr().println("lazaret: " + failure.getMessage());
            return Exit.USAGE;
        }
        if (failure instanceof Misuse misuse && Sourced.line(misuse) != null) {
            at.getErr().println("lazaret: " + Sourced.line(misuse) + ": " + misuse.getMessage());
            return Exit.USAGE;
        }
        at.getErr().println("lazaret: this is a bug of Lazaret " + Build.VERSION + " (" + Build.commit()
                + "): " + failure);
        for (StackTraceElement frame : failure.getStackTrace()) {
            at.getErr().println("    at " + frame);
        }
        at.getErr().println("reproduce: lazaret " + String.join(" ", args));
        return Exit.CRASH;
    }
}
