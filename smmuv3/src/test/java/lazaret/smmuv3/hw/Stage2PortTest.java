// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3.hw;

import static lazaret.smmuv3.hw.Rig.SYNC;
import static org.assertj.core.api.Assertions.assertThat;

import lazaret.smmuv3.Command;
import lazaret.smmuv3.Event;
import lazaret.smmuv3.Idr0;
import lazaret.smmuv3.Idr5;
import lazaret.smmuv3.TlbRange;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two stages in hardware: what is remembered, and which command forgets it. With the tables of W22. */
class Stage2PortTest {
    private static final long VA = 0x7B_1234_5AB8L;
    private static final long PA = 0x9_4034_5AB8L;
    private static final long IPA_PAGE = 0x4034_5000L;
    private static final int VMID = 9;
    private static final int ASID = 7;
    private static final long[] NESTED =
            {0x4008_000FL, 0x1000_00D6L, 0x044D_3558_0000_0009L, 0x9_0A00_0000L};
    private static final long S2_L2 = 0x9_0A02_0000L;
    private static final long S1_LEAF_AT = 0x9_4008_2A28L;
    private static final long S1_LEAF = 0x4034_5F47L;

    private final Rig rig = Rig.on(p -> p.with(Idr0.S2P, 1).with(Idr0.VMID16, 1).with(Idr0.HTTU, 2)
            .with(Idr0.NS1ATS, 0).with(Idr5.GRAN16K, 1));

    @BeforeEach
    void tables() {
        rig.ste(Rig.SID, NESTED);
        rig.put(0x9_0A00_0008L, S2_L2 | 3);
        for (int k = 0; k < 4; k++) {
            rig.put(S2_L2 + 8 * k, 0x9_4000_07FDL + 0x20_0000L * k);
        }
        cd(0x0007_E205_C000_3519L);
        rig.put(0x9_4008_0F60L, 0x4008_1003L);
        rig.put(0x9_4008_1488L, 0x4008_2003L);
        rig.put(S1_LEAF_AT, S1_LEAF);
        rig.issue(new Command.CfgiAll(), new Command.TlbiNsnhAll(), SYNC);
    }

    private void cd(long w0) {
        rig.put(0x9_4008_0000L, w0, 0x4008_0000L, 0, 0xF404_FF44L);
    }

    private int steps() {
        rig.function.writes(VA, 1);
        int steps = 0;
        while (rig.can(Rig.PORT)) {
            rig.step(Rig.PORT);
            steps++;
        }
        rig.settle();
        return steps;
    }

    /** Begins; STE; the block of the CD and tables; CD; tables of stage 1; the block of the page. */
    private static final int COLD = 1 + 8 + 2 + 4 + 3 + 2;

    @Test
    void a_cold_access_walks_both_stages_and_a_warm_one_none() {
        assertThat(steps()).isEqualTo(COLD);
        assertThat(rig.ram.load(PA)).isEqualTo(1);
        rig.asksNobody();
        assertThat(steps()).isEqualTo(1);
    }

    @Test
    void an_smmu_without_caches_walks_stage_2_for_each_descriptor() {
        Rig kind = Rig.on(p -> p.with(Idr0.S2P, 1).with(Idr0.VMID16, 1).coherent());
        kind.ste(Rig.SID, NESTED);
        for (long at : new long[] {0x9_0A00_0008L, S2_L2, S2_L2 + 8, 0x9_4008_0000L, 0x9_4008_0008L,
                0x9_4008_0018L, 0x9_4008_0F60L, 0x9_4008_1488L, S1_LEAF_AT}) {
            kind.put(at, rig.ram.load(at));
        }
        kind.function.writes(VA, 1);
        int steps = 0;
        while (kind.can(Rig.PORT)) {
            kind.step(Rig.PORT);
            steps++;
        }
        assertThat(steps).isEqualTo(1 + 8 + 2 + 4 + 11);
    }

    @Test
    void a_vm_forgets_stage_1_and_keeps_stage_2() {
        steps();
        rig.issue(new Command.TlbiNhAll(VMID), SYNC);
        assertThat(steps()).isEqualTo(1 + 3);
        rig.issue(new Command.TlbiNhAsid(VMID, ASID), SYNC);
        assertThat(steps()).isEqualTo(1 + 3);
        rig.issue(new Command.TlbiNhVa(VMID, ASID, VA & ~0xfffL, true, TlbRange.NONE), SYNC);
        assertThat(steps()).isEqualTo(1 + 3);
        rig.issue(new Command.TlbiNhVaa(VMID, VA & ~0xfffL, true, TlbRange.NONE), SYNC);
        assertThat(steps()).isEqualTo(1 + 3);
        rig.issue(new Command.TlbiNhAll(VMID + 1), SYNC);
        assertThat(steps()).isEqualTo(1);
    }

    @Test
    void both_stages_of_a_vm_are_forgotten_together() {
        steps();
        rig.issue(new Command.TlbiS12Vmall(VMID + 1), SYNC);
        assertThat(steps()).isEqualTo(1);
        rig.issue(new Command.TlbiS12Vmall(VMID), SYNC);
        assertThat(steps()).isEqualTo(1 + 2 + 3 + 2);
        rig.issue(new Command.TlbiNsnhAll(), SYNC);
        assertThat(steps()).isEqualTo(1 + 2 + 3 + 2);
        rig.issue(new Command.TlbiEl2All(), SYNC);
        assertThat(steps()).isEqualTo(1);
    }

    @Test
    void an_ipa_is_forgotten_and_what_combines_both_stages_is_not() {
        steps();
        rig.put(S2_L2 + 8, 0x9_4080_07FDL);
        rig.issue(new Command.TlbiS2Ipa(VMID, IPA_PAGE, true, TlbRange.NONE), SYNC);
        rig.always(1);
        assertThat(steps()).as("the stale combined entry serves").isEqualTo(1);
        rig.always(0);
        assertThat(steps()).as("or is gone by itself").isEqualTo(1 + 3 + 2);
        assertThat(rig.ram.load(0x9_4094_5AB8L)).isEqualTo(1);

        rig.put(S2_L2 + 8, 0x9_4020_07FDL);
        rig.issue(new Command.TlbiS2Ipa(VMID, IPA_PAGE, true, TlbRange.NONE),
                new Command.TlbiNhAll(VMID), SYNC);
        rig.asksNobody();
        assertThat(steps()).isEqualTo(1 + 3 + 2);
    }

    @Test
    void stage_2_alone_is_remembered_by_vmid_and_ipa() {
        rig.ste(Rig.SID, 0xd, 0x1000_0000L, NESTED[2], NESTED[3]);
        rig.ste(Rig.OTHER, 0xd, 0x1000_0000L, NESTED[2], NESTED[3]);
        rig.issue(new Command.CfgiAll(), SYNC);
        rig.function.writes(IPA_PAGE, 5);
        rig.settle();
        assertThat(rig.ram.load(0x9_4034_5000L)).isEqualTo(5);

        rig.asksNobody();
        rig.put(0x9_0A00_0008L, 0);                             // a table: its entry is not looked at again
        rig.other.writes(IPA_PAGE, 6);
        rig.settle();
        assertThat(rig.ram.load(0x9_4034_5000L)).isEqualTo(6);
        rig.issue(new Command.TlbiS2Ipa(VMID, IPA_PAGE, true, TlbRange.NONE), SYNC);
        rig.other.writes(IPA_PAGE, 7);
        rig.settle();
        assertThat(rig.events()).singleElement().isInstanceOf(Event.FTranslation.class);
    }

    @Test
    void access_flag_and_dirty_state_are_marked_in_memory() {
        cd(0x0007_EE05_C000_3519L);
        long clean = S1_LEAF & ~(1 << 10) | 1 << 7 | 1L << 51;
        rig.put(S1_LEAF_AT, clean);
        rig.issue(new Command.CfgiAll(), SYNC);
        rig.function.reads(VA);
        rig.settle();
        assertThat(rig.ram.load(S1_LEAF_AT)).isEqualTo(clean | 1 << 10);
        steps();
        assertThat(rig.ram.load(S1_LEAF_AT)).isEqualTo(S1_LEAF | 1L << 51);
        assertThat(rig.ram.load(PA)).isEqualTo(1);
        rig.asksNobody();
        assertThat(steps()).isEqualTo(1);
    }

    @Test
    void a_descriptor_that_software_changes_meanwhile_is_not_overwritten() {
        cd(0x0007_EE05_C000_3519L);
        rig.put(S1_LEAF_AT, S1_LEAF & ~(1 << 10));
        rig.issue(new Command.CfgiAll(), SYNC);
        rig.function.writes(VA, 1);
        for (int i = 0; i < COLD - 2; i++) {
            rig.step(Rig.PORT);                                 // the leaf is read, not yet marked
        }
        rig.put(S1_LEAF_AT, 0);
        rig.settle();

        assertThat(rig.ram.load(S1_LEAF_AT)).isZero();
        assertThat(rig.events()).singleElement().isInstanceOf(Event.FTranslation.class);
    }

    /** EATS=S1CHK. */
    @Test
    void with_split_stages_a_translated_access_goes_through_stage_2() {
        rig.ste(Rig.SID, NESTED[0], 0x2000_00D6L, NESTED[2], NESTED[3]);
        rig.function.writesTranslated(IPA_PAGE, 5);
        rig.settle();
        assertThat(rig.ram.load(0x9_4034_5000L)).isEqualTo(5);
        assertThat(rig.smmu.refusesAts(Rig.SID)).as("for each address anew").isFalse();

        rig.put(S2_L2 + 8, 0);
        rig.issue(new Command.TlbiS2Ipa(VMID, IPA_PAGE, true, TlbRange.NONE), SYNC);
        assertThat(rig.smmu.refusesAts(Rig.SID)).as("another address may pass").isFalse();
        rig.function.writesTranslated(IPA_PAGE, 6);
        rig.settle();
        assertThat(rig.events()).singleElement().isInstanceOf(Event.FTranslation.class);

        rig.put(S2_L2 + 8, 0x9_4020_07FDL);
        rig.ste(Rig.SID, NESTED[0], 0xD6L, NESTED[2], NESTED[3]);
        rig.issue(new Command.CfgiSte(Rig.SID, true), SYNC);
        assertThat(rig.smmu.refusesAts(Rig.SID)).isTrue();
        rig.function.writesTranslated(IPA_PAGE, 7);
        rig.settle();
        assertThat(rig.events()).singleElement().isInstanceOf(Event.FTranslForbidden.class);
    }

    @Test
    void a_vmid_wildcard_forgets_a_family_of_vms() {
        Rig wild = Rig.on(p -> p.with(Idr0.S2P, 1).with(Idr0.VMID16, 1).with(Idr0.VMW, 1));
        wild.ste(Rig.SID, Rig.S5[0], Rig.S5[1] & 0x3fff_ffff, 9);
        wild.function.writes(Rig.IOVA, 1);
        wild.settle();
        wild.put(Rig.LEAF_AT, 0);
        wild.always(1);
        for (int vmw : new int[] {0, 1, 5}) {                   // 5 is reserved and means 0
            wild.enable(Rig.ALL_ON | vmw << 6);
            wild.issue(new Command.TlbiNhAll(12), SYNC);
        }
        wild.function.writes(Rig.IOVA, 2);
        wild.settle();
        assertThat(wild.ram.load(Rig.PA)).isEqualTo(2);

        wild.enable(Rig.ALL_ON | 3 << 6);
        wild.issue(new Command.TlbiNhAll(12), SYNC);
        wild.function.writes(Rig.IOVA, 3);
        wild.settle();
        assertThat(wild.events()).singleElement().isInstanceOf(Event.FTranslation.class);
    }
}
