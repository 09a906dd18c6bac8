// SPDX-License-Identifier: Apache-2.0
package lazaret.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** What each command says about itself. */
class HelpTest {
    private static Stream<CommandLine> commands() {
        return below(Main.line());
    }

    private static Stream<CommandLine> below(CommandLine command) {
        List<CommandLine> parts = command.getSubcommands().values().stream().distinct()
                .filter(c -> !c.getCommandName().equals("help")).toList();
        return parts.stream().flatMap(c -> c.getSubcommands().isEmpty() ? Stream.of(c) : below(c));
    }

    private static List<String> footer(CommandLine command) {
        return List.of(command.getCommandSpec().usageMessage().footer());
    }

    /** The words of each example up to a pipe or a redirection, without {@code lazaret}. */
    private static List<String[]> examples(CommandLine command) {
        List<String> footer = footer(command);
        return footer.stream().skip(footer.indexOf("Examples:") + 1L)
                .map(line -> line.substring(line.indexOf("lazaret ") + 8).split(" [>|]")[0].split(" "))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void a_command_says_what_its_exit_codes_mean_and_shows_two_examples_that_it_takes(CommandLine command) {
        assertThat(footer(command)).as(command.getCommandName())
                .anyMatch(line -> line.startsWith("Exit codes:")).contains("Examples:");
        assertThat(examples(command)).as(command.getCommandName()).hasSizeGreaterThanOrEqualTo(2)
                .allSatisfy(words -> assertThatCode(() -> Main.line().parseArgs(words))
                        .as(Arrays.toString(words)).doesNotThrowAnyException());
    }
}
