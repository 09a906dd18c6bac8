// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

import static org.assertj.core.api.Assertions.assertThat;

import lazaret.kernel.Kernel;
import lazaret.machine.Machine;
import lazaret.smmuv3.CmdError;
import lazaret.smmuv3.CmdqCons;
import lazaret.smmuv3.Queue;
import org.junit.jupiter.api.Test;

class AtcErrorsTest {
    private final AtcErrors errors = new AtcErrors(new Kernel(new Machine()), new Queue(7), "q");

    @Test
    void a_record_is_taken_once() {
        errors.record(5);

        assertThat(errors.take(5)).isTrue();
        assertThat(errors.take(5)).isFalse();
    }

    @Test
    void neighbours_and_other_words_are_not_concerned() {
        errors.record(64);

        for (int slot = 0; slot < 128; slot++) {
            assertThat(errors.take(slot)).isEqualTo(slot == 64);
        }
    }

    @Test
    void wrap_and_error_bits_of_a_register_do_not_matter() {
        errors.record(3 | 1 << 7 | (int) CmdqCons.ERR.prep(CmdError.ATC_INV_SYNC));

        assertThat(errors.take(3)).isTrue();
    }

    @Test
    void nothing_is_settled_before_whoever_took_the_record_says_so() {
        errors.record(1);
        assertThat(errors.isUnsettled()).isTrue();
        errors.take(1);
        assertThat(errors.isUnsettled()).isTrue();

        errors.settled();
        assertThat(errors.isUnsettled()).isFalse();
    }

    @Test
    void an_error_reported_again_before_it_was_taken_is_one() {
        errors.record(1);
        errors.record(1);
        errors.take(1);
        errors.settled();

        assertThat(errors.isUnsettled()).isFalse();
    }

    @Test
    void nobody_has_to_settle_what_nobody_waits_for() {
        errors.record(1);
        errors.abandon(1);
        errors.abandon(2);
        errors.record(2);

        assertThat(errors.isUnsettled()).isFalse();
        assertThat(errors.take(1)).isFalse();
        assertThat(errors.take(2)).isFalse();
    }

    @Test
    void a_slot_that_is_issued_again_has_no_past() {
        errors.abandon(1);
        errors.replace(2);
        errors.renew(1);
        errors.renew(2);
        errors.record(1);

        assertThat(errors.take(1)).isTrue();
        assertThat(errors.isReplacement(2)).isFalse();
    }

    @Test
    void a_replacement_is_one_slot() {
        errors.replace(17);

        for (int slot = 0; slot < 128; slot++) {
            assertThat(errors.isReplacement(slot)).isEqualTo(slot == 17);
        }
    }
}
