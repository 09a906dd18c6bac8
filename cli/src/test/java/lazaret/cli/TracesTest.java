// SPDX-License-Identifier: Apache-2.0
package lazaret.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lazaret.explore.Course;
import lazaret.iommu.design.Designs;
import lazaret.lab.Counterexample;
import lazaret.lab.Sameness;
import lazaret.lab.Stage;
import lazaret.lab.scenario.Scenarios;
import org.junit.jupiter.api.Test;

class TracesTest {
    private static final Pattern SLICE = Pattern.compile(
            "\\{\"ph\":\"X\",\"name\":\"[^\"]*\",\"pid\":1,\"tid\":(\\d+),\"ts\":(\\d+),\"dur\":(\\d+),");
    private static final Counterexample EXAMPLE = example();

    private static Counterexample example() {
        Stage stage = Stage.of(Scenarios.named(Scenarios.FLAGSHIP), Designs.named("mainline"));
        return Counterexample.of(stage, Sameness.parse("P2 sid"), new Course(List.of()), "by default")
                .orElseThrow();
    }

    @Test
    void slices_of_a_track_are_strictly_nested() {
        Matcher m = SLICE.matcher(Traces.perfetto(EXAMPLE));
        var open = new LinkedHashMap<String, ArrayDeque<long[]>>();
        int slices = 0;
        while (m.find()) {
            long from = Long.parseLong(m.group(2));
            long to = from + Long.parseLong(m.group(3));
            var stack = open.computeIfAbsent(m.group(1), _ -> new ArrayDeque<>());
            while (!stack.isEmpty() && stack.peek()[1] <= from) {
                stack.pop();
            }
            assertThat(stack.isEmpty() || to <= stack.peek()[1]).isTrue();
            stack.push(new long[] {from, to});
            slices++;
        }
        assertThat(slices).isGreaterThan(EXAMPLE.cost().steps());
    }

    @Test
    void a_trace_names_its_strands_and_what_they_did() {
        assertThat(Traces.perfetto(EXAMPLE)).startsWith("{\"traceEvents\":[").contains("thread_name",
                "cpu0 task 0", "smmu cmdq", "flush smmu3.0 domain", "\"ph\":\"s\"", "\"ph\":\"f\"");
    }

    /** What ShiViz asks of a log: each event of a host counts its own clock on by one. */
    @Test
    void every_host_counts_its_own_clock() {
        List<String> lines = Traces.shiviz(EXAMPLE).lines().toList();
        var seen = new LinkedHashMap<String, Integer>();
        for (int i = 0; i < lines.size(); i += 2) {
            String host = lines.get(i).substring(0, lines.get(i).indexOf(' '));
            int mine = seen.merge(host, 1, Integer::sum);
            assertThat(lines.get(i)).matches("\\S+ \\{.*\\}").contains("\"" + host + "\":" + mine);
        }
        assertThat(lines).hasSize(2 * EXAMPLE.cost().steps());
    }
}
