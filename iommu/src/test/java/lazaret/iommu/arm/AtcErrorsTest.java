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

        assertThat(errors.testAndClear(5)).isTrue();
        assertThat(errors.testAndClear(5)).isFalse();
    }

    @Test
    void neighbours_and_other_words_are_not_concerned() {
        errors.record(64);

        assertThat(errors.testAndClear(0)).isFalse();
        assertThat(errors.testAndClear(63)).isFalse();
        assertThat(errors.testAndClear(65)).isFalse();
        assertThat(errors.testAndClear(64)).isTrue();
    }

    @Test
    void wrap_and_error_bits_of_a_register_do_not_matter() {
        errors.record(3 | 1 << 7 | (int) CmdqCons.ERR.prep(CmdError.ATC_INV_SYNC));

        assertThat(errors.testAndClear(3)).isTrue();
    }

    @Test
    void when_nobody_knows_whose_it_is_it_is_everybodys() {
        errors.recordAll();

        for (int slot = 0; slot < 128; slot++) {
            assertThat(errors.testAndClear(slot)).isTrue();
        }
    }

    @Test
    void clearing_is_for_one_slot() {
        errors.record(1);
        errors.record(2);
        errors.clear(1);

        assertThat(errors.testAndClear(1)).isFalse();
        assertThat(errors.testAndClear(2)).isTrue();
    }
}
