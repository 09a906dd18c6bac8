// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

import static org.assertj.core.api.Assertions.assertThat;

import lazaret.iommu.IommuEntry;
import lazaret.iommu.design.MinimumX;
import lazaret.iommu.pci.PciDev;
import lazaret.kernel.KernelEntry;
import lazaret.smmuv3.Command;
import lazaret.smmuv3.Ste;
import org.junit.jupiter.api.Test;

class FenceTest {
    private final Rig rig = new Rig(new MinimumX(), s -> s.withLimits(1000, 3));
    private final PciDev dev = rig.device(Rig.NIC);
    private final Master master = Rig.master(dev);
    private final Fence fence = rig.smmu.fence();

    FenceTest() {
        rig.warm(Rig.NIC);
        rig.quiet();
    }

    @Test
    void ordering_it_is_one_store_that_changes_one_field() {
        fence.order(master);

        assertThat(rig.entries(KernelEntry.Stored.class)).singleElement().satisfies(store -> {
            assertThat(store.pa()).isEqualTo(rig.hw.stePa(Rig.NIC) + 8);
            assertThat(store.before() ^ store.after()).isEqualTo(Ste.EATS.prep(Ste.Eats.TRANS));
        });
        assertThat(rig.fence(dev)).isEqualTo(FenceState.ORDERED);
        assertThat(rig.hw.refusesAts(Rig.NIC)).as("the cached entry").isFalse();
    }

    @Test
    void it_holds_once_the_entry_is_forgotten() {
        fence.order(master);

        assertThat(fence.settle(master, fence.invalidateSte(master))).isTrue();
        assertThat(rig.fence(dev)).isEqualTo(FenceState.HOLDS);
        assertThat(rig.fenced()).containsExactly(Rig.NIC);
        assertThat(rig.hw.refusesAts(Rig.NIC)).isTrue();
        assertThat(rig.hw.trace).containsExactly("CFGI_STE sid=0x100 leaf", Command.Sync.SEV.text());
    }

    @Test
    void on_a_queue_that_stands_still_it_is_not_confirmed_and_loudly_so() {
        rig.hw.frozen = true;
        fence.order(master);

        assertThat(fence.settle(master, fence.invalidateSte(master))).isFalse();
        assertThat(rig.fence(dev)).isEqualTo(FenceState.UNCONFIRMED);
        assertThat(rig.fenced()).isEmpty();
        assertThat(rig.printed()).filteredOn(l -> l.contains("CMD_SYNC timeout")).hasSize(3);
        assertThat(rig.printed())
                .anyMatch(l -> l.startsWith("0000:01:00.0: cannot confirm that ATS is fenced"));
    }

    @Test
    void a_queue_that_goes_on_later_confirms_it_later() {
        rig.hw.frozen = true;
        fence.order(master);
        fence.settle(master, fence.invalidateSte(master));
        rig.hw.frozen = false;
        fence.order(master);

        assertThat(fence.settle(master, fence.invalidateSte(master))).isTrue();
        assertThat(rig.fence(dev)).isEqualTo(FenceState.HOLDS);
    }

    @Test
    void putting_it_up_again_changes_nothing() {
        for (int i = 0; i < 2; i++) {
            fence.order(master);
            assertThat(fence.settle(master, fence.invalidateSte(master))).isTrue();
            assertThat(rig.fence(dev)).isEqualTo(FenceState.HOLDS);
        }
    }

    @Test
    void a_fence_that_somebody_lifted_meanwhile_does_not_hold() {
        fence.order(master);
        fence.lift(master);

        assertThat(fence.settle(master, true)).isFalse();
        assertThat(rig.fence(dev)).isEqualTo(FenceState.NONE);
        assertThat(rig.fenced()).isEmpty();
    }

    @Test
    void muting_is_told_once() {
        fence.mute(master);
        fence.mute(master);

        assertThat(master.muted()).isTrue();
        assertThat(rig.muted()).containsExactly(Rig.NIC);
        assertThat(rig.printed()).hasSize(1);
    }

    @Test
    void muting_with_an_eye_on_the_fence_needs_one_that_holds() {
        fence.muteIfHolds(master);
        assertThat(master.muted()).isFalse();
        fence.order(master);
        fence.muteIfHolds(master);
        assertThat(master.muted()).isFalse();

        fence.settle(master, true);
        fence.muteIfHolds(master);
        assertThat(master.muted()).isTrue();
    }

    @Test
    void lifting_forgets_both_and_leaves_the_table_alone() {
        rig.design.quarantine(master);
        rig.quiet();
        fence.lift(master);

        assertThat(master.muted()).isFalse();
        assertThat(master.fenced()).isFalse();
        assertThat(rig.entries(IommuEntry.Unmuted.class)).hasSize(1);
        assertThat(rig.hw.inMemory(Rig.NIC).eats()).isEqualTo(Ste.Eats.ABT);
    }
}
