// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3.hw;

import static lazaret.smmuv3.hw.Rig.SYNC;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import lazaret.pcie.CplStatus;
import lazaret.pcie.DownTlp;
import lazaret.smmuv3.Command;
import lazaret.smmuv3.Idr0;
import lazaret.smmuv3.TlbRange;
import org.junit.jupiter.api.Test;

/** How long the SMMU may use translations that memory contradicts. The ASID of C1 is 7. */
class IotlbTest {
    private static final int ASID = 7;

    private final Rig rig = Rig.on();

    IotlbTest() {
        rig.function.writes(Rig.IOVA, 1);
        rig.settle();
        rig.put(Rig.LEAF_AT, 0);
        rig.always(1);
    }

    private boolean passes() {
        rig.put(Rig.PA, 0);
        rig.function.writes(Rig.IOVA, 2);
        rig.settle();
        return rig.ram.load(Rig.PA) == 2;
    }

    private static Command va(int asid, long address) {
        return new Command.TlbiNhVa(0, asid, address, true, TlbRange.NONE);
    }

    @Test
    void a_cleared_descriptor_is_used_until_invalidated() {
        assertThat(passes()).isTrue();

        rig.issue(va(ASID, Rig.PAGE));
        assertThat(passes()).isTrue();

        rig.issue(SYNC);
        rig.asksNobody();
        assertThat(passes()).isFalse();
    }

    @Test
    void or_until_the_hardware_forgets_it_by_itself() {
        List<String> asked = new ArrayList<>();
        rig.decides((n, why) -> {
            asked.add(why);
            return 0;
        });

        assertThat(passes()).isFalse();
        assertThat(asked).containsExactly("the IOTLB entry is stale and used");
    }

    @Test
    void one_that_is_kept_is_used_until_invalidated_and_nobody_is_asked() {
        Rig steady = Rig.on(SmmuParams::steady);
        steady.asksNobody();
        steady.function.writes(Rig.IOVA, 1);
        steady.settle();
        steady.put(Rig.LEAF_AT, 0);

        steady.function.writes(Rig.IOVA, 2);
        steady.settle();
        assertThat(steady.ram.load(Rig.PA)).isEqualTo(2);

        steady.issue(va(ASID, Rig.PAGE));
        steady.function.writes(Rig.IOVA, 3);
        steady.settle();
        assertThat(steady.ram.load(Rig.PA)).isEqualTo(2);
    }

    @Test
    void translation_requests_are_answered_from_it() {
        rig.function.asks(Rig.PAGE);
        rig.settle();

        assertThat(rig.function.last())
                .isEqualTo(new DownTlp.TranslationCompletion(CplStatus.SC, 9, 0x8_AA55_D003L));
    }

    @Test
    void invalidations_of_others_do_not_touch_it() {
        rig.issue(va(8, Rig.PAGE), va(ASID, Rig.PAGE + 0x1000), new Command.TlbiNhAsid(0, 8),
                new Command.TlbiNhVaa(0, Rig.PAGE - 0x1000, true, TlbRange.NONE), SYNC);

        assertThat(passes()).isTrue();
    }

    @Test
    void it_is_gone_by_asid_by_address_in_any_space_and_by_all() {
        Command[] each = {
            new Command.TlbiNhAsid(0, ASID), new Command.TlbiNhAll(0), new Command.TlbiNsnhAll(),
            new Command.TlbiNhVaa(0, Rig.PAGE, false, TlbRange.NONE)};
        for (Command c : each) {
            rig.put(Rig.LEAF_AT, Rig.LEAF);
            rig.function.writes(Rig.IOVA, 1);
            rig.settle();
            rig.put(Rig.LEAF_AT, 0);
            assertThat(passes()).as(c.text()).isTrue();

            rig.issue(c, SYNC);
            assertThat(passes()).as(c.text()).isFalse();
        }
    }

    @Test
    void a_range_reaches_from_its_address_as_far_as_it_says() {
        TlbRange four = new TlbRange(3, 0, 1, 0, false);
        rig.issue(new Command.TlbiNhVa(0, ASID, Rig.PAGE - 0x4000, true, four),
                new Command.TlbiNhVa(0, ASID, Rig.PAGE + 0x1000, true, four),
                new Command.TlbiNhVa(0, ASID, Rig.PAGE, true, new TlbRange(3, 0, 1, 2, false)),
                new Command.TlbiNhVa(0, ASID, Rig.PAGE, true, new TlbRange(3, 0, 3, 0, false)), SYNC);
        assertThat(passes()).isTrue();                          // before, behind, blocks, 64 KiB granule

        rig.issue(new Command.TlbiNhVa(0, ASID, Rig.PAGE - 0x3000, true, four), SYNC);
        assertThat(passes()).isFalse();
    }

    @Test
    void a_global_entry_serves_and_obeys_every_address_space_but_not_invalidation_by_asid() {
        rig.put(Rig.LEAF_AT, Rig.LEAF & ~(1L << 11));
        rig.issue(new Command.TlbiNsnhAll(), SYNC);
        rig.function.writes(Rig.IOVA, 1);
        rig.settle();
        rig.put(Rig.LEAF_AT, 0);

        rig.issue(new Command.TlbiNhAsid(0, ASID), SYNC);
        assertThat(passes()).isTrue();

        rig.issue(va(8, Rig.PAGE), SYNC);
        assertThat(passes()).isFalse();
    }

    /** A stream like ours with its own ASID 8 and its own empty table. */
    private void otherSpace() {
        rig.ste(Rig.OTHER, Rig.S4[0] + 0x1000, Rig.S4[1]);
        rig.put(Rig.CD + 0x1000, Rig.C1[0] + (1L << 48), 0x9_0D00_0000L, 0, Rig.C1[3]);
    }

    @Test
    void address_spaces_do_not_share_entries() {
        otherSpace();
        rig.other.writes(Rig.IOVA, 9);
        rig.settle();

        assertThat(rig.events()).hasSize(1);
        assertThat(rig.ram.load(Rig.PA)).isEqualTo(1);
    }

    @Test
    void except_global_ones() {
        otherSpace();
        rig.put(Rig.LEAF_AT, Rig.LEAF & ~(1L << 11));
        rig.issue(new Command.TlbiNsnhAll(), SYNC);
        rig.function.writes(Rig.IOVA, 1);
        rig.other.writes(Rig.IOVA, 9);
        rig.settle();

        assertThat(rig.ram.load(Rig.PA)).isEqualTo(9);
    }

    @Test
    void with_stage_2_around_entries_have_a_vmid() {
        Rig two = Rig.on(p -> p.with(Idr0.S2P, 1).with(Idr0.VMID16, 1));
        two.ste(Rig.SID, Rig.S4[0], Rig.S4[1] & ~(3L << 30), 0x105);
        two.function.writes(Rig.IOVA, 1);
        two.settle();
        two.put(Rig.LEAF_AT, 0);
        two.always(1);
        two.issue(new Command.TlbiNhAsid(0, ASID), SYNC);
        two.function.writes(Rig.IOVA, 2);
        two.settle();
        assertThat(two.ram.load(Rig.PA)).isEqualTo(2);

        two.issue(new Command.TlbiNhAsid(0x105, ASID), SYNC);
        two.function.writes(Rig.IOVA, 3);
        two.settle();
        assertThat(two.ram.load(Rig.PA)).isEqualTo(2);
    }

    @Test
    void a_vmid_means_nothing_without_stage_2() {
        rig.issue(new Command.TlbiNhAsid(0x55, ASID), SYNC);

        assertThat(passes()).isFalse();
    }

    @Test
    void streams_of_one_address_space_share_entries() {
        rig.ste(Rig.OTHER, Rig.S4);
        rig.put(Rig.PA, 0);
        rig.other.writes(Rig.IOVA, 9);
        rig.settle();

        assertThat(rig.ram.load(Rig.PA)).isEqualTo(9);
    }

    @Test
    void an_invalidation_address_may_carry_a_tag() {
        rig.issue(va(ASID, Rig.PAGE | 0x5aL << 56), SYNC);

        assertThat(passes()).isFalse();
    }

    @Test
    void faults_are_never_remembered() {
        Rig empty = Rig.on();
        empty.put(Rig.LEAF_AT, 0);
        empty.function.writes(Rig.IOVA, 1);
        empty.settle();
        empty.put(Rig.LEAF_AT, Rig.LEAF);
        empty.asksNobody();
        empty.function.writes(Rig.IOVA, 2);
        empty.settle();

        assertThat(empty.ram.load(Rig.PA)).isEqualTo(2);
    }

    @Test
    void when_all_slots_are_taken_the_oldest_entries_give_way() {
        Rig many = Rig.on();
        for (int i = 0; i < 80; i++) {
            many.put(0x9_0B00_3000L + 8 * i, 0x8_0000_0F47L + i * 0x1000L);
            many.function.writes(0x7F12_3440_0000L + i * 0x1000L, i + 1);
            many.settle();
        }
        for (int i = 0; i < 80; i++) {
            assertThat(many.ram.load(0x8_0000_0000L + i * 0x1000L)).isEqualTo(i + 1);
        }
        many.always(1);
        for (int i = 0; i < 80; i++) {
            many.put(0x9_0B00_3000L + 8 * i, 0);
            many.function.writes(0x7F12_3440_0000L + i * 0x1000L, 99);
            many.settle();
            assertThat(many.ram.load(0x8_0000_0000L + i * 0x1000L)).isEqualTo(i < 16 ? i + 1 : 99);
        }
    }
}
