// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.qemu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import lazaret.lab.conform.Deviation;
import lazaret.lab.conform.Difference;
import lazaret.lab.conform.Examination;
import lazaret.lab.conform.OurSmmu;
import lazaret.lab.conform.QemuSmmu;
import lazaret.lab.conform.Specimen;
import lazaret.qemu.Board;
import lazaret.qemu.QemuFailure;
import lazaret.smmuv3.Idr;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** Random cases, put to our model and to another SMMU. */
class ConformTest {
    private static final Path QEMU = Path.of("/usr/bin/qemu-system-aarch64");
    private static final Idr IDR = new Idr(0x0d40_101aL, 0x0273_0010L, 0x1404, 0x74);
    /** Recorded with {@code lazaret conform --qemu qemu-system-aarch64 --cases 120 --record FILE}. */
    private static final String RECORDED = "/qemu/conform-7.2.22.gz";
    private static final int RECORDED_CASES = 120;

    @TempDir
    private Path folder;

    private static Examination examined(Specimen other, int seed, int cases) {
        var exam = new Examination(other, seed);
        while (exam.cases() < cases) {
            exam.next();
        }
        return exam;
    }

    private static void nothing(Examination exam) {
        assertThat(exam.unexplained()).as("unexplained").flatExtracting(Difference::lines).isEmpty();
    }

    @Test
    void our_model_does_what_our_model_does() {
        var exam = examined(new OurSmmu(IDR), 3, 1500);
        nothing(exam);
        assertThat(exam.known()).isEmpty();
        assertThat(exam.refused()).isZero();
    }

    @Test
    void a_mistake_is_found_and_told_in_few_lines() {
        var exam = examined(new Deaf(new OurSmmu(IDR)), 1, 600);
        assertThat(exam.known()).isEmpty();
        assertThat(exam.unexplained()).isNotEmpty().allSatisfy(difference -> {
            assertThat(difference.lines()).hasSizeLessThanOrEqualTo(10)
                    .anyMatch(line -> line.startsWith("command TLBI_NH_VA"));
            assertThat(difference.theirs().what()).as("still lands").startsWith("lands");
        });
    }

    @Test
    void what_qemu_7_2_did_when_it_was_recorded_is_explained() throws IOException {
        Path file = folder.resolve("conform.gz");
        try (var in = ConformTest.class.getResourceAsStream(RECORDED)) {
            Files.copy(in, file);
        }
        try (var qemu = new QemuSmmu(Board.replay(file))) {
            var exam = examined(qemu, 1, RECORDED_CASES);
            nothing(exam);
            assertThat(exam.known()).containsKeys(Deviation.CLASS, Deviation.SILENT, Deviation.TAKEN);
            assertThat(exam.known().values()).allSatisfy(least ->
                    assertThat(least.lines()).hasSizeLessThanOrEqualTo(10));
        }
    }

    @Test
    void a_recording_of_other_cases_is_refused_with_its_line() throws IOException {
        Path file = folder.resolve("conform.gz");
        try (var in = ConformTest.class.getResourceAsStream(RECORDED)) {
            Files.copy(in, file);
        }
        try (var qemu = new QemuSmmu(Board.replay(file))) {
            assertThatThrownBy(() -> examined(qemu, 2, RECORDED_CASES)).isInstanceOf(QemuFailure.class)
                    .hasMessageMatching("(?s).*conform.gz:\\d+: has .* recorded with another seed.*");
        }
    }

    /** Says which test is not run where there is none, and does not run it. */
    private void needsQemu(TestInfo test) {
        if (!Files.isExecutable(QEMU)) {
            String why = "not run: " + getClass().getSimpleName() + "." + test.getDisplayName()
                    + ": there is no " + QEMU;
            System.err.println(why);
            abort(why);
        }
    }

    @Test
    void the_qemu_that_is_here_differs_only_where_it_is_known_to(TestInfo test) {
        needsQemu(test);
        try (var qemu = new QemuSmmu(Board.start(QEMU))) {
            assumeTrue(qemu.version().startsWith("7.2."), "not run: deviations were looked for in 7.2");
            var exam = examined(qemu, 5, 150);
            nothing(exam);
            assertThat(exam.known()).containsKey(Deviation.CLASS);
        }
    }
}
