// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import lazaret.iommu.IommuEntry;
import lazaret.iommu.Prot;
import lazaret.iommu.design.Mainline;
import lazaret.iommu.design.MinimumX;
import lazaret.iommu.design.MinimumY;
import lazaret.iommu.design.planted.AllocatesInFlush;
import lazaret.iommu.design.planted.AttachReopens;
import lazaret.iommu.design.planted.FencesWholeBatch;
import lazaret.iommu.design.planted.ForgetsConfigSync;
import lazaret.iommu.design.planted.FreesArrayAtOnce;
import lazaret.iommu.design.planted.MutesBeforeFence;
import lazaret.iommu.design.planted.MutesFlushesOnly;
import lazaret.iommu.design.planted.NeverMutes;
import lazaret.iommu.design.planted.SleepsInFence;
import lazaret.iommu.pci.PciDev;
import lazaret.kernel.Errno;
import lazaret.kernel.KernelEntry;
import lazaret.smmuv3.Ste;
import org.junit.jupiter.api.Test;

/** What designs make of a device that does not answer, on a driver that is whole and a played SMMU. */
class QuarantineTest {
    private static final int DEAD = Rig.NIC;
    private static final int[] ALL = {0x80, Rig.NIC, Rig.GPU, 0x300};
    private static final long FRAME = 0x9000_0000L;

    /** A domain of four devices, of which the second may be silent. */
    private static Rig shared(SmmuDesign design) {
        Rig rig = new Rig(design);
        PciDev[] devs = new PciDev[ALL.length];
        for (int i = 0; i < ALL.length; i++) {
            devs[i] = rig.device(ALL[i]);
        }
        rig.share(devs);
        rig.warm(ALL);
        rig.quiet();
        return rig;
    }

    private static SmmuDomain domain(Rig rig) {
        return rig.domain(rig.devices.get(DEAD));
    }

    /** Maps and unmaps a page; says how long the flush took in microseconds. */
    private static long flush(Rig rig, long iova) {
        SmmuDomain domain = domain(rig);
        assertThat(domain.map(iova, FRAME, 0x1000, Prot.READ_WRITE)).isEqualTo(Errno.OK);
        long begin = rig.machine.clock().now();
        assertThat(domain.unmap(iova, 0x1000)).isEqualTo(0x1000);
        return rig.machine.clock().now() - begin;
    }

    // ---- minimumX

    @Test
    void a_healthy_flush_costs_one_insertion_for_the_tlb_and_one_for_all_devices() {
        Rig rig = shared(new MinimumX());
        assertThat(flush(rig, 0x1000)).isZero();

        assertThat(rig.hw.trace).filteredOn(t -> t.startsWith("SYNC")).hasSize(2);
        assertThat(rig.hw.trace).filteredOn(t -> t.startsWith("ATC_INV")).hasSize(4);
        assertThat(rig.fenced()).isEmpty();
    }

    @Test
    void the_culprit_is_found_fenced_and_muted_before_the_flush_returns_and_nobody_else() {
        Rig rig = shared(new MinimumX());
        rig.hw.silent.add(DEAD);
        assertThat(flush(rig, 0x1000)).isEqualTo(2 * PlayedSmmu.ATC_LIMIT_US);

        assertThat(rig.fenced()).containsExactly(DEAD);
        assertThat(rig.muted()).containsExactly(DEAD);
        assertThat(rig.hw.refusesAts(DEAD)).isTrue();
        assertThat(rig.hw.refusesAts(Rig.GPU)).isFalse();
        assertThat(rig.entries(IommuEntry.class).getLast()).isInstanceOf(IommuEntry.FlushEnd.class);
        assertThat(rig.hw.inMemory(DEAD).config()).as("untranslated DMA goes on")
                .isEqualTo(Ste.Config.S1_TRANS);
        assertThat(rig.complaints()).isEmpty();
    }

    @Test
    void each_suspect_is_asked_again_with_a_sync_of_its_own() {
        Rig rig = shared(new MinimumX());
        rig.hw.silent.add(DEAD);
        flush(rig, 0x1000);

        List<String> isolation = rig.hw.trace.subList(7, 15);
        for (int i = 0; i < 4; i++) {
            assertThat(isolation.get(2 * i)).startsWith("ATC_INV sid=0x" + Integer.toHexString(ALL[i]));
            assertThat(isolation.get(2 * i + 1)).startsWith("SYNC");
        }
    }

    @Test
    void a_device_alone_is_not_asked_again() {
        Rig rig = new Rig();
        rig.device(DEAD);
        rig.quiet();
        rig.hw.silent.add(DEAD);

        assertThat(flush(rig, 0x1000)).isEqualTo(PlayedSmmu.ATC_LIMIT_US);
        assertThat(rig.fenced()).containsExactly(DEAD);
    }

    @Test
    void several_culprits_are_all_found() {
        Rig rig = shared(new MinimumX());
        rig.hw.silent.addAll(List.of(0x80, 0x300));

        assertThat(flush(rig, 0x1000)).isEqualTo(3 * PlayedSmmu.ATC_LIMIT_US);
        assertThat(rig.fenced()).containsExactly(0x80, 0x300);
    }

    @Test
    void later_flushes_do_not_wait_for_it_again() {
        Rig rig = shared(new MinimumX());
        rig.hw.silent.add(DEAD);
        flush(rig, 0x1000);
        for (int i = 2; i < 50; i++) {
            assertThat(flush(rig, i * 0x1000L)).isZero();
        }

        assertThat(rig.fenced()).hasSize(1);
    }

    @Test
    void neither_does_a_change_of_its_domain() {
        Rig rig = shared(new MinimumX());
        rig.hw.silent.add(DEAD);
        flush(rig, 0x1000);
        long now = rig.machine.clock().now();
        rig.share(rig.devices.get(DEAD));
        assertThat(rig.devices.get(DEAD).group().replace(rig.smmu.blockedDomain())).isEqualTo(Errno.OK);

        assertThat(rig.machine.clock().now()).isEqualTo(now);
    }

    @Test
    void a_device_that_answers_when_it_is_asked_again_is_left_alone() {
        Rig rig = shared(new MinimumX());
        rig.hw.silent.add(DEAD);
        rig.machine.add(new Recovers(rig, new ArrayList<>()));

        assertThat(flush(rig, 0x1000)).isPositive();
        assertThat(rig.hw.timedOut).containsExactly(DEAD);
        assertThat(rig.fenced()).isEmpty();
    }

    private static long asked(Rig rig) {
        return rig.hw.trace.stream().filter(t -> t.startsWith("ATC_INV sid=0x100")).count();
    }

    /** The device answers again after its first time-out, once. */
    private record Recovers(Rig rig, List<String> once) implements lazaret.machine.Strand {
        @Override
        public String name() {
            return "device recovers";
        }

        @Override
        public boolean enabled() {
            return rig.hw.timedOut.size() == 1 && once.isEmpty();
        }

        @Override
        public void step() {
            once.add("recovered");
            rig.hw.silent.clear();
        }
    }

    @Test
    void when_all_answer_they_are_asked_once_more_after_a_silence() {
        Rig rig = shared(new MinimumX());
        rig.hw.silent.add(DEAD);
        rig.machine.add(new Recovers(rig, new ArrayList<>()));
        flush(rig, 0x1000);

        assertThat(rig.hw.trace).filteredOn(t -> t.startsWith("ATC_INV sid=0x100")).hasSize(3);
        assertThat(rig.machine.clock().now()).isGreaterThanOrEqualTo(3 * PlayedSmmu.ATC_LIMIT_US);
    }

    @Test
    void a_device_that_falls_silent_again_after_the_silence_is_the_culprit() {
        Rig rig = shared(new MinimumX());
        rig.hw.silent.add(DEAD);
        rig.machine.add(new Recovers(rig, new ArrayList<>()));
        rig.machine.add(new Relapses(rig));
        flush(rig, 0x1000);

        assertThat(rig.fenced()).containsExactly(DEAD);
        assertThat(rig.hw.refusesAts(DEAD)).isTrue();
    }

    /** It falls silent again once it has answered. */
    private record Relapses(Rig rig) implements lazaret.machine.Strand {
        @Override
        public String name() {
            return "device relapses";
        }

        @Override
        public boolean enabled() {
            return asked(rig) == 2 && rig.hw.silent.isEmpty() && rig.hw.timedOut.size() == 1
                    && rig.hw.trace.getLast().startsWith("SYNC");
        }

        @Override
        public void step() {
            rig.hw.silent.add(DEAD);
        }
    }

    @Test
    void a_queue_that_stands_still_clears_nobody_and_the_flush_returns_nevertheless() {
        Rig rig = shared(new MinimumX());
        rig.hw.frozen = true;
        long took = flush(rig, 0x1000);

        assertThat(took).isBetween(1_000_000L, 20_000_000L);
        assertThat(rig.fenced()).isEmpty();
        assertThat(rig.muted()).isEmpty();
        for (int sid : ALL) {
            assertThat(rig.hw.inMemory(sid).eats()).isEqualTo(Ste.Eats.ABT);
            assertThat(rig.fence(rig.devices.get(sid))).isEqualTo(FenceState.UNCONFIRMED);
        }
        assertThat(rig.printed()).filteredOn(l -> l.contains("cannot confirm")).hasSize(4);
    }

    @Test
    void when_the_queue_goes_on_the_next_flush_confirms_what_was_not() {
        Rig rig = new Rig();
        rig.device(DEAD);
        rig.hw.frozen = true;
        flush(rig, 0x1000);
        rig.hw.frozen = false;
        rig.hw.silent.add(DEAD);
        flush(rig, 0x2000);

        assertThat(rig.fence(rig.devices.get(DEAD))).isEqualTo(FenceState.HOLDS);
        assertThat(rig.muted()).containsExactly(DEAD);
    }

    @Test
    void an_invalidation_limit_beyond_the_one_for_a_sync_ends_in_a_fence_too() {
        Rig rig = new Rig();
        rig.device(DEAD);
        rig.warm(DEAD);
        rig.hw.silent.add(DEAD);
        rig.hw.atcLimitUs = 2_500_000;
        flush(rig, 0x1000);

        assertThat(rig.hw.refusesAts(DEAD)).isTrue();
        assertThat(rig.fence(rig.devices.get(DEAD))).isEqualTo(FenceState.HOLDS);
    }

    // ---- two CPUs

    private record Outcome(int returnedOpen, int complaints, int timeOuts) { }

    /**
     * Two CPUs flush a domain with a silent device, the second while the first is waiting for it. Counts
     * returns at which its ATS was still served.
     */
    private static Outcome race(int runs, Supplier<SmmuDesign> design, int... others) {
        int[] open = {0};
        int[] complaints = {0};
        int[] timeOuts = {0};
        Rig.random(runs, () -> {
            Rig rig = new Rig(design.get());
            PciDev[] devs = new PciDev[others.length + 1];
            devs[0] = rig.device(DEAD);
            for (int i = 0; i < others.length; i++) {
                devs[i + 1] = rig.device(others[i]);
            }
            rig.share(devs);
            rig.warm(DEAD);
            rig.quiet();
            rig.machine.log().listen(entry -> {
                if (entry instanceof IommuEntry.FlushEnd) {
                    open[0] += rig.hw.refusesAts(DEAD) ? 0 : 1;
                }
            }, false);
            return rig;
        }, rig -> {
            rig.hw.silent.add(DEAD);
            rig.cpu0.start("one", () -> flushes(rig, 0x1000));
            rig.cpu1.start("two", () -> {
                rig.kernel.await(() -> rig.hw.trace.stream().anyMatch(t -> t.startsWith("ATC_INV")));
                flushes(rig, 0x100_0000);
            });
        }, rig -> {
            complaints[0] += rig.complaints().size();
            timeOuts[0] += rig.hw.timedOut.size();
            assertThat(rig.fenced()).doesNotContain(Rig.GPU);
        });
        return new Outcome(open[0], complaints[0], timeOuts[0]);
    }

    @Test
    void whichever_cpu_finds_the_culprit_no_flush_returns_before_the_fence_is_up() {
        Outcome x = race(100, MinimumX::new, Rig.GPU);
        assertThat(x.returnedOpen()).isZero();
        assertThat(x.complaints()).isZero();
        assertThat(race(100, MinimumX::new).returnedOpen()).isZero();

        Outcome y = race(100, MinimumY::new, Rig.GPU);
        assertThat(y.returnedOpen()).isZero();
        assertThat(y.complaints()).isZero();
    }

    @Test
    void the_race_shows_what_is_planted() {
        assertThat(race(100, MutesBeforeFence::new).returnedOpen()).isPositive();
        assertThat(race(5, ForgetsConfigSync::new).returnedOpen()).isPositive();
        assertThat(race(5, Mainline::new).returnedOpen()).isEqualTo(40);
        assertThat(race(5, AllocatesInFlush::new).complaints()).isPositive();
        assertThat(race(5, SleepsInFence::new).complaints()).isPositive();
    }

    private static void flushes(Rig rig, long from) {
        for (int i = 0; i < 4; i++) {
            flush(rig, from + i * 0x1000);
        }
    }

    /** One CPU flushes while another detaches a second device. */
    private static int usesAfterFree(Supplier<SmmuDesign> design) {
        int[] uses = {0};
        Rig.random(150, () -> {
            Rig rig = new Rig(design.get());
            rig.share(rig.device(DEAD), rig.device(Rig.GPU));
            return rig;
        }, rig -> {
            rig.cpu0.start("flush", () -> flushes(rig, 0x1000));
            rig.cpu1.start("detach", () -> {
                PciDev gpu = rig.devices.get(Rig.GPU);
                assertThat(gpu.group().replace(rig.smmu.blockedDomain())).isEqualTo(Errno.OK);
            });
        }, rig -> uses[0] += rig.entries(KernelEntry.UseAfterFree.class).size());
        return uses[0];
    }

    @Test
    void an_array_is_freed_when_no_flush_reads_it() {
        assertThat(usesAfterFree(MinimumX::new)).isZero();
        assertThat(usesAfterFree(FreesArrayAtOnce::new)).isPositive();
    }

    // ---- the others

    @Test
    void mainline_prints_the_error_and_returns_with_the_device_open() {
        Rig rig = shared(new Mainline());
        rig.hw.silent.add(DEAD);
        rig.run((n, why) -> 0, () -> rig.cpu1.start("flush", () -> flush(rig, 0x1000)));

        assertThat(rig.printed()).anyMatch(l -> l.endsWith("ATC invalidate timeout"));
        assertThat(rig.hw.refusesAts(DEAD)).isFalse();
        assertThat(rig.fenced()).isEmpty();
    }

    @Test
    void mainline_waits_again_in_each_flush() {
        Rig rig = shared(new Mainline());
        rig.hw.silent.add(DEAD);
        List<Long> took = new ArrayList<>();
        rig.run((n, why) -> 0, () -> rig.cpu1.start("flush", () -> {
            for (int i = 1; i <= 3; i++) {
                took.add(flush(rig, i * 0x1000L));
            }
        }));

        assertThat(took).allMatch(us -> us >= PlayedSmmu.ATC_LIMIT_US);
    }

    @Test
    void with_minimumY_the_next_attach_opens_the_device_and_the_next_time_out_fences_it_again() {
        Rig rig = new Rig(new MinimumY());
        PciDev dev = rig.device(DEAD);
        rig.hw.silent.add(DEAD);
        flush(rig, 0x1000);
        assertThat(rig.hw.refusesAts(DEAD)).isTrue();
        rig.quiet();

        rig.hw.silent.clear();
        rig.share(dev);
        assertThat(rig.hw.inMemory(DEAD).eats()).isEqualTo(Ste.Eats.TRANS);
        assertThat(rig.fence(dev)).isEqualTo(FenceState.NONE);

        rig.hw.silent.add(DEAD);
        flush(rig, 0x2000);
        assertThat(rig.hw.refusesAts(DEAD)).isTrue();
    }

    @Test
    void with_minimumY_an_attach_of_a_silent_device_is_fenced_before_it_returns() {
        Rig rig = new Rig(new MinimumY());
        PciDev dev = rig.device(DEAD);
        rig.hw.silent.add(DEAD);
        flush(rig, 0x1000);
        rig.share(dev);

        assertThat(rig.hw.refusesAts(DEAD)).isTrue();
        assertThat(rig.muted()).hasSize(2);
    }

    @Test
    void a_whole_batch_is_fenced_where_nobody_asks_who_it_was() {
        Rig rig = shared(new FencesWholeBatch());
        rig.hw.silent.add(DEAD);
        flush(rig, 0x1000);

        assertThat(rig.fenced()).hasSize(4);
    }

    @Test
    void without_a_mute_each_flush_waits_again() {
        Rig rig = shared(new NeverMutes());
        rig.hw.silent.add(DEAD);
        flush(rig, 0x1000);

        assertThat(flush(rig, 0x2000)).isPositive();
    }

    @Test
    void with_a_mute_for_flushes_only_an_attach_waits_again() {
        Rig rig = shared(new MutesFlushesOnly());
        rig.hw.silent.add(DEAD);
        flush(rig, 0x1000);
        assertThat(flush(rig, 0x2000)).isZero();
        long now = rig.machine.clock().now();
        rig.share(rig.devices.get(DEAD));

        assertThat(rig.machine.clock().now()).isGreaterThan(now);
    }

    @Test
    void an_attach_that_is_taken_for_a_new_beginning_opens_the_device() {
        Rig rig = shared(new AttachReopens());
        rig.hw.silent.add(DEAD);
        flush(rig, 0x1000);
        rig.quiet();
        rig.share(rig.devices.get(DEAD));

        assertThat(rig.entries(KernelEntry.Stored.class)).anyMatch(
                s -> s.pa() == rig.hw.stePa(DEAD) + 8 && Ste.EATS.test(s.after()));
    }
}
