// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.qemu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import lazaret.explore.Schedule;
import lazaret.iommu.design.Designs;
import lazaret.lab.Fn;
import lazaret.lab.Lab;
import lazaret.lab.Plan;
import lazaret.lab.Scenario;
import lazaret.lab.Space;
import lazaret.lab.Stage;
import lazaret.qemu.Board;
import org.junit.jupiter.api.Test;

/** The driver, as it is, on QEMU's SMMUv3. Not run where there is no QEMU. */
class DriverOnQemuTest {
    private static final Path QEMU = Path.of("/usr/bin/qemu-system-aarch64");

    private record Told(String line, java.util.function.Consumer<Lab> stage) { }

    private static final class MapsAndUnmaps implements Scenario {
        @Override
        public String line() {
            return "a page is mapped, written to, unmapped, and written to again";
        }

        @Override
        public void stage(Lab lab) {
            Fn nic = lab.endpoint("nic", "01:00.0");
            Space space = lab.domain(nic);
            space.map(0x1000);
            nic.writes(0x1000, 0x600d, 2);
            lab.cpu("cpu0", () -> lab.free(space.unmap(0x1000)));
        }
    }

    @Test
    void it_maps_and_unmaps() {
        assumeTrue(Files.isExecutable(QEMU), "not run: there is no " + QEMU);
        var lines = new ArrayList<String>();
        try (Board board = Board.start(QEMU)) {
            Stage stage = Stage.of(new MapsAndUnmaps(), Designs.standard(),
                    (machine, _) -> new QemuChip(machine, board));
            for (int i = 0; i < 6; i++) {
                var told = stage.tell(Schedule.RANDOM.chance(i, 1), Plan.STEPS);
                told.story().moments().forEach(m -> lines.add(m.lane() + ": " + m.text()));
                lines.add("---" + told.judged());
            }
        }
        lines.forEach(System.out::println);
        assertThat(lines).isNotEmpty();
    }
}
