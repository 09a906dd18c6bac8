// SPDX-License-Identifier: Apache-2.0
package lazaret.pcie.hw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import lazaret.machine.Undo;
import lazaret.pcie.AtsEntry;
import lazaret.pcie.AtsSpan;
import lazaret.pcie.DownTlp.InvalidateRequest;
import lazaret.pcie.Pasid;
import org.junit.jupiter.api.Test;

class AtcTest {
    private static final long RW = AtsEntry.R.mask() | AtsEntry.W.mask();

    private final Undo undo = new Undo();
    private final Atc atc = new Atc(undo, 4);

    @Test
    void it_finds_what_it_was_told_in_the_whole_page_and_nowhere_else() {
        long entry = AtsEntry.encode(0x8_aa55_d000L, 0, RW);
        atc.fill(Pasid.NONE, 0x7f12_3456_7898L, entry);

        assertThat(atc.find(Pasid.NONE, 0x7f12_3456_7000L)).isEqualTo(entry);
        assertThat(atc.find(Pasid.NONE, 0x7f12_3456_7ff8L)).isEqualTo(entry);
        assertThat(atc.find(Pasid.NONE, 0x7f12_3456_8000L)).isZero();
        assertThat(atc.find(Pasid.NONE, 0x7f12_3456_6ff8L)).isZero();
        assertThat(atc.find(3, 0x7f12_3456_7000L)).isZero();
    }

    @Test
    void an_entry_serves_as_large_a_range_as_it_says() {
        atc.fill(Pasid.NONE, 0x40_3000, AtsEntry.encode(0x8_c000_0000L, 9, RW));

        assertThat(atc.find(Pasid.NONE, 0x40_0000)).isNotZero();
        assertThat(atc.find(Pasid.NONE, 0x5f_fff8)).isNotZero();
        assertThat(atc.find(Pasid.NONE, 0x60_0000)).isZero();
    }

    @Test
    void what_is_new_about_a_page_replaces_what_was_known() {
        atc.fill(Pasid.NONE, 0x1000, page(1));
        atc.fill(Pasid.NONE, 0x2000, page(2));
        atc.fill(Pasid.NONE, 0, AtsEntry.encode(0x10_0000, 2, RW));
        assertThat(atc.clear()).isEqualTo(1);
    }

    @Test
    void a_full_cache_forgets_one_entry_for_each_new_one() {
        for (int i = 0; i < 10; i++) {
            atc.fill(Pasid.NONE, i << 12, page(i));
            assertThat(atc.find(Pasid.NONE, i << 12)).isEqualTo(page(i));
        }
        for (int i = 6; i < 10; i++) {
            assertThat(atc.find(Pasid.NONE, i << 12)).as("the last four stay").isEqualTo(page(i));
        }
        assertThat(atc.clear()).isEqualTo(4);
    }

    @Test
    void a_request_drops_every_entry_that_shares_a_page_with_its_range() {
        atc.fill(Pasid.NONE, 0x1000, page(1));
        atc.fill(Pasid.NONE, 0x3000, page(3));
        atc.fill(Pasid.NONE, 0x40_0000, AtsEntry.encode(0x80_0000, 9, RW));
        atc.fill(Pasid.NONE, 0x60_0000, page(9));

        assertThat(atc.drop(request(Pasid.NONE, false, 0, 1))).isEqualTo(1);
        assertThat(atc.find(Pasid.NONE, 0x3000)).isNotZero();
        assertThat(atc.drop(request(Pasid.NONE, false, 0x41_2000, 0))).isEqualTo(1);
        assertThat(atc.find(Pasid.NONE, 0x60_0000)).isNotZero();
        assertThat(atc.drop(request(Pasid.NONE, false, 0, AtsSpan.ALL))).isEqualTo(2);
        assertThat(atc.clear()).isZero();
    }

    @Test
    void a_request_with_a_pasid_spares_the_others_unless_global_entries_are_meant() {
        atc.fill(Pasid.NONE, 0x1000, page(1));
        atc.fill(3, 0x1000, page(2));
        atc.fill(4, 0x1000, page(3));
        atc.fill(5, 0x1000, page(4) | AtsEntry.GLOBAL.mask());

        assertThat(atc.drop(request(3, false, 0x1000, 0))).isEqualTo(1);
        assertThat(atc.drop(request(3, true, 0x1000, 0))).isEqualTo(1);
        assertThat(atc.find(4, 0x1000)).isNotZero();
        assertThat(atc.drop(request(Pasid.NONE, false, 0x1000, 0))).isEqualTo(2);
    }

    @Test
    void an_entry_without_permission_is_not_kept() {
        assertThatIllegalArgumentException().isThrownBy(() -> atc.fill(Pasid.NONE, 0x1000, 0x1000));
    }

    @Test
    void it_rolls_back() {
        atc.fill(Pasid.NONE, 0x1000, page(1));
        undo.mark();
        atc.fill(Pasid.NONE, 0x2000, page(2));
        atc.drop(request(Pasid.NONE, false, 0x1000, 0));
        undo.rollback();

        assertThat(atc.find(Pasid.NONE, 0x1000)).isEqualTo(page(1));
        assertThat(atc.find(Pasid.NONE, 0x2000)).isZero();
    }

    private static long page(int n) {
        return AtsEntry.encode(0x1_0000 + ((long) n << 12), 0, RW);
    }

    private static InvalidateRequest request(int pasid, boolean global, long address, int size) {
        return new InvalidateRequest(0, pasid, global, AtsSpan.encode(address, size));
    }
}
