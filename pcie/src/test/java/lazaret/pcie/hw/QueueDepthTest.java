// SPDX-License-Identifier: Apache-2.0
package lazaret.pcie.hw;

import static lazaret.pcie.hw.EndpointFaults.NONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import lazaret.machine.Unmodelled;
import lazaret.pcie.Config;
import lazaret.pcie.CplStatus;
import lazaret.pcie.DownTlp;
import lazaret.pcie.Pasid;
import lazaret.pcie.Tlp;
import org.junit.jupiter.api.Test;

/** More invalidate requests than a function can queue block its link, for everything. */
class QueueDepthTest {
    private static final int DEPTH = 3;
    private static final long SLOW = 50;

    private final Rig rig = new Rig(EndpointParams.USUAL.queue(DEPTH), NONE.answersLate(SLOW));

    private void invalidate(int count) {
        for (int itag = 0; itag < count; itag++) {
            rig.invalidate(itag, 0x1000);
        }
    }

    @Test
    void as_many_as_it_says_block_nothing() {
        invalidate(DEPTH);
        assertThat(rig.nic.throttled()).isFalse();
        assertThat(rig.nic.config().read32(Config.VENDOR_ID)).isNotEqualTo(-1);
    }

    @Test
    void one_more_waits_on_the_link_and_configuration_space_behind_it() {
        invalidate(DEPTH + 1);
        assertThat(rig.nic.throttled()).isTrue();
        rig.settle();
        assertThat(rig.nic.config().read32(Config.VENDOR_ID)).isEqualTo(-1);
        assertThatThrownBy(() -> rig.busMaster(false)).isInstanceOf(Unmodelled.class);

        rig.pass(2 * SLOW);
        assertThat(rig.nic.throttled()).isFalse();
        for (int itag = 0; itag <= DEPTH; itag++) {
            assertThat(rig.root.take(Tlp.InvalidateCompletion.class).itagVector()).isEqualTo(1 << itag);
        }
    }

    @Test
    void a_completion_comes_through_because_the_invalidation_in_front_may_wait_for_it() {
        var program = rig.nic.program().untranslated().read(0x1000);
        program.ring();
        rig.settle();
        var read = rig.root.take(Tlp.MemRead.class);
        invalidate(DEPTH + 1);
        rig.pass(2 * SLOW);
        assertThat(rig.root.isEmpty()).as("all wait for the read").isTrue();
        rig.nic.receive(new DownTlp.ReadCompletion(CplStatus.SC, read.tag(), 7));
        rig.pass(2 * SLOW);
        assertThat(program.done()).isEqualTo(1);
        assertThat(rig.nic.throttled()).isFalse();
        assertThat(rig.root.isEmpty()).isFalse();
    }

    @Test
    void page_responses_wait_too() {
        invalidate(DEPTH + 1);
        rig.nic.receive(new DownTlp.PrgResponse(0, 0, Pasid.NONE));
        assertThat(rig.logged("no such page request group")).isFalse();
        rig.pass(2 * SLOW);
        assertThat(rig.logged("no such page request group")).isTrue();
    }

    @Test
    void a_reset_that_forgets_requests_frees_the_link() {
        rig.nic.becomes(NONE.answersLate(SLOW).flr(EndpointFaults.Flr.SILENT_DURING));
        invalidate(DEPTH);
        rig.flr();
        rig.invalidate(9, 0x1000);
        assertThat(rig.nic.throttled()).isFalse();
        rig.pass(EndpointParams.FLR_US);
        assertThat(rig.root.isEmpty()).isTrue();
    }

    @Test
    void what_waits_on_a_link_that_goes_down_is_lost() {
        invalidate(DEPTH + 2);
        rig.nic.linkDown();
        assertThat(rig.nic.throttled()).isFalse();
        rig.nic.linkUp();
        rig.pass(2 * EndpointParams.FLR_US);
        assertThat(rig.root.isEmpty()).isTrue();
    }
}
