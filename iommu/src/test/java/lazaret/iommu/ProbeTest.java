// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import lazaret.kernel.Errno;
import lazaret.kernel.Held;
import org.junit.jupiter.api.Test;

class ProbeTest {
    private final Bench bench = new Bench();

    @Test
    void a_probed_device_stands_on_the_default_domain_of_a_numbered_group() {
        Device dev = bench.probed("a", "u", 1);

        bench.check(dev.group());
        assertThat(dev.group().name()).isEqualTo("iommu group 0");
        assertThat(bench.toy.points(dev)).isNotNull();
        assertThat(bench.dmesg()).containsExactly("a: Adding to iommu group 0");
        assertThat(bench.facts()).containsExactly("a moves to toy0", "a attached to toy0",
                "domain of a is toy0", "a added to iommu group 0");
    }

    @Test
    void probing_twice_is_probing_once() {
        Device dev = bench.probed("a", "u", 1);
        bench.toy.forget();

        assertThat(bench.iommu.probeDevice(dev)).isEqualTo(Errno.OK);
        assertThat(bench.toy.seen()).isEmpty();
    }

    @Test
    void a_probe_that_fails_at_any_step_leaves_nothing_behind() {
        for (ToyIommu.Call call : List.of(ToyIommu.Call.PROBE, ToyIommu.Call.ALLOC, ToyIommu.Call.ATTACH)) {
            Device dev = bench.device("dev", "u", 1);
            bench.toy.fail(call, 1, 1);

            assertThat(bench.iommu.probeDevice(dev)).isNotEqualTo(Errno.OK);
            assertThat(dev.group()).isNull();
            assertThat(dev.iommu()).isNull();
        }
        assertThat(bench.probed("dev", "u", 1).group().name()).isEqualTo("iommu group 2");
        assertThat(bench.wrongs()).isEmpty();
    }

    @Test
    void everything_that_can_fail_in_a_probe_may_fail_once() {
        int failures = 0;
        for (int nth = 1; ; nth++) {
            Bench fresh = new Bench();
            Device first = fresh.probed("first", "u", 1);
            String before = fresh.state(first.group());
            Device dev = fresh.device("dev", "v", 2);
            fresh.kernel.faults().failNth(nth);
            Errno err = fresh.iommu.probeDevice(dev);
            fresh.kernel.faults().neverFail();
            assertThat(fresh.state(first.group())).isEqualTo(before);
            assertThat(fresh.wrongs()).isEmpty();
            if (err.ok()) {
                break;
            }
            failures++;
            assertThat(err).isEqualTo(Errno.ENOMEM);
            assertThat(dev.iommu()).isNull();
            assertThat(fresh.toy.knows(dev)).isFalse();
            assertThat(fresh.iommu.probeDevice(dev)).isEqualTo(Errno.OK);
        }
        assertThat(failures).as("dev_iommu, iommu_group, group_device, attach").isEqualTo(4);
    }

    @Test
    void a_newcomer_that_cannot_be_attached_does_not_disturb_its_group() {
        Device a = bench.probed("a", "u", 1);
        String before = bench.state(a.group());
        Device b = bench.device("b", "u", 2);
        bench.toy.fail(ToyIommu.Call.ATTACH, 1, 1);

        assertThat(bench.iommu.probeDevice(b)).isEqualTo(Errno.ENOMEM);
        assertThat(bench.state(a.group())).isEqualTo(before);
        assertThat(bench.wrongs()).isEmpty();
    }

    @Test
    void with_its_last_device_a_group_ends_and_frees_its_domains_after_the_driver_let_go() {
        Device a = bench.probed("a", "u", 1);
        Group group = a.group();
        DevIommu iommu = a.iommu();
        bench.toy.forget();

        bench.iommu.releaseDevice(a);
        assertThat(bench.toy.seen()).containsExactly("attach a toy blocked", "release a", "free toy0");
        assertThat(bench.wrongs()).isEmpty();

        iommu.ops();
        try (Held _ = group.mutex().lock()) {
            group.domain();
        }
        assertThat(bench.wrongs()).hasSize(2).allMatch(wrong -> wrong.contains("use after free"));
    }

    @Test
    void the_blocking_domain_that_the_core_made_ends_with_the_group() {
        Bench other = new Bench(Bench.SOUND, false);
        Device a = other.probed("a", "u", 1);
        other.iommu.resetPrepare(a);
        other.iommu.resetDone(a, Errno.ENOTTY);
        other.toy.forget();

        other.iommu.releaseDevice(a);
        assertThat(other.toy.seen()).containsExactly("release a", "free toy0", "free toy1");
        assertThat(other.wrongs()).isEmpty();
    }

    @Test
    void a_blocked_device_is_released_and_its_siblings_are_not_stuck() {
        Device a = bench.probed("a", "u", 1);
        Device b = bench.probed("b", "u", 2);
        bench.iommu.resetPrepare(a);
        bench.iommu.resetDone(a, Errno.ENOTTY);

        bench.iommu.releaseDevice(a);
        bench.check(b.group());
        assertThat(a.group()).isNull();
        assertThat(b.group().replace(bench.iommu.pagingDomainAlloc(b))).isEqualTo(Errno.OK);
        assertThat(bench.wrongs()).isEmpty();
    }

    @Test
    void a_device_plugged_in_again_starts_afresh() {
        Device a = bench.probed("a", "u", 1);
        bench.iommu.resetPrepare(a);
        bench.iommu.resetDone(a, Errno.ENOTTY);
        bench.iommu.releaseDevice(a);

        assertThat(bench.iommu.probeDevice(a)).isEqualTo(Errno.OK);
        assertThat(bench.blocked(a)).isEqualTo(BlockReason.NONE);
        assertThat(a.group().name()).isEqualTo("iommu group 1");
        bench.check(a.group());
    }

    @Test
    void releasing_what_was_never_probed_is_nothing() {
        bench.iommu.releaseDevice(bench.device("a", "u", 1));
        assertThat(bench.toy.seen()).isEmpty();
    }

    @Test
    void what_firmware_reserves_is_mapped_before_the_first_attach_and_only_a_reset_may_block() {
        Bench bench = new Bench();
        Fwspec fwspec = new Fwspec(bench.toy, List.of(7), "u", List.of(new Fwspec.Region(0x8000, 0x1000)));
        Device dev = new Device(bench.iommu, "dev", fwspec) {
            @Override
            public boolean atsSupported() {
                return true;
            }
        };

        assertThat(bench.iommu.probeDevice(dev)).isEqualTo(Errno.OK);
        assertThat(bench.log.stream().filter(e -> e instanceof IommuEntry.Mapped
                || e instanceof IommuEntry.Attached).map(e -> e.getClass().getSimpleName()))
                .containsExactly("Mapped", "Attached");
        assertThat(dev.group().claimDmaOwner("guest")).isEqualTo(Errno.EINVAL);
        assertThat(bench.toy.points(dev)).isInstanceOf(Domain.Paging.class);

        assertThat(bench.iommu.resetPrepare(dev)).isEqualTo(Errno.OK);
        assertThat(bench.toy.points(dev)).isSameAs(bench.toy.blockedDomain());
        bench.iommu.resetDone(dev, Errno.OK);
        assertThat(bench.toy.points(dev)).isInstanceOf(Domain.Paging.class);
        assertThat(bench.wrongs()).isEmpty();
        bench.check(dev.group());
    }

    // ---- an attach that is put off

    @Test
    void the_attach_of_a_device_can_be_put_off_until_its_first_mapping() {
        Device late = bench.probed("late", "u", 1);
        bench.check(late.group());
        assertThat(bench.toy.points(late)).isNull();

        assertThat(bench.iommu.deferredAttach(late)).isEqualTo(Errno.OK);
        assertThat(bench.toy.points(late)).isNotNull();
        bench.toy.forget();

        assertThat(bench.iommu.deferredAttach(late)).isEqualTo(Errno.OK);
        assertThat(bench.toy.seen()).as("once is enough").isEmpty();
        bench.check(late.group());
        assertThat(bench.wrongs()).isEmpty();
    }

    @Test
    void an_attach_that_was_put_off_is_refused_while_a_sibling_is_in_recovery() {
        Device a = bench.probed("a", "u", 1);
        Device late = bench.probed("late", "u", 2);
        assertThat(bench.iommu.resetPrepare(a)).isEqualTo(Errno.OK);

        assertThat(bench.iommu.deferredAttach(late)).isEqualTo(Errno.EBUSY);
        assertThat(bench.toy.points(late)).isNull();

        bench.iommu.resetDone(a, Errno.OK);
        assertThat(bench.iommu.deferredAttach(late)).isEqualTo(Errno.OK);
        assertThat(bench.toy.points(late)).isSameAs(bench.toy.points(a));
        bench.check(late.group());
    }

    @Test
    void an_attach_that_was_put_off_happens_with_the_end_of_a_reset() {
        Device late = bench.probed("late", "u", 1);
        assertThat(bench.iommu.resetPrepare(late)).isEqualTo(Errno.OK);
        bench.check(late.group());

        bench.iommu.resetDone(late, Errno.OK);
        assertThat(bench.toy.points(late)).isInstanceOf(Domain.Paging.class);
        bench.check(late.group());
        assertThat(bench.iommu.deferredAttach(late)).isEqualTo(Errno.OK);
        assertThat(bench.wrongs()).isEmpty();
    }

    @Test
    void who_asks_for_another_domain_does_not_wait_and_who_leaves_was_nowhere() {
        Device late = bench.probed("late", "u", 1);
        assertThat(late.group().replace(bench.iommu.pagingDomainAlloc(late))).isEqualTo(Errno.OK);
        bench.check(late.group());
        late.group().detach();
        bench.check(late.group());
        assertThat(bench.toy.points(late)).isNotNull();

        Device gone = bench.probed("late too", "v", 2);
        bench.toy.forget();
        bench.iommu.releaseDevice(gone);
        assertThat(bench.toy.seen()).noneMatch(seen -> seen.startsWith("attach"));
        assertThat(bench.wrongs()).isEmpty();
    }
}
