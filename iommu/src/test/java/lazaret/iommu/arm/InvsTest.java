// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import lazaret.kernel.KernelEntry;
import org.junit.jupiter.api.Test;

class InvsTest {
    private final Rig rig = new Rig();
    private final Invs empty = Invs.empty(rig.kernel, "d");

    private Inv.Key ats(int sid) {
        return Inv.Key.ats(new Master(rig.smmu, rig.unprobed(sid), sid), Cds.NO_PASID);
    }

    private static List<Inv.Key> keys(Invs invs) {
        List<Inv.Key> keys = new ArrayList<>();
        for (int i = 0; i < invs.size(); i++) {
            keys.add(invs.get(i).key());
        }
        return keys;
    }

    @Test
    void merging_keeps_tlbs_before_atcs_and_streams_in_order() {
        Inv.Key nic = ats(0x100);
        Inv.Key gpu = ats(0x200);
        Inv.Key asid = Inv.Key.asid(3);

        assertThat(keys(empty.merge(List.of(gpu)).merge(List.of(asid, nic)))).containsExactly(asid, nic, gpu);
    }

    @Test
    void the_old_array_does_not_change() {
        Invs one = empty.merge(List.of(Inv.Key.asid(1)));
        one.merge(List.of(ats(1)));

        assertThat(empty.size()).isZero();
        assertThat(one.size()).isEqualTo(1);
        assertThat(one.hasAts()).isFalse();
    }

    @Test
    void arrays_share_their_entries() {
        Inv.Key key = ats(1);
        Invs one = empty.merge(List.of(key));
        Invs two = one.merge(List.of(ats(2)));
        two.find(key).get();

        assertThat(one.find(key).inUse()).isTrue();
    }

    @Test
    void merging_what_is_there_adds_nothing() {
        Invs one = empty.merge(List.of(Inv.Key.asid(1)));

        assertThat(one.merge(List.of(Inv.Key.asid(1))).size()).isEqualTo(1);
    }

    @Test
    void a_new_entry_has_no_user_and_the_last_one_to_leave_is_told() {
        Invs one = empty.merge(List.of(Inv.Key.asid(1)));
        Inv inv = one.find(Inv.Key.asid(1));
        assertThat(inv.inUse()).isFalse();

        inv.get();
        inv.get();
        assertThat(inv.put()).isFalse();
        assertThat(inv.put()).isTrue();
    }

    @Test
    void purging_takes_out_what_nobody_uses() {
        Inv.Key kept = ats(1);
        Invs two = empty.merge(List.of(kept, ats(2)));
        two.find(kept).get();

        assertThat(keys(two.purge())).containsExactly(kept);
        assertThat(two.purge().purge().size()).isEqualTo(1);
    }

    @Test
    void an_array_without_trash_is_purged_to_itself() {
        Invs one = empty.merge(List.of(Inv.Key.asid(1)));
        one.find(Inv.Key.asid(1)).get();

        assertThat(one.purge()).isSameAs(one);
    }

    @Test
    void a_device_that_came_again_is_another_one_than_its_trash() {
        Inv.Key before = ats(1);
        Inv.Key after = ats(1);
        Invs both = empty.merge(List.of(before)).merge(List.of(after));
        both.find(after).get();

        assertThat(keys(both.purge())).containsExactly(after);
    }

    @Test
    void looking_for_what_is_not_there_is_a_bug_of_the_caller() {
        assertThatThrownBy(() -> empty.find(Inv.Key.asid(1))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void whoever_reads_a_freed_array_is_seen() {
        Invs one = empty.merge(List.of(Inv.Key.asid(1)));
        one.free();
        rig.quiet();
        one.get(0);
        one.size();
        one.hasAts();

        assertThat(rig.entries(KernelEntry.UseAfterFree.class)).hasSize(3);
    }
}
