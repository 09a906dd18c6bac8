// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import lazaret.iommu.design.Mainline;
import lazaret.iommu.design.MinimumX;
import lazaret.iommu.design.planted.AcknowledgesFirst;
import lazaret.machine.Chance;
import lazaret.machine.Strand;
import lazaret.smmuv3.Command;
import lazaret.smmuv3.Gerror;
import lazaret.smmuv3.Reg;
import org.junit.jupiter.api.Test;

class GerrorsTest {
    private static final int DEAD = 0x66;

    private static List<Command> toDead() {
        return List.of(new Command.AtcInv(DEAD, false, 0, false, 0, 52));
    }

    /** Somebody else who has something to do on the queue meanwhile. */
    private static void bystander(Rig rig) {
        rig.cpu1.start("bystander", () -> {
            for (int i = 0; i < 3; i++) {
                assertThat(rig.smmu.cmdq().submit(List.of())).isEqualTo(Synced.OK);
            }
        });
    }

    @Test
    void interrupt_or_issuer_whoever_is_first_the_issuer_learns_of_its_error() {
        for (SmmuDesign design : List.of(new MinimumX(), new Mainline())) {
            Rig.random(60, () -> new Rig(design), rig -> {
                rig.hw.silent.add(DEAD);
                rig.cpu1.start("issuer", () -> {
                    Synced synced = rig.smmu.cmdq().submit(toDead());
                    assertThat(synced).isNotEqualTo(Synced.OK);
                    if (synced == Synced.ATC_TIMEOUT) {
                        rig.smmu.cmdq().settled();
                    }
                    assertThat(rig.smmu.cmdq().submit(List.of())).isEqualTo(Synced.OK);
                });
                bystander(rig);
            }, rig -> {
                assertThat(rig.complaints()).isEmpty();
                assertThat(rig.hw.stopped()).isFalse();
                assertThat(rig.printed()).filteredOn(line -> line.contains("CMDQ error")).hasSize(1);
            });
        }
    }

    @Test
    void on_one_cpu_with_interrupts_off_nobody_waits_for_the_interrupt() {
        Rig.random(30, Rig::new, rig -> {
            rig.hw.silent.add(DEAD);
            rig.cpu0.start("issuer", () -> {
                try (var _ = rig.kernel.irqSave()) {
                    assertThat(rig.smmu.cmdq().submit(toDead())).isEqualTo(Synced.ATC_TIMEOUT);
                }
            });
        }, rig -> assertThat(rig.machine.clock().now()).isEqualTo(PlayedSmmu.ATC_LIMIT_US));
    }

    @Test
    void an_issuer_that_leaves_it_to_a_masked_interrupt_learns_nothing() {
        Rig rig = new Rig(new Mainline());
        rig.hw.silent.add(DEAD);
        rig.run((n, why) -> 0, () -> rig.cpu0.start("issuer",
                () -> assertThat(rig.smmu.cmdq().submit(toDead())).isEqualTo(Synced.EXPIRED)));

        assertThat(rig.machine.clock().now()).isGreaterThanOrEqualTo(1_000_000);
    }

    /** Prefers, of those who may step, the first in a list of names; else whoever comes first. */
    private record Prefers(Supplier<List<String>> names) implements Chance {
        @Override
        public int pick(int n, String why) {
            return 0;
        }

        @Override
        public int who(Strand[] enabled, int n) {
            for (String name : names.get()) {
                for (int i = 0; i < n; i++) {
                    if (enabled[i].name().equals(name) || enabled[i].name().startsWith(name + "#")) {
                        return i;
                    }
                }
            }
            return 0;
        }
    }

    /** The interrupt handler runs until the queue goes on, then hardware, then the issuer. */
    private static Synced withALateHandler(SmmuDesign design) {
        Rig rig = new Rig(design);
        rig.hw.silent.add(DEAD);
        List<Synced> answer = new ArrayList<>();
        Supplier<List<String>> order = () -> rig.hw.stopped()
                ? List.of("irq smmu-gerror", "smmu-gerror") : List.of("smmu", "issuer");
        rig.run(new Prefers(order), () -> rig.cpu1.start("issuer", () -> {
            answer.add(rig.smmu.cmdq().submit(toDead()));
        }));
        return answer.getFirst();
    }

    @Test
    void an_error_is_recorded_before_the_queue_goes_on() {
        assertThat(withALateHandler(new MinimumX())).isEqualTo(Synced.ATC_TIMEOUT);
        assertThat(withALateHandler(new AcknowledgesFirst())).isEqualTo(Synced.OK);
    }

    @Test
    void an_interrupt_without_cause_does_nothing() {
        Rig rig = new Rig();
        rig.quiet();
        rig.hw.gerrorIrq.pulse();
        rig.run((n, why) -> 0, () -> rig.cpu1.start("idle", () -> { }));

        assertThat(rig.printed()).isEmpty();
        assertThat(rig.hw.writes).isEmpty();
    }

    @Test
    void other_errors_are_told_and_acknowledged() {
        Rig rig = new Rig();
        rig.quiet();
        rig.hw.set(Reg.GERROR, (int) Gerror.EVENTQ_ABT_ERR.mask());
        rig.hw.gerrorIrq.pulse();
        rig.run((n, why) -> 0, () -> rig.cpu1.start("idle", () -> { }));

        assertThat(rig.printed()).containsExactly(
                "smmu: unexpected global error reported (0x00000004), this could be serious",
                "smmu: EVTQ write aborted -- events may have been lost");
        assertThat(rig.hw.get(Reg.GERRORN)).isEqualTo(rig.hw.get(Reg.GERROR));
    }

    @Test
    void an_error_that_keeps_coming_back_does_not_keep_a_cpu_in_the_interrupt() {
        Rig rig = new Rig();
        rig.quiet();
        rig.hw.silent.add(DEAD);
        rig.hw.report = PlayedSmmu.Report.WHILE_PENDING;
        rig.run((n, why) -> 0, () -> rig.cpu1.start("issuer", () -> rig.smmu.cmdq().issue(toDead(), true)));

        assertThat(rig.printed()).anyMatch(line -> line.contains("left to those who wait"));
        assertThat(rig.hw.timedOut).hasSizeLessThan(40);
    }
}
