// SPDX-License-Identifier: Apache-2.0
package lazaret.pcie.hw;

import static lazaret.pcie.hw.EndpointFaults.NONE;
import static org.assertj.core.api.Assertions.assertThat;

import lazaret.pcie.Config;
import lazaret.pcie.PcieEntry;
import lazaret.pcie.Tlp;
import lazaret.pcie.hw.EndpointFaults.Flr;
import org.junit.jupiter.api.Test;

/** What comes down the link instead of a function level reset: a hot reset, or nothing at all. */
class LinkTest {
    private static final long FLR_US = EndpointParams.FLR_US;

    @Test
    void a_hot_reset_empties_the_atc_whatever_an_flr_would_do() {
        for (Flr flr : Flr.values()) {
            var rig = new Rig(NONE.flr(flr));
            rig.cache(0x1000, 0x8000_0000L);
            rig.nic.hotReset();
            assertThat(rig.holds(0x1000)).isFalse();
            assertThat(rig.nic.ready()).isFalse();
            assertThat(rig.nic.listening()).isFalse();

            rig.pass(FLR_US);
            assertThat(rig.nic.ready() && rig.nic.listening()).isTrue();
            assertThat(rig.nic.atsEnabled()).isFalse();
            assertThat(rig.nic.config().read16(Config.COMMAND)).isZero();
            assertThat(rig.log).contains(
                    new PcieEntry.FunctionReset(0x100, false), new PcieEntry.FunctionReset(0x100, true));
        }
    }

    @Test
    void what_reaches_a_function_in_a_hot_reset_is_lost() {
        var rig = new Rig();
        rig.invalidate(1, 0x1000);
        rig.nic.hotReset();
        rig.invalidate(2, 0x1000);
        rig.pass(2 * FLR_US);
        assertThat(rig.root.isEmpty()).isTrue();

        rig.invalidate(3, 0x1000);
        rig.settle();
        assertThat(rig.root.take(Tlp.InvalidateCompletion.class).itagVector()).isEqualTo(1 << 3);
    }

    @Test
    void a_hot_reset_revives_the_dead_unless_they_are_incurable() {
        var rig = new Rig();
        rig.nic.die();
        rig.nic.hotReset();
        rig.pass(FLR_US);
        assertThat(rig.nic.alive()).isTrue();

        rig = new Rig(NONE.incurable());
        rig.nic.die();
        rig.nic.hotReset();
        rig.pass(FLR_US);
        assertThat(rig.nic.alive()).isFalse();
    }

    @Test
    void while_the_link_is_down_nothing_goes_either_way_and_what_was_sent_arrives() {
        var rig = new Rig(NONE.postedWritesHeld(EndpointFaults.HELD));
        var program = rig.nic.program().untranslated().write(0x1000, 1);
        program.ring();
        rig.settle();
        rig.nic.linkDown();
        rig.invalidate(1, 0x1000);
        program.ring();
        rig.settle();
        assertThat(rig.nic.listening()).isFalse();
        assertThat(rig.nic.config().read32(Config.VENDOR_ID)).isEqualTo(-1);
        assertThat(rig.root.isEmpty()).isTrue();

        rig.nic.release();
        rig.settle();
        assertThat(rig.root.take(Tlp.MemWrite.class).data()).isEqualTo(1);
        assertThat(rig.root.isEmpty()).isTrue();
    }

    @Test
    void a_link_that_comes_up_again_has_reset_the_function() {
        var rig = new Rig();
        rig.cache(0x1000, 0x8000_0000L);
        rig.nic.linkDown();
        rig.nic.hotReset();
        assertThat(rig.nic.ready()).as("there is no link to send it down").isFalse();
        rig.nic.linkUp();
        assertThat(rig.nic.ready()).isFalse();
        rig.pass(FLR_US);
        assertThat(rig.nic.ready()).isTrue();
        assertThat(rig.holds(0x1000)).isFalse();
        assertThat(rig.logged("link down") && rig.logged("link up")).isTrue();
    }
}
