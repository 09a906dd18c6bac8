// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import lazaret.iommu.Quarantine.Fenced;
import lazaret.iommu.Quarantine.Gone;
import lazaret.iommu.Quarantine.Happening;
import lazaret.iommu.Quarantine.Healthy;
import lazaret.iommu.Quarantine.Resetting;
import lazaret.iommu.Quarantine.Stuck;
import lazaret.kernel.Errno;
import org.junit.jupiter.api.Test;

class QuarantineTest {
    private static final List<Quarantine> STATES = List.of(new Healthy(), new Fenced(), new Resetting(1),
            new Resetting(2), new Stuck(BlockReason.RESET_FAILED), new Stuck(BlockReason.ATTACH_FAILED),
            new Gone());
    private static final List<Happening> HAPPENINGS = List.of(new Happening.AtcTimeout(),
            new Happening.Attach(), new Happening.AttachFailed(), new Happening.ResetPrepare(),
            new Happening.ResetOk(), new Happening.ResetFailed(), new Happening.Probe(),
            new Happening.Release());

    @Test
    void every_kind_of_state_and_happening_is_in_the_walks_of_this_test() {
        assertThat(STATES.stream().map(Object::getClass).distinct())
                .containsExactlyInAnyOrder(kinds(Quarantine.class));
        assertThat(HAPPENINGS.stream().map(Object::getClass))
                .containsExactlyInAnyOrder(kinds(Happening.class));
    }

    private static Class<?>[] kinds(Class<?> type) {
        return type.getPermittedSubclasses();
    }

    @Test
    void only_the_end_of_a_good_outermost_reset_makes_a_known_device_healthy() {
        for (Quarantine state : STATES) {
            for (Happening happening : HAPPENINGS) {
                if (!(state instanceof Healthy) && Quarantine.next(state, happening) instanceof Healthy) {
                    assertThat(state).isIn(new Resetting(1), new Gone());
                    assertThat(happening.getClass()).isIn(Happening.ResetOk.class, Happening.Probe.class);
                }
            }
        }
    }

    @Test
    void release_leads_out_of_every_state() {
        for (Quarantine state : STATES) {
            assertThat(Quarantine.next(state, new Happening.Release())).isEqualTo(new Gone());
        }
    }

    @Test
    void a_timeout_fences_a_healthy_device_and_says_nothing_new_of_any_other() {
        for (Quarantine state : STATES) {
            Quarantine next = Quarantine.next(state, new Happening.AtcTimeout());
            assertThat(next).isEqualTo(state instanceof Healthy ? new Fenced() : state);
        }
    }

    @Test
    void as_many_dones_as_prepares_end_a_reset() {
        Quarantine state = new Fenced();
        for (int i = 0; i < 5; i++) {
            state = Quarantine.next(state, new Happening.ResetPrepare());
        }
        for (int i = 0; i < 4; i++) {
            state = Quarantine.next(state, new Happening.ResetFailed());
            assertThat(state).isInstanceOf(Resetting.class);
        }
        assertThat(Quarantine.next(state, new Happening.ResetOk())).isEqualTo(new Healthy());
    }

    @Test
    void the_core_agrees_with_the_table_on_every_random_walk() {
        for (int seed = 0; seed < 100; seed++) {
            new Walk(seed).run(60);
        }
    }

    /** Three devices, two of them in one group, and a table's opinion of each. */
    private static final class Walk {
        private final SplittableRandom random;
        private final Bench bench;
        private final List<Device> devices;
        private final List<Quarantine> states = new ArrayList<>();
        private final List<String> story = new ArrayList<>();
        private int depth;

        Walk(int seed) {
            random = new SplittableRandom(seed);
            bench = new Bench(Bench.SOUND, random.nextBoolean());
            story.add("seed " + seed);
            devices = List.of(bench.device("a", "u", 1), bench.device("b", "u", 2),
                    bench.device("c", "v", 3));
            devices.forEach(_ -> states.add(new Gone()));
        }

        void run(int steps) {
            for (int i = 0; i < steps; i++) {
                int who = random.nextInt(devices.size());
                step(who, devices.get(who));
                for (int d = 0; d < devices.size(); d++) {
                    check(devices.get(d), states.get(d));
                }
            }
            assertThat(bench.wrongs()).as("%s", story).isEmpty();
        }

        private void check(Device dev, Quarantine state) {
            assertThat(dev.group() == null).as("%s %s", dev, story).isEqualTo(state instanceof Gone);
            if (dev.group() != null) {
                bench.check(dev.group());
                assertThat(bench.blocked(dev)).as("%s %s", dev, story).isEqualTo(state.blocked());
            }
        }

        private void step(int who, Device dev) {
            switch (random.nextInt(8)) {
                case 0 -> {
                    note("probe", dev);
                    assertThat(bench.iommu.probeDevice(dev)).isEqualTo(Errno.OK);
                    happen(who, new Happening.Probe());
                }
                case 1 -> {
                    if (random.nextInt(4) == 0) {
                        release(who, dev);
                    }
                }
                case 2, 3 -> prepare(who, dev);
                case 4, 5 -> done(who, dev);
                case 6 -> attach(dev);
                case 7 -> detach(dev);
                default -> throw new AssertionError();
            }
        }

        private void release(int who, Device dev) {
            note("release", dev);
            if (dev.group() != null) {
                dev.group().detach();
            }
            bench.iommu.releaseDevice(dev);
            happen(who, new Happening.Release());
        }

        private void prepare(int who, Device dev) {
            if (depth < 6) {
                boolean fails = random.nextInt(4) == 0 && bench.toy.blockedDomain() == null
                        && states.get(who).blocked() == BlockReason.NONE;
                note(fails ? "failing prepare" : "prepare", dev);
                bench.toy.fail(ToyIommu.Call.ATTACH, fails ? 1 : -1, 1);
                Errno err = bench.iommu.resetPrepare(dev);
                bench.toy.fail(ToyIommu.Call.ATTACH, -1, 1);
                if (err.ok()) {
                    happen(who, new Happening.ResetPrepare());
                }
            }
        }

        private void done(int who, Device dev) {
            if (states.get(who) instanceof Resetting resetting) {
                Errno result = random.nextBoolean() ? Errno.OK : Errno.ENOTTY;
                boolean fails = random.nextInt(4) == 0 && result.ok() && resetting.depth() == 1;
                note((fails ? "failing done " : "done ") + result, dev);
                bench.toy.fail(ToyIommu.Call.ATTACH, fails ? 1 : -1, 1);
                bench.iommu.resetDone(dev, result);
                bench.toy.fail(ToyIommu.Call.ATTACH, -1, 1);
                Happening ended = fails ? new Happening.AttachFailed()
                        : result.ok() ? new Happening.ResetOk() : new Happening.ResetFailed();
                happen(who, ended);
            }
        }

        private void attach(Device dev) {
            if (dev.group() != null) {
                note("replace", dev);
                Errno err = dev.group().replace(bench.iommu.pagingDomainAlloc(dev));
                boolean recovering = false;
                for (int d = 0; d < devices.size(); d++) {
                    boolean sibling = devices.get(d).group() == dev.group();
                    recovering |= sibling && states.get(d).blocked() != BlockReason.NONE;
                }
                assertThat(err).as("%s", story).isEqualTo(recovering ? Errno.EBUSY : Errno.OK);
            }
        }

        private void detach(Device dev) {
            if (dev.group() != null) {
                note("detach", dev);
                dev.group().detach();
            }
        }

        private void happen(int who, Happening happening) {
            states.set(who, Quarantine.next(states.get(who), happening));
        }

        private void note(String what, Device dev) {
            story.add(what + " " + dev);
        }
    }
}
