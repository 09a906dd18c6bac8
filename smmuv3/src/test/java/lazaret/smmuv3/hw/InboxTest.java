// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3.hw;

import static org.assertj.core.api.Assertions.assertThat;

import lazaret.machine.Undo;
import lazaret.pcie.At;
import lazaret.pcie.Pasid;
import lazaret.pcie.Tlp;
import org.junit.jupiter.api.Test;

class InboxTest {
    private final Undo undo = new Undo();
    private final Inbox inbox = new Inbox(undo);

    private static Tlp write(long n) {
        return new Tlp.MemWrite(1, At.UNTRANSLATED, Pasid.NONE, n * 8, n, n * 8);
    }

    @Test
    void what_was_admitted_lands_in_order_and_what_was_dismissed_is_skipped() {
        for (int i = 0; i < 5; i++) {
            inbox.add(write(i));
        }
        inbox.dismiss();
        inbox.admit(0x100);
        inbox.dismiss();
        inbox.dismiss();
        inbox.admit(0x108);

        assertThat(inbox.arrived()).isFalse();
        assertThat(inbox.landing()).isEqualTo(write(1));
        assertThat(inbox.landingPa()).isEqualTo(0x100);

        inbox.land();
        assertThat(inbox.landing()).isEqualTo(write(4));
        assertThat(inbox.landed()).isEqualTo(4);

        inbox.land();
        assertThat(inbox.admitted()).isFalse();
        assertThat(inbox.landed()).isEqualTo(5);
    }

    @Test
    void it_grows_without_losing_anything_and_shrinks_on_roll_back() {
        for (int i = 0; i < 10; i++) {
            inbox.add(write(i));
            inbox.admit(i * 8);
            inbox.land();
        }
        inbox.add(write(10));
        inbox.admit(80);
        undo.mark();
        for (int i = 11; i < 100; i++) {
            inbox.add(write(i));
        }
        for (int i = 11; i < 100; i++) {
            assertThat(inbox.unchecked()).isEqualTo(write(i));
            inbox.admit(i * 8);
        }
        for (int i = 10; i < 100; i++) {
            assertThat(inbox.landing()).isEqualTo(write(i));
            assertThat(inbox.landingPa()).isEqualTo(i * 8);
            inbox.land();
        }

        undo.rollback();

        assertThat(inbox.landing()).isEqualTo(write(10));
        assertThat(inbox.arrived()).isFalse();
    }
}
