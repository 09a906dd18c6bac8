// SPDX-License-Identifier: Apache-2.0
package lazaret.pcie.hw;

import static lazaret.pcie.hw.EndpointFaults.NONE;
import static org.assertj.core.api.Assertions.assertThat;

import lazaret.pcie.Config;
import lazaret.pcie.Config.AfCap;
import lazaret.pcie.Config.PmCap;
import lazaret.pcie.hw.EndpointFaults.Flr;
import lazaret.pcie.hw.EndpointParams.Sleep;
import org.junit.jupiter.api.Test;

/** Power states, and the two ways to a reset that are not the FLR of PCI Express. */
class SleepTest {
    private final Rig rig = new Rig();

    private static void power(Rig rig, int state) {
        rig.nic.config().write16(Rig.PMCSR, state);
    }

    @Test
    void a_function_asleep_sends_nothing_takes_no_message_and_answers_in_configuration_space() {
        var program = rig.nic.program().untranslated().write(0x1000, 1);
        power(rig, PmCap.D3_HOT);
        program.ring();
        rig.invalidate(1, 0x1000);
        rig.settle();
        assertThat(rig.root.isEmpty()).isTrue();
        assertThat(program.skipped()).isEqualTo(1);
        assertThat(rig.logged("in D3hot")).isTrue();
        assertThat(rig.nic.config().read16(Rig.PMCSR)).isEqualTo(PmCap.D3_HOT);
    }

    @Test
    void waking_up_is_a_reset_of_ten_milliseconds() {
        rig.cache(0x1000, 0x8000_0000L);
        power(rig, PmCap.D3_HOT);
        power(rig, PmCap.D0);
        assertThat(rig.nic.ready()).isFalse();
        rig.pass(EndpointParams.WAKE_US - 1);
        assertThat(rig.nic.ready()).isFalse();
        rig.pass(1);
        assertThat(rig.nic.ready()).isTrue();
        assertThat(rig.nic.atsEnabled()).isFalse();
        assertThat(rig.holds(0x1000)).isFalse();
        assertThat(rig.root.resets()).isEqualTo(1);
    }

    @Test
    void one_without_soft_reset_wakes_up_as_it_was() {
        var soft = new Rig(EndpointParams.USUAL.sleep(Sleep.KEEPS), NONE);
        soft.cache(0x1000, 0x8000_0000L);
        assertThat(PmCap.NO_SOFT_RESET.test(soft.nic.config().read16(Rig.PMCSR))).isTrue();
        power(soft, PmCap.D3_HOT);
        power(soft, PmCap.D0);
        assertThat(soft.nic.ready()).isTrue();
        assertThat(soft.nic.atsEnabled()).isTrue();
        assertThat(soft.holds(0x1000)).isTrue();
        assertThat(soft.root.resets()).isZero();
    }

    @Test
    void states_between_are_not_entered_and_the_same_one_is_no_change() {
        for (int state : new int[] {1, 2, PmCap.D0}) {
            power(rig, state);
            assertThat(rig.nic.config().read16(Rig.PMCSR)).isEqualTo(PmCap.D0);
            assertThat(rig.nic.ready()).isTrue();
        }
    }

    @Test
    void without_power_management_there_is_nothing_to_write() {
        var plain = new Rig(EndpointParams.USUAL.sleep(Sleep.NONE), NONE);
        power(plain, PmCap.D3_HOT);
        assertThat(plain.nic.config().read16(Rig.PMCSR)).isZero();
        assertThat(plain.nic.config().read8(Rig.AF)).isEqualTo(AfCap.ID);
    }

    @Test
    void the_conventional_function_level_reset_is_the_same_reset() {
        rig.cache(0x1000, 0x8000_0000L);
        rig.nic.config().write16(Rig.AF + AfCap.CTRL, 1);
        assertThat(rig.nic.ready()).isFalse();
        rig.pass(EndpointParams.FLR_US);
        assertThat(rig.nic.ready()).isTrue();
        assertThat(rig.holds(0x1000)).isFalse();
        assertThat(rig.nic.config().read16(Config.COMMAND)).isZero();
    }

    @Test
    void it_fails_where_the_other_fails_and_is_absent_where_the_other_is() {
        var broken = new Rig(NONE.flr(Flr.NEVER_READY));
        broken.nic.config().write16(Rig.AF + AfCap.CTRL, 1);
        broken.pass(10 * EndpointParams.FLR_US);
        assertThat(broken.nic.ready()).isFalse();

        var plain = new Rig(EndpointParams.USUAL.withoutFlr(), NONE);
        plain.nic.config().write16(Rig.AF + AfCap.CTRL, 1);
        assertThat(plain.nic.ready()).isTrue();
    }

    @Test
    void its_status_says_that_transactions_are_pending() {
        var program = rig.nic.program().untranslated().read(0x1000);
        assertThat(rig.nic.config().read8(Rig.AF + AfCap.STATUS)).isZero();
        program.ring();
        rig.settle();
        assertThat(rig.nic.config().read8(Rig.AF + AfCap.STATUS)).isEqualTo(1);
        rig.answerRead(7);
        assertThat(rig.nic.config().read8(Rig.AF + AfCap.STATUS)).isZero();
    }
}
