// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.qemu;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import lazaret.lab.conform.Deviation;
import lazaret.lab.conform.Seen;
import lazaret.smmuv3.Idr;
import org.junit.jupiter.api.Test;

/**
 * Scenarios with one thing wrong in each, put to three versions of QEMU and to our model: the model does what
 * the architecture says, and where QEMU does not, there is a reason.
 */
class QemuMatrixTest {
    private static final Idr OLD = new Idr(0x0d40_101aL, 0x0273_0010L, 0x1404, 0x74);
    private static final Idr NEW = new Idr(0x0d44_101bL, 0x0273_0010L, 0x1414, 0x74);
    private static final Path DOCUMENT = Path.of("..", "docs", "qemu-deviations.md");

    /** A QEMU and the identification registers that it has. */
    private enum Version {
        V7("7.2", OLD), V10("10.0", NEW), V11("11.1", NEW);

        private final String number;
        private final Idr idr;

        Version(String number, Idr idr) {
            this.number = number;
            this.idr = idr;
        }

        boolean within(String range) {
            return range.equals("all") || range.equals(number) || range.equals("10+") && this != V7;
        }
    }

    /** A line of the table: what must come of a scenario, and who does otherwise. */
    private record Expected(String name, String what, String withoutStage2, String who, Deviation why) {
        static Expected of(String line) {
            String[] cells = line.split(" \\| ");
            String[] what = cells[1].split(" ; | without stage 2");
            String[] other = cells.length < 3 ? null : cells[2].split(" ");
            return new Expected(cells[0], what[0], what.length == 1 ? what[0] : what[1],
                    other == null ? "" : other[0], other == null ? null : Deviation.valueOf(other[1]));
        }

        String on(Version version) {
            return version == Version.V7 ? withoutStage2 : what;
        }
    }

    private static List<Expected> expected() throws IOException {
        try (var in = QemuMatrixTest.class.getResourceAsStream("/qemu/matrix.expected")) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return text.lines().filter(line -> !line.startsWith("#")).map(Expected::of).toList();
        }
    }

    @Test
    void the_model_does_in_every_scenario_what_the_architecture_says() throws IOException {
        List<Expected> expected = expected();
        var wrong = new ArrayList<String>();
        for (Version version : List.of(Version.V7, Version.V10)) {
            Matrix matrix = Matrix.play(version.idr);
            assertThat(matrix.size()).isEqualTo(expected.size()).isEqualTo(122);
            for (int i = 0; i < expected.size(); i++) {
                assertThat(matrix.name(i)).isEqualTo(expected.get(i).name);
                String what = expected.get(i).on(version);
                if (!matrix.seen(i).what().equals(what)) {
                    wrong.add(version + " " + expected.get(i).name + ": " + matrix.seen(i) + ", not " + what);
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void software_hears_of_every_event_unless_it_does_not_want_to() {
        Matrix matrix = Matrix.play(NEW);
        for (int i = 0; i < matrix.size(); i++) {
            boolean wanted = !matrix.name(i).startsWith("IRQ_CTRL=0");
            Seen seen = matrix.seen(i);
            if (seen.event() != null) {
                assertThat(seen.told()).as(matrix.name(i)).isEqualTo(wanted);
            }
        }
    }

    @Test
    void where_a_qemu_does_otherwise_there_is_a_reason_and_nowhere_else() throws IOException {
        List<Expected> expected = expected();
        var wrong = new ArrayList<String>();
        for (Version version : Version.values()) {
            List<Observed> observed = Observed.of(version.number);
            Matrix matrix = Matrix.play(version.idr);
            for (int i = 0; i < expected.size(); i++) {
                Expected e = expected.get(i);
                assertThat(observed.get(i).name()).isEqualTo(e.name);
                boolean excused = e.why != null && version.within(e.who);
                if (observed.get(i).as(matrix.seen(i)) == excused) {
                    String we = version + " " + e.name + ": we " + matrix.seen(i);
                    wrong.add(we + ", QEMU " + observed.get(i));
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void one_refused_access_of_a_device_is_as_many_records_as_it_has_four_bytes() throws IOException {
        for (Version version : Version.values()) {
            assertThat(Observed.of(version.number)).filteredOn(o -> !o.records().isEmpty()).isNotEmpty()
                    .allMatch(Observed::oneRecordForFourBytes);
        }
    }

    @Test
    void the_document_says_what_differs() throws IOException {
        String document = document();
        if (Boolean.getBoolean("tidy.rewrite")) {
            Files.writeString(DOCUMENT, document);
        }
        assertThat(DOCUMENT).as("rewrite it with ./mvnw verify -Dtidy.rewrite=true").hasContent(document);
    }

    private static String document() throws IOException {
        Map<Deviation, List<String>> rows = new EnumMap<>(Deviation.class);
        List<Expected> expected = expected();
        List<Observed> old = Observed.of("7.2");
        List<Observed> now = Observed.of("10.0");
        for (int i = 0; i < expected.size(); i++) {
            Expected e = expected.get(i);
            if (e.why != null) {
                Observed qemu = e.who.equals("7.2") ? old.get(i) : now.get(i);
                String what = e.who.equals("7.2") ? e.withoutStage2 : e.what;
                rows.computeIfAbsent(e.why, _ -> new ArrayList<>()).add("| %s | %s | %s | %s |".formatted(
                        e.name.replace("|", "\\|"), what, versions(e.who), told(e, what, qemu)));
            }
        }
        var text = new StringBuilder(HEAD.formatted(expected.size()));
        for (Deviation why : Deviation.values()) {
            List<String> lines = rows.get(why);
            text.append("\n## ").append(why).append(" · ").append(why.section()).append("\n\n")
                    .append(why.why()).append("\n\n").append(lines == null ? BY_SEARCH
                            : COLUMNS + String.join("\n", lines) + '\n');
        }
        return text.toString();
    }

    private static String versions(String who) {
        return switch (who) {
            case "7.2" -> "7.2.22";
            case "10+" -> "10.0.2, 11.1.3";
            case "all" -> "7.2.22, 10.0.2, 11.1.3";
            default -> throw new AssertionError(who);
        };
    }

    /** Where the event is the same its words differ. */
    private static String told(Expected e, String what, Observed qemu) {
        if (!qemu.what().equals(what)) {
            return qemu.what();
        }
        long[] record = qemu.records().getLast();
        return "%016x %016x %016x %016x".formatted(record[0], record[1], record[2], record[3]);
    }

    private static final String COLUMNS = "| scenario | architected | QEMU | does |\n|---|---|---|---|\n";

    private static final String BY_SEARCH = "No scenario has it; `lazaret conform` met it in 7.2.22.\n";

    private static final String HEAD = """
            <!-- Made by QemuMatrixTest. Do not edit; ./mvnw verify -Dtidy.rewrite=true writes it. -->
            # Where QEMU's SMMUv3 differs from the architecture

            %d scenarios with one thing wrong in each were put to QEMU 7.2.22, 10.0.2 and 11.1.3, and are put
            to our model with the identification registers of each (`QemuMatrixTest`). The model does what the
            architecture says in all of them. What differs in QEMU, and is not said here, fails that test.
            "nothing" is: no event, and nothing where the access was to land.

            One access of a device that is refused gives a record for every four bytes: QEMU's device model
            tries again in smaller pieces. That is the device's doing and no deviation of the SMMU.
            """;
}
