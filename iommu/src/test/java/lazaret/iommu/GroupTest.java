// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu;

import static org.assertj.core.api.Assertions.assertThat;

import lazaret.kernel.Errno;
import lazaret.kernel.Held;
import org.junit.jupiter.api.Test;

class GroupTest {
    private static final Design REFUSES = new Design() {
        @Override
        public String name() {
            return "refuses detach in recovery";
        }

        @Override
        public boolean doneLooksAtResult() {
            return true;
        }

        @Override
        public boolean mustSucceedPassesRecovery() {
            return false;
        }
    };

    private Bench bench;
    private Device a;
    private Device b;
    private Group group;
    private Domain home;

    GroupTest() {
        start(new Bench());
    }

    @Test
    void devices_of_one_isolation_unit_share_a_group_and_its_default_domain() {
        Device other = bench.probed("c", "v", 3);

        assertThat(b.group()).isSameAs(group);
        assertThat(bench.toy.points(b)).isSameAs(bench.toy.points(a));
        assertThat(other.group()).isNotSameAs(group);
        assertThat(bench.toy.points(other)).isNotSameAs(home);
        bench.check(group);
    }

    @Test
    void attach_moves_every_device_of_the_group() {
        Domain next = bench.iommu.pagingDomainAlloc(a);
        assertThat(group.attach(next)).isEqualTo(Errno.OK);

        bench.check(group);
        assertThat(bench.toy.points(a)).isSameAs(next);
        assertThat(bench.toy.points(b)).isSameAs(next);
        assertThat(bench.facts()).contains("a attached to " + next, "b attached to " + next);
    }

    @Test
    void attach_finds_the_group_busy_when_somebody_else_attached_before() {
        group.attach(bench.iommu.pagingDomainAlloc(a));
        String before = bench.state(group);

        assertThat(group.attach(bench.iommu.pagingDomainAlloc(a))).isEqualTo(Errno.EBUSY);
        assertThat(bench.state(group)).isEqualTo(before);
    }

    @Test
    void replace_moves_from_any_domain_to_any_other() {
        group.attach(bench.iommu.pagingDomainAlloc(a));
        Domain next = bench.iommu.pagingDomainAlloc(a);

        assertThat(group.replace(next)).isEqualTo(Errno.OK);
        assertThat(bench.toy.points(b)).isSameAs(next);
        assertThat(group.replace(bench.toy.identityDomain())).isEqualTo(Errno.OK);
        assertThat(bench.toy.points(b)).isSameAs(bench.toy.identityDomain());
    }

    @Test
    void replacing_a_domain_by_itself_touches_nothing() {
        bench.toy.forget();
        assertThat(group.replace(home)).isEqualTo(Errno.OK);
        assertThat(bench.toy.seen()).isEmpty();
    }

    @Test
    void a_domain_of_another_driver_is_refused_before_anything_moves() {
        ToyIommu stranger = new ToyIommu(bench.kernel, true);
        bench.toy.forget();

        assertThat(group.replace(stranger.allocPaging(a))).isEqualTo(Errno.EINVAL);
        assertThat(bench.toy.seen()).isEmpty();
    }

    @Test
    void when_a_device_refuses_those_before_it_go_back() {
        String before = bench.state(group);
        Domain next = bench.iommu.pagingDomainAlloc(a);
        bench.toy.forget();
        bench.toy.fail(ToyIommu.Call.ATTACH, 2, 1);

        assertThat(group.replace(next)).isEqualTo(Errno.ENOMEM);
        assertThat(bench.toy.seen())
                .containsExactly("attach a " + next, "refuse b " + next, "attach a " + home);
        assertThat(bench.state(group)).isEqualTo(before);
        bench.check(group);
        assertThat(bench.wrongs()).isEmpty();
    }

    @Test
    void a_device_that_cannot_go_back_ends_blocked_and_a_reset_brings_it_home() {
        bench.toy.fail(ToyIommu.Call.ATTACH, 2, 2);

        assertThat(group.replace(bench.iommu.pagingDomainAlloc(a))).isEqualTo(Errno.ENOMEM);
        bench.check(group);
        assertThat(bench.blocked(a)).isEqualTo(BlockReason.ATTACH_FAILED);
        assertThat(bench.toy.points(a)).isSameAs(bench.toy.blockedDomain());
        assertThat(bench.toy.points(b)).isSameAs(home);

        assertThat(bench.iommu.resetPrepare(a)).isEqualTo(Errno.OK);
        bench.iommu.resetDone(a, Errno.OK);
        bench.check(group);
        assertThat(bench.toy.points(a)).isSameAs(home);
        assertThat(bench.wrongs()).isEmpty();
    }

    @Test
    void detach_returns_to_the_default_domain() {
        group.attach(bench.iommu.pagingDomainAlloc(a));
        group.detach();

        bench.check(group);
        assertThat(bench.toy.points(a)).isSameAs(home);
    }

    @Test
    void detach_leaves_nobody_on_the_old_domain_even_if_the_driver_fails() {
        Domain.Paging next = bench.iommu.pagingDomainAlloc(a);
        group.attach(next);
        bench.toy.fail(ToyIommu.Call.ATTACH, 1, 1);

        group.detach();
        bench.iommu.domainFree(next);
        bench.check(group);
        assertThat(bench.blocked(a)).isEqualTo(BlockReason.ATTACH_FAILED);
        assertThat(bench.blocked(b)).isEqualTo(BlockReason.NONE);
        assertThat(bench.wrongs()).isEmpty();
    }

    @Test
    void a_device_that_can_be_neither_attached_nor_blocked_is_a_warning() {
        start(new Bench(Bench.SOUND, false));
        group.attach(bench.iommu.pagingDomainAlloc(a));
        bench.toy.fail(ToyIommu.Call.ATTACH, 1, 2);

        group.detach();
        assertThat(bench.wrongs()).anyMatch(wrong -> wrong.contains("a can be neither attached nor blocked"));
    }

    @Test
    void a_detach_in_the_middle_of_a_reset_succeeds_and_the_reset_ends_on_the_default_domain() {
        Domain.Paging next = bench.iommu.pagingDomainAlloc(a);
        group.attach(next);
        bench.iommu.resetPrepare(a);

        group.detach();
        bench.check(group);
        bench.iommu.domainFree(next);
        assertThat(bench.toy.points(a)).isSameAs(bench.toy.blockedDomain());
        assertThat(bench.toy.points(b)).isSameAs(home);

        bench.iommu.resetDone(a, Errno.OK);
        bench.check(group);
        assertThat(bench.toy.points(a)).isSameAs(home);
        assertThat(bench.wrongs()).isEmpty();
    }

    @Test
    void a_core_that_refuses_to_detach_in_recovery_leaves_hardware_on_freed_tables() {
        start(new Bench(REFUSES, true));
        Domain.Paging next = bench.iommu.pagingDomainAlloc(a);
        group.attach(next);
        bench.iommu.resetPrepare(a);

        group.detach();
        bench.iommu.domainFree(next);
        bench.iommu.resetDone(a, Errno.OK);
        assertThat(bench.toy.points(a)).isSameAs(next);
        assertThat(bench.wrongs()).anyMatch(wrong -> wrong.contains("still uses " + next))
                .anyMatch(wrong -> wrong.contains("use after free of " + next));
    }

    @Test
    void an_owner_gets_the_group_blocked_and_kernel_drivers_are_refused_until_it_gives_it_back() {
        assertThat(group.claimDmaOwner("vfio")).isEqualTo(Errno.OK);
        bench.check(group);
        assertThat(bench.toy.points(b)).isSameAs(bench.toy.blockedDomain());
        assertThat(bench.iommu.useDefaultDomain(b)).isEqualTo(Errno.EBUSY);
        assertThat(group.claimDmaOwner("other")).isEqualTo(Errno.EPERM);

        group.attach(bench.iommu.pagingDomainAlloc(a));
        group.detach();
        assertThat(bench.toy.points(a)).isSameAs(bench.toy.blockedDomain());

        group.releaseDmaOwner();
        bench.check(group);
        assertThat(bench.toy.points(b)).isSameAs(home);
        assertThat(bench.iommu.useDefaultDomain(b)).isEqualTo(Errno.OK);
        assertThat(bench.wrongs()).isEmpty();
    }

    @Test
    void nobody_can_own_a_group_that_a_kernel_driver_uses_or_that_is_not_on_its_default_domain() {
        bench.iommu.useDefaultDomain(a);
        assertThat(group.claimDmaOwner("vfio")).isEqualTo(Errno.EPERM);
        bench.iommu.unuseDefaultDomain(a);

        group.attach(bench.iommu.pagingDomainAlloc(a));
        assertThat(group.claimDmaOwner("vfio")).isEqualTo(Errno.EBUSY);
    }

    @Test
    void an_owner_may_leave_in_the_middle_of_a_reset() {
        group.claimDmaOwner("vfio");
        Domain.Paging next = bench.iommu.pagingDomainAlloc(a);
        group.attach(next);
        bench.iommu.resetPrepare(a);

        group.releaseDmaOwner();
        bench.iommu.domainFree(next);
        bench.check(group);
        bench.iommu.resetDone(a, Errno.OK);
        bench.check(group);
        assertThat(bench.toy.points(a)).isSameAs(home);
        assertThat(bench.wrongs()).isEmpty();
    }

    @Test
    void unbalanced_use_is_a_warning() {
        bench.iommu.unuseDefaultDomain(a);
        group.releaseDmaOwner();
        assertThat(bench.wrongs()).hasSize(2);
    }

    @Test
    void looking_at_a_group_without_its_mutex_is_noticed() {
        group.domain();
        assertThat(bench.wrongs()).isNotEmpty();

        bench.log.clear();
        try (Held _ = group.mutex().lock()) {
            group.domain();
        }
        assertThat(bench.wrongs()).isEmpty();
    }

    private void start(Bench other) {
        bench = other;
        a = bench.probed("a", "u", 1);
        b = bench.probed("b", "u", 2);
        group = a.group();
        home = bench.toy.points(a);
    }
}
