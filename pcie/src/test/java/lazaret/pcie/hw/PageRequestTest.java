// SPDX-License-Identifier: Apache-2.0
package lazaret.pcie.hw;

import static org.assertj.core.api.Assertions.assertThat;

import lazaret.pcie.Config.PriCap;
import lazaret.pcie.DownTlp;
import lazaret.pcie.Pasid;
import lazaret.pcie.Tlp;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A device whose page is missing asks for it, once for each operation. */
class PageRequestTest {
    private static final int PRI = 0x120;
    private static final long PA = 0x8000_0000L;

    private final Rig rig = new Rig();
    private final Program program = rig.nic.program().write(0x1008, 7);

    @BeforeEach
    void page_requests_are_allowed() {
        rig.nic.config().write32(PRI + PriCap.ALLOC_REQ, 4);
        enable();
    }

    private void enable() {
        rig.nic.config().write16(PRI + PriCap.CTRL, (int) PriCap.ENABLE.mask());
    }

    private int status() {
        return rig.nic.config().read16(PRI + PriCap.STATUS);
    }

    private void denied() {
        rig.translate(0, 0);
        rig.settle();
    }

    private void responds(int group, int code) {
        rig.nic.receive(new DownTlp.PrgResponse(group, code, Pasid.NONE));
        rig.settle();
    }

    private Tlp.PageRequest asksForPage() {
        program.ring();
        rig.settle();
        denied();
        return rig.root.take(Tlp.PageRequest.class);
    }

    @Test
    void a_denied_page_is_asked_for_and_used_when_it_is_there() {
        assertThat(asksForPage()).isEqualTo(
                new Tlp.PageRequest(rig.nic.rid(), Pasid.NONE, 0x1000, 0, true, true, false, false, false));
        assertThat(program.idle()).isFalse();

        responds(0, 0);
        rig.translate(PA, Rig.RW);
        rig.settle();
        assertThat(rig.root.take(Tlp.MemWrite.class).address()).isEqualTo(PA | 8);
        assertThat(program.done()).isEqualTo(1);
    }

    @Test
    void a_page_that_is_still_missing_is_not_asked_for_again() {
        asksForPage();
        responds(0, 0);
        denied();
        assertThat(program.failed()).isEqualTo(1);

        asksForPage();
    }

    @Test
    void a_page_that_does_not_exist_ends_the_operation_and_nothing_else() {
        asksForPage();
        responds(0, 1);
        assertThat(program.failed()).isEqualTo(1);
        assertThat(status()).isZero();
        asksForPage();
    }

    @Test
    void after_a_failure_the_device_asks_no_more_until_it_is_told_to() {
        asksForPage();
        responds(0, DownTlp.PrgResponse.FAILURE);
        assertThat(program.failed()).isEqualTo(1);
        assertThat(status()).isEqualTo((int) (PriCap.RF.mask() | PriCap.STOPPED.mask()));

        program.ring();
        rig.settle();
        denied();
        assertThat(program.failed()).isEqualTo(2);
        enable();
        asksForPage();
    }

    @Test
    void a_response_to_nothing_is_noted() {
        asksForPage();
        responds(1, 0);
        assertThat(PriCap.UPRGI.test(status())).isTrue();
        responds(0, 1);
        responds(0, 0);
        assertThat(rig.logged("no such page request group")).isTrue();
    }

    @Test
    void a_reset_forgets_what_was_asked() {
        asksForPage();
        rig.flr();
        rig.settle();
        responds(0, 0);
        assertThat(rig.root.isEmpty()).isTrue();
        assertThat(program.idle()).isTrue();
    }

    @Test
    void no_more_pages_are_asked_for_than_software_allotted() {
        rig.nic.config().write32(PRI + PriCap.ALLOC_REQ, 0);
        program.ring();
        rig.settle();
        denied();
        assertThat(program.failed()).isEqualTo(1);
    }
}
