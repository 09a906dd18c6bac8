// SPDX-License-Identifier: Apache-2.0
package lazaret.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import lazaret.iommu.design.Designs;
import lazaret.lab.Stage;
import lazaret.lab.scenario.Scenarios;
import org.junit.jupiter.api.Test;

class InteractiveTest {
    private record Said(int code, String out) { }

    private static Said hand(String input) throws IOException {
        Stage stage = Stage.of(Scenarios.named(Scenarios.FLAGSHIP), Designs.named("mainline"));
        var out = new StringWriter();
        var in = new BufferedReader(new StringReader(input));
        int code = new Interactive(stage, in, new PrintWriter(out)).run();
        return new Said(code, out.toString());
    }

    @Test
    void the_first_question_names_everybody_who_may_step() throws IOException {
        Said said = hand("q\n");

        assertThat(said.out()).contains("step 0, who steps next?", "0* cpu0 task 0", "nic dma", "gpu dma");
        assertThat(said.code()).isEqualTo(2);
    }

    @Test
    void the_end_of_the_input_ends_it_too() throws IOException {
        assertThat(hand("").code()).isEqualTo(2);
        assertThat(hand("\n\n\n").out()).contains("step 1, ", "step 2, ", "step 3, ");
    }

    @Test
    void what_happens_is_told_as_it_happens() throws IOException {
        assertThat(hand("s\nq\n").out()).contains("    cpu0: unmap smmu3.0 domain");
    }

    @Test
    void a_run_taken_to_its_end_says_what_broke() throws IOException {
        Said said = hand("e\n");

        assertThat(said.out()).contains("the run is over", "finding: P2 fence before return");
        assertThat(said.code()).isEqualTo(1);
    }

    @Test
    void another_choice_is_another_run() throws IOException {
        String first = hand("q\n").out();
        int nic = first.indexOf(" nic dma");
        String number = first.substring(first.lastIndexOf(' ', nic - 1) + 1, nic);

        assertThat(hand(number + "\ns\nq\n").out()).contains("    nic: 01:00.0 writes 0xbad to 0x1000");
    }

    @Test
    void what_was_said_can_be_taken_back() throws IOException {
        String out = hand("g 5\nu 5\nq\n").out();

        assertThat(out).contains("(from the start)");
        assertThat(out.lines().filter(l -> l.startsWith("step 0, "))).hasSize(2);
        assertThat(out.lines().filter(l -> l.startsWith("step 5, "))).hasSize(1);
    }

    @Test
    void a_line_that_means_nothing_is_answered_with_what_would() throws IOException {
        String out = hand("99\nfly\nq\n").out();

        assertThat(out.lines().filter(l -> l.startsWith("a number: do that"))).hasSize(3);
    }
}
