// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu;

import static org.assertj.core.api.Assertions.assertThat;

import lazaret.kernel.Errno;
import lazaret.kernel.Held;
import org.junit.jupiter.api.Test;

class PasidAttachTest {
    private static final int PASID = 2;

    private final Bench bench = new Bench();
    private final Device a = bench.probed("a", "u", 1);
    private final Device b = bench.probed("b", "u", 2);
    private final Group group = a.group();
    private final Domain.Paging one = bench.iommu.pagingDomainAlloc(a);
    private final Domain.Paging two = bench.iommu.pagingDomainAlloc(a);

    private Domain found() {
        return group.pasids().pasids().find(PASID);
    }

    @Test
    void a_pasid_is_attached_on_every_device_that_has_pasids() {
        Device plain = bench.probed("plain", "u", 3);

        assertThat(group.attachPasid(one, PASID)).isEqualTo(Errno.OK);
        assertThat(found()).isSameAs(one);
        assertThat(bench.toy.points(a, PASID)).isSameAs(one);
        assertThat(bench.toy.points(b, PASID)).isSameAs(one);
        assertThat(bench.toy.points(plain, PASID)).isNull();
    }

    @Test
    void detached_it_is_nowhere() {
        group.attachPasid(one, PASID);
        group.detachPasid(PASID);

        assertThat(found()).isNull();
        assertThat(bench.toy.points(a, PASID)).isNull();
        assertThat(bench.toy.points(b, PASID)).isNull();
        assertThat(bench.wrongs()).isEmpty();
    }

    @Test
    void if_the_second_device_refuses_the_first_lets_go_and_the_pasid_is_free() {
        bench.toy.fail(ToyIommu.Call.PASID, 2, 1);

        assertThat(group.attachPasid(one, PASID)).isEqualTo(Errno.ENOMEM);
        assertThat(bench.toy.points(a, PASID)).isNull();
        assertThat(found()).isNull();
        assertThat(group.attachPasid(two, PASID)).isEqualTo(Errno.OK);
        assertThat(bench.wrongs()).isEmpty();
    }

    @Test
    void if_a_replacement_is_refused_all_keep_what_they_had() {
        group.attachPasid(one, PASID);
        bench.toy.fail(ToyIommu.Call.PASID, 2, 1);

        assertThat(group.replacePasid(two, PASID)).isEqualTo(Errno.ENOMEM);
        assertThat(bench.toy.points(a, PASID)).isSameAs(one);
        assertThat(bench.toy.points(b, PASID)).isSameAs(one);
        assertThat(found()).isSameAs(one);
    }

    @Test
    void who_can_take_it_back_neither_way_is_left_with_nothing() {
        group.attachPasid(one, PASID);
        bench.toy.fail(ToyIommu.Call.PASID, 2, 2);

        assertThat(group.replacePasid(two, PASID)).isEqualTo(Errno.ENOMEM);
        assertThat(bench.toy.points(a, PASID)).isNull();
    }

    @Test
    void a_pasid_is_taken_once_and_replaced_only_if_taken() {
        assertThat(group.replacePasid(one, PASID)).isEqualTo(Errno.EINVAL);
        group.attachPasid(one, PASID);
        assertThat(group.attachPasid(two, PASID)).isEqualTo(Errno.EBUSY);
        assertThat(group.replacePasid(two, PASID)).isEqualTo(Errno.OK);
        assertThat(found()).isSameAs(two);
    }

    @Test
    void numbers_that_are_no_pasids_of_the_device_are_refused() {
        assertThat(group.attachPasid(one, 0)).isEqualTo(Errno.EINVAL);
        assertThat(group.attachPasid(one, ToyIommu.PASIDS)).isEqualTo(Errno.EINVAL);
    }

    @Test
    void a_group_without_pasids_does_not_support_them() {
        Device plain = bench.probed("plain", "v", 3);

        assertThat(plain.group().attachPasid(one, PASID)).isEqualTo(Errno.EOPNOTSUPP);
    }

    @Test
    void nobody_takes_the_dma_of_a_group_whose_pasids_are_in_use() {
        group.attachPasid(one, PASID);
        assertThat(group.claimDmaOwner(this)).isEqualTo(Errno.EBUSY);
    }

    // ---- resets

    @Test
    void a_reset_takes_the_pasids_of_its_device_and_brings_them_back() {
        group.attachPasid(one, PASID);
        bench.toy.forget();

        bench.iommu.resetPrepare(a);
        assertThat(bench.toy.seen()).containsExactly("attach a toy blocked", "remove a 2");
        assertThat(bench.toy.points(b, PASID)).isSameAs(one);
        assertThat(found()).isSameAs(one);

        bench.iommu.resetDone(a, Errno.OK);
        assertThat(bench.toy.points(a, PASID)).isSameAs(one);
        assertThat(bench.toy.seen()).noneMatch(step -> step.contains(" b "));
        assertThat(bench.wrongs()).isEmpty();
    }

    @Test
    void pasids_go_also_where_the_device_is_on_the_blocking_domain_already() {
        group.claimDmaOwner(this);
        group.attachPasid(one, PASID);

        bench.iommu.resetPrepare(a);
        assertThat(bench.toy.points(a, PASID)).isNull();
        bench.iommu.resetDone(a, Errno.OK);
        assertThat(bench.toy.points(a, PASID)).isSameAs(one);
    }

    @Test
    void during_a_reset_pasids_can_be_detached_and_nothing_else() {
        group.attachPasid(one, PASID);
        bench.iommu.resetPrepare(a);
        assertThat(group.attachPasid(two, 1)).isEqualTo(Errno.EBUSY);
        assertThat(group.replacePasid(two, PASID)).isEqualTo(Errno.EBUSY);
        bench.toy.forget();

        group.detachPasid(PASID);
        assertThat(bench.toy.seen()).containsExactly("remove b 2");
        bench.iommu.domainFree(one);
        bench.iommu.resetDone(a, Errno.OK);
        assertThat(bench.toy.points(a, PASID)).isNull();
        assertThat(bench.wrongs()).isEmpty();
    }

    @Test
    void a_reset_that_failed_brings_no_pasid_back() {
        group.attachPasid(one, PASID);
        bench.iommu.resetPrepare(a);
        bench.iommu.resetDone(a, Errno.ENOTTY);
        assertThat(bench.toy.points(a, PASID)).isNull();

        bench.iommu.resetPrepare(a);
        bench.iommu.resetDone(a, Errno.OK);
        assertThat(bench.toy.points(a, PASID)).isSameAs(one);
        bench.check(group);
    }

    @Test
    void a_device_that_does_not_get_a_pasid_back_stays_blocked() {
        group.attachPasid(two, 1);
        group.attachPasid(one, PASID);
        bench.iommu.resetPrepare(a);
        bench.toy.fail(ToyIommu.Call.PASID, 2, 1);
        bench.iommu.resetDone(a, Errno.OK);

        assertThat(bench.blocked(a)).isEqualTo(BlockReason.ATTACH_FAILED);
        assertThat(bench.toy.points(a)).isSameAs(bench.toy.blockedDomain());
        assertThat(bench.toy.points(a, 1)).isNull();
        bench.check(group);
    }

    @Test
    void a_device_that_cannot_go_where_it_must_loses_its_pasids_too() {
        group.attachPasid(one, PASID);
        assertThat(group.replace(two)).isEqualTo(Errno.OK);
        bench.toy.fail(ToyIommu.Call.ATTACH, 1, 1);
        group.detach();

        assertThat(bench.blocked(a)).isEqualTo(BlockReason.ATTACH_FAILED);
        assertThat(bench.toy.points(a, PASID)).isNull();
        assertThat(bench.toy.points(b, PASID)).isSameAs(one);
    }

    // ---- members

    @Test
    void a_newcomer_gets_the_pasids_of_its_group_and_takes_nothing_along() {
        group.attachPasid(one, PASID);
        Device c = bench.probed("c", "u", 3);
        assertThat(bench.toy.points(c, PASID)).isSameAs(one);

        bench.toy.forget();
        bench.iommu.releaseDevice(c);
        assertThat(bench.toy.seen()).containsExactly("remove c 2", "attach c toy blocked", "release c");
        assertThat(found()).isSameAs(one);
    }

    @Test
    void a_newcomer_that_does_not_get_a_pasid_is_not_probed_and_not_attached() {
        group.attachPasid(one, PASID);
        Device c = bench.device("c", "u", 3);
        bench.toy.fail(ToyIommu.Call.PASID, 1, 1);

        assertThat(bench.iommu.probeDevice(c)).isEqualTo(Errno.ENOMEM);
        assertThat(bench.toy.seen()).endsWith("attach c toy blocked", "remove c 2", "release c");
        try (Held _ = group.mutex().lock()) {
            assertThat(group.devices()).hasSize(2);
            assertThat(group.recoveryCnt()).isZero();
        }
    }
}
