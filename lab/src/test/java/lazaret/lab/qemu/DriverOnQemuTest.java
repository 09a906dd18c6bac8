// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.qemu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import lazaret.explore.Ending;
import lazaret.explore.Schedule;
import lazaret.iommu.design.Designs;
import lazaret.lab.Chip;
import lazaret.lab.Fn;
import lazaret.lab.Lab;
import lazaret.lab.Plan;
import lazaret.lab.Scenario;
import lazaret.lab.Space;
import lazaret.lab.Stage;
import lazaret.lab.oracle.Property;
import lazaret.machine.Unmodelled;
import lazaret.qemu.Board;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** The driver, as it is, on QEMU's SMMUv3. Not run where there is no QEMU. */
class DriverOnQemuTest {
    private static final Path QEMU = Path.of("/usr/bin/qemu-system-aarch64");

    private record Play(Consumer<Lab> staged) implements Scenario {
        @Override
        public String line() {
            return "a test";
        }

        @Override
        public void stage(Lab lab) {
            staged.accept(lab);
        }
    }

    private Board board;

    @BeforeEach
    void switchOn(TestInfo test) {
        needsQemu(test);
        board = Board.start(QEMU);
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

    @AfterEach
    void switchOff() {
        if (board != null) {
            board.close();
        }
    }

    private Stage stage(Consumer<Lab> staged) {
        return stage(staged, (machine, _) -> new QemuChip(machine, board));
    }

    private static Stage stage(Consumer<Lab> staged, Chip.Maker chip) {
        return Stage.of(new Play(staged), Designs.standard(), chip);
    }

    private static List<String> lines(Stage.Told told) {
        assertThat(told.judged().ending()).isInstanceOf(Ending.Rest.class);
        return told.story().moments().stream().map(m -> m.lane() + ": " + m.text()).toList();
    }

    private static Stage.Told straight(Stage stage) {
        Stage.Told told = stage.tell(Schedule.STRAIGHT.chance(1, 1), Plan.STEPS);
        assertThat(told.judged().violations()).isEmpty();
        return told;
    }

    private static int index(List<String> lines, String part) {
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).contains(part)) {
                return i;
            }
        }
        return -1;
    }

    /** A device writes twice while the page that it writes to is unmapped. */
    private static void unmapsUnderWrites(Lab lab) {
        Fn nic = lab.endpoint("nic", "01:00.0");
        Space space = lab.domain(nic);
        space.map(0x1000);
        nic.writes(0x1000, 0x600d, 2);
        lab.cpu("cpu0", () -> lab.free(space.unmap(0x1000)));
    }

    @Test
    void it_brings_the_smmu_up_and_a_device_reaches_the_page_that_is_mapped_for_it() {
        List<String> lines = lines(straight(stage(lab -> {
            Fn nic = lab.endpoint("nic", "01:00.0");
            Fn gpu = lab.endpoint("gpu", "02:00.1");
            Space space = lab.domain(nic, gpu);
            long page = space.map(0x1000);
            nic.writes(0x1000, 0x600d, 1);
            gpu.writes(0x1008, 0xbeef, 1);
            lab.cpu("cpu0", () -> {
                lab.sleep(1);
                lab.check(lab.read(page) == 0x600d && lab.read(page + 8) == 0xbeef, "both wrote");
            });
        })));
        assertThat(lines).anyMatch(line -> line.matches(".*sid=0x100 write 0x1000 lands at .*: 0x600d"))
                .anyMatch(line -> line.matches(".*sid=0x201 write 0x1008 lands at .*: 0xbeef"));
    }

    @Test
    void an_smmu_that_is_on_already_is_brought_up_again() {
        straight(stage(DriverOnQemuTest::unmapsUnderWrites));
        List<String> lines = lines(straight(stage(lab -> {
            Fn nic = lab.endpoint("nic", "03:00.0");
            lab.domain(nic).map(0x5000);
            nic.writes(0x5000, 0x600d, 1);
        })));
        assertThat(lines).anyMatch(line -> line.contains("sid=0x300 write 0x5000 lands at"));
    }

    @Test
    void until_the_flush_qemu_uses_what_it_knows_and_after_it_nothing_lands() {
        Stage stage = stage(DriverOnQemuTest::unmapsUnderWrites);
        int stale = 0;
        for (int seed = 0; seed < 40 && stale == 0; seed++) {
            Stage.Told told = stage.tell(Schedule.RANDOM.chance(seed, 1), Plan.STEPS);
            assertThat(told.judged().violations()).isEmpty();
            List<String> lines = lines(told);
            int cleared = index(lines, "unmap smmu3.0");
            int returned = index(lines, "returns");
            List<String> afterwards = lines.subList(returned, lines.size());
            assertThat(afterwards).noneMatch(line -> line.contains("lands at"));
            stale += index(lines.subList(cleared, returned), "lands at") >= 0 ? 1 : 0;
        }
        assertThat(stale).as("runs with a write between the descriptor's end and the flush").isEqualTo(1);
    }

    @Test
    void a_write_to_nowhere_is_an_event_that_the_driver_reports_with_its_device() {
        List<String> lines = lines(straight(stage(lab -> {
            Fn nic = lab.endpoint("nic", "01:00.0");
            lab.domain(nic).map(0x1000);
            nic.writes(0x9000, 0xbad, 1);
            lab.cpu("cpu0", () -> lab.sleep(1));
        })));
        assertThat(lines).anyMatch(line -> line.contains("sid=0x100 write 0x9000 refused"))
                .anyMatch(line -> line.contains("smmu3.0: event: F_TRANSLATION sid=0x100")
                        && line.contains("client: 0000:01:00.0"));
    }

    @Test
    void it_gets_over_a_command_that_is_none() {
        int[] batch = {Integer.MAX_VALUE};
        Stage stage = stage(lab -> {
            Fn nic = lab.endpoint("nic", "01:00.0");
            Space space = lab.domain(nic);
            space.map(0x1000);
            nic.writes(0x1000, 0x600d, 1);
            lab.cpu("cpu0", () -> {
                batch[0] = 0;
                lab.free(space.unmap(0x1000));
            });
        }, (machine, _) -> Faulty.garbling(new QemuChip(machine, board), machine, batch));
        List<String> lines = lines(straight(stage));
        assertThat(lines).anyMatch(line -> line.contains("CERROR_ILL (cons 0x01000"))
                .anyMatch(line -> line.contains("Illegal command"))
                .anyMatch(line -> line.contains("skipping command in error state"))
                .anyMatch(line -> line.contains("flush of smmu3.0 domain 2 0x1000–0x1fff returns"));
    }

    @Test
    void a_device_in_reset_reaches_nothing_and_afterwards_what_it_reached_before() {
        List<String> lines = lines(straight(stage(lab -> {
            Fn nic = lab.endpoint("nic", "01:00.0");
            lab.domain(nic).map(0x1000);
            nic.whenStarted().writes(0x1000, 0x600d, 1);
            lab.cpu("cpu0", () -> {
                lab.check(nic.reset().ok(), "the reset works");
                nic.starts();
                lab.sleep(1);
            });
        })));
        int reset = index(lines, "reset");
        assertThat(reset).isPositive();
        assertThat(index(lines, "lands at")).isGreaterThan(reset);
    }

    @Test
    void a_stack_that_does_not_flush_is_found_out_on_qemu_too() {
        int[] batch = {Integer.MAX_VALUE};
        Stage stage = stage(lab -> {
            Fn nic = lab.endpoint("nic", "01:00.0");
            Space space = lab.domain(nic);
            space.map(0x1000);
            nic.writes(0x1000, 0x600d, 1).after(1000).writes(0x1000, 0xbad, 1);
            lab.cpu("cpu0", () -> {
                batch[0] = 0;
                lab.sleep(1);
                lab.free(space.unmap(0x1000));
            });
        }, (machine, _) -> Faulty.swallowing(new QemuChip(machine, board), machine, batch));
        Stage.Told told = stage.tell(Schedule.STRAIGHT.chance(1, 1), Plan.STEPS);
        assertThat(told.broke(Property.P1)).as(told.judged().violations().toString()).isTrue();
    }

    @Test
    void what_needs_ats_is_refused_with_its_reason() {
        assertThatThrownBy(() -> stage(lab -> lab.endpoint("nic", "01:00.0").warm(0x1000)))
                .isInstanceOf(Unmodelled.class)
                .hasMessage("not modelled: ATS on this SMMU: nic keeps translations");
        assertThatThrownBy(() -> stage(lab -> lab.endpoint("nic", "01:00.0").neverAnswersAtcInv()))
                .isInstanceOf(Unmodelled.class);
        assertThatThrownBy(() -> stage(lab -> lab.endpoint("nic", "07:00.0")))
                .isInstanceOf(Unmodelled.class).hasMessageContaining("a function at 0x700 on QEMU");
    }
}
