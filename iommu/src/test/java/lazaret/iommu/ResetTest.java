// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import lazaret.kernel.Errno;
import lazaret.kernel.Held;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResetTest {
    private static final Design RESULT_BLIND = new Design() {
        @Override
        public String name() {
            return "result-blind";
        }

        @Override
        public boolean doneLooksAtResult() {
            return false;
        }
    };

    private Bench bench = new Bench();
    private Device a = bench.probed("a", "u", 1);
    private Device b = bench.probed("b", "u", 2);
    private Group group = a.group();

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_reset_blocks_the_device_and_gives_its_domain_back(boolean nativeBlocking) {
        start(new Bench(Bench.SOUND, nativeBlocking));
        Domain home = bench.toy.points(a);

        assertThat(bench.iommu.resetPrepare(a)).isEqualTo(Errno.OK);
        bench.check(group);
        assertThat(bench.toy.points(a)).isNotSameAs(home);
        assertThat(bench.toy.points(b)).isSameAs(home);
        assertThat(bench.blocked(a)).isEqualTo(BlockReason.RESET);

        bench.iommu.resetDone(a, Errno.OK);
        bench.check(group);
        assertThat(bench.toy.points(a)).isSameAs(home);
        assertThat(bench.blocked(a)).isEqualTo(BlockReason.NONE);
        assertThat(bench.wrongs()).isEmpty();
    }

    @Test
    void only_the_outermost_of_nested_resets_restores() {
        prepare(a);
        prepare(a);

        done(a, Errno.OK);
        assertThat(bench.blocked(a)).isEqualTo(BlockReason.RESET);

        done(a, Errno.OK);
        assertThat(bench.blocked(a)).isEqualTo(BlockReason.NONE);
        assertThat(bench.wrongs()).isEmpty();
    }

    @Test
    void the_result_of_the_outermost_reset_decides() {
        prepare(a);
        prepare(a);
        done(a, Errno.ENOTTY);
        done(a, Errno.OK);
        assertThat(bench.blocked(a)).isEqualTo(BlockReason.NONE);

        prepare(a);
        prepare(a);
        done(a, Errno.OK);
        done(a, Errno.ENOTTY);
        assertThat(bench.blocked(a)).isEqualTo(BlockReason.RESET_FAILED);
        assertThat(bench.toy.seen().stream().filter("reset_device_done a"::equals)).hasSize(1);
    }

    @Test
    void two_devices_of_a_group_are_reset_side_by_side() {
        Domain home = bench.toy.points(a);
        prepare(a);
        prepare(b);

        done(a, Errno.OK);
        assertThat(bench.toy.points(a)).isSameAs(home);
        assertThat(bench.blocked(b)).isEqualTo(BlockReason.RESET);
        assertThat(group.replace(bench.iommu.pagingDomainAlloc(a))).isEqualTo(Errno.EBUSY);

        done(b, Errno.OK);
        assertThat(bench.toy.points(b)).isSameAs(home);
        assertThat(bench.wrongs()).isEmpty();
    }

    @Test
    void attach_and_replace_are_refused_while_any_device_of_the_group_is_in_recovery() {
        prepare(b);
        String before = bench.state(group);

        assertThat(group.attach(bench.iommu.pagingDomainAlloc(a))).isEqualTo(Errno.EBUSY);
        assertThat(group.replace(bench.iommu.pagingDomainAlloc(a))).isEqualTo(Errno.EBUSY);
        assertThat(group.claimDmaOwner("vfio")).isEqualTo(Errno.EBUSY);
        assertThat(bench.state(group)).isEqualTo(before);

        done(b, Errno.ENOTTY);
        assertThat(group.replace(bench.iommu.pagingDomainAlloc(a))).isEqualTo(Errno.EBUSY);
    }

    @Test
    void a_failed_reset_keeps_the_device_blocked_and_a_later_one_frees_it() {
        Domain home = bench.toy.points(a);
        prepare(a);
        done(a, Errno.ENOTTY);
        assertThat(bench.blocked(a)).isEqualTo(BlockReason.RESET_FAILED);

        prepare(a);
        done(a, Errno.ENOTTY);
        prepare(a);
        assertThat(bench.blocked(a)).isEqualTo(BlockReason.RESET);
        done(a, Errno.OK);

        assertThat(bench.toy.points(a)).isSameAs(home);
        try (Held _ = group.mutex().lock()) {
            assertThat(group.recoveryCnt()).isZero();
        }
        assertThat(bench.wrongs()).isEmpty();
    }

    @Test
    void a_result_blind_design_takes_a_reset_that_failed_for_one_that_worked() {
        start(new Bench(RESULT_BLIND, true));
        Domain home = bench.toy.points(a);
        prepare(a);
        done(a, Errno.ENOTTY);

        assertThat(bench.toy.points(a)).isSameAs(home);
        assertThat(bench.toy.seen()).contains("reset_device_done a");
    }

    @Test
    void the_driver_hears_of_a_good_reset_before_it_attaches_again_and_of_a_bad_one_never() {
        prepare(a);
        bench.toy.forget();
        done(a, Errno.ENOTTY);
        assertThat(bench.toy.seen()).isEmpty();

        prepare(a);
        done(a, Errno.OK);
        assertThat(bench.toy.seen()).containsExactly("reset_device_done a", "attach a toy0");
    }

    @Test
    void without_memory_for_a_blocking_domain_prepare_fails_and_nothing_has_changed() {
        start(new Bench(Bench.SOUND, false));
        String before = bench.state(group);
        bench.toy.fail(ToyIommu.Call.ALLOC, 1, 1);

        assertThat(bench.iommu.resetPrepare(a)).isEqualTo(Errno.ENOMEM);
        bench.check(group);
        assertThat(bench.state(group)).isEqualTo(before);
    }

    @Test
    void when_the_blocking_domain_cannot_be_attached_prepare_fails_and_nothing_has_changed() {
        start(new Bench(Bench.SOUND, false));
        String before = bench.state(group);
        bench.toy.fail(ToyIommu.Call.ATTACH, 1, 1);

        assertThat(bench.iommu.resetPrepare(a)).isEqualTo(Errno.ENOMEM);
        bench.check(group);
        assertThat(bench.state(group)).isEqualTo(before);

        prepare(a);
        done(a, Errno.OK);
        assertThat(bench.state(group)).isEqualTo(before);
    }

    @Test
    void a_device_that_cannot_be_attached_after_its_reset_ends_blocked_and_counted_until_the_next_reset() {
        Domain home = bench.toy.points(a);
        prepare(a);
        bench.toy.fail(ToyIommu.Call.ATTACH, 1, 1);
        done(a, Errno.OK);
        assertThat(bench.blocked(a)).isEqualTo(BlockReason.ATTACH_FAILED);
        assertThat(group.replace(bench.iommu.pagingDomainAlloc(a))).isEqualTo(Errno.EBUSY);
        assertThat(bench.dmesg()).anyMatch(line -> line.contains("a: cannot attach after reset"));

        prepare(a);
        done(a, Errno.OK);
        assertThat(bench.toy.points(a)).isSameAs(home);
        assertThat(bench.wrongs()).isEmpty();
    }

    @Test
    void done_without_prepare_is_ignored_with_a_warning() {
        String before = bench.state(group);
        done(a, Errno.OK);

        assertThat(bench.state(group)).isEqualTo(before);
        assertThat(bench.wrongs()).hasSize(1);
    }

    @Test
    void a_group_whose_owner_keeps_it_blocked_stays_blocked_over_a_reset() {
        assertThat(group.claimDmaOwner("vfio")).isEqualTo(Errno.OK);
        String before = bench.state(group);
        bench.toy.forget();

        prepare(a);
        done(a, Errno.OK);
        assertThat(bench.state(group)).isEqualTo(before);
        assertThat(bench.toy.seen()).containsExactly("reset_device_done a");
    }

    @Test
    void a_group_without_a_domain_survives_a_reset() {
        Group empty = new Group(bench.iommu, "fresh", 9);
        Device dev = bench.probed("dev", "v", 3);
        try (Held _ = empty.mutex().lock()) {
            empty.add(new GroupDevice(empty, dev));
        }
        bench.toy.attach(bench.toy.blockedDomain(), dev, bench.toy.points(dev));
        ((ToyIommu.Entry) dev.iommu().priv()).points.set(null);
        dev.group(empty);
        bench.toy.forget();

        prepare(dev);
        done(dev, Errno.OK);
        assertThat(bench.toy.seen()).containsExactly("attach dev toy blocked", "reset_device_done dev");
        assertThat(bench.wrongs()).isEmpty();
    }

    @Test
    void a_device_without_ats_keeps_its_domain_over_a_reset() {
        Device plain = new Device(bench.iommu, "plain", new Fwspec(bench.toy, List.of(7), "w"));
        assertThat(bench.iommu.probeDevice(plain)).isEqualTo(Errno.OK);
        String before = bench.state(plain.group());

        assertThat(bench.iommu.resetPrepare(plain)).isEqualTo(Errno.OK);
        assertThat(bench.state(plain.group())).isEqualTo(before);
        bench.iommu.resetDone(plain, Errno.ENOTTY);
        assertThat(bench.state(plain.group())).isEqualTo(before);
    }

    @Test
    void a_device_that_left_is_none_of_the_cores_business() {
        bench.iommu.releaseDevice(a);

        assertThat(bench.iommu.resetPrepare(a)).isEqualTo(Errno.OK);
        bench.iommu.resetDone(a, Errno.OK);
        assertThat(bench.wrongs()).isEmpty();
    }

    @Test
    void a_device_that_is_no_longer_a_member_of_its_group_is_refused() {
        Device dev = bench.probed("dev", "v", 3);
        try (Held _ = dev.group().mutex().lock()) {
            dev.group().remove(dev.group().find(dev));
        }

        assertThat(bench.iommu.resetPrepare(dev)).isEqualTo(Errno.ENODEV);
        bench.iommu.resetDone(dev, Errno.OK);
        assertThat(bench.wrongs()).isEmpty();
    }

    @Test
    void while_blocked_the_driver_is_told_the_blocking_domain() {
        Domain home = bench.toy.points(a);
        prepare(a);
        try (Held _ = group.mutex().lock()) {
            assertThat(bench.iommu.driverDomain(a)).isSameAs(bench.toy.blockedDomain());
            assertThat(bench.iommu.driverDomain(b)).isSameAs(home);
        }
    }

    @Test
    void a_device_plugged_in_while_its_sibling_is_in_recovery_gets_the_logical_domain() {
        Domain home = bench.toy.points(a);
        prepare(a);
        Device c = bench.probed("c", "u", 4);
        bench.check(group);
        assertThat(bench.toy.points(c)).isSameAs(home);

        done(a, Errno.OK);
        assertThat(bench.toy.points(c)).isSameAs(home);
    }

    @Test
    void the_oracle_hears_the_outermost_levels_and_every_change_of_reason() {
        bench.log.clear();
        prepare(a);
        prepare(a);
        done(a, Errno.OK);
        done(a, Errno.ENOTTY);

        assertThat(bench.facts()).containsExactly("a moves to toy blocked", "a attached to toy blocked",
                "a blocked NONE→RESET", "a prepared for reset", "a reset done: ENOTTY",
                "a blocked RESET→RESET_FAILED");
    }

    private void start(Bench other) {
        bench = other;
        a = bench.probed("a", "u", 1);
        b = bench.probed("b", "u", 2);
        group = a.group();
    }

    private void prepare(Device dev) {
        assertThat(bench.iommu.resetPrepare(dev)).isEqualTo(Errno.OK);
        bench.check(dev.group());
    }

    private void done(Device dev, Errno result) {
        bench.iommu.resetDone(dev, result);
        bench.check(dev.group());
    }
}
