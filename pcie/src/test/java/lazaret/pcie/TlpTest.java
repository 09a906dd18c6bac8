// SPDX-License-Identifier: Apache-2.0
package lazaret.pcie;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TlpTest {
    @Test
    void writes_and_messages_are_posted_and_requests_with_an_answer_are_not() {
        assertThat(new Tlp.MemWrite(1, At.UNTRANSLATED, Pasid.NONE, 0, 0, 0).posted()).isTrue();
        assertThat(new Tlp.InvalidateCompletion(1, 1, 1).posted()).isTrue();
        var page = new Tlp.PageRequest(1, Pasid.NONE, 0, 0, true, false, true, false, false);
        assertThat(page.posted()).isTrue();
        assertThat(new Tlp.MemRead(1, At.UNTRANSLATED, Pasid.NONE, 0, 0, 0).posted()).isFalse();
        assertThat(new Tlp.TranslationRequest(1, Pasid.NONE, false, false, false, 0, 0).posted()).isFalse();
    }

    @Test
    void codes_are_those_on_the_wire() {
        assertThat(At.TRANSLATION_REQUEST.code()).isEqualTo(1);
        assertThat(At.TRANSLATED.code()).isEqualTo(2);
        assertThat(CplStatus.SC.code()).isZero();
        assertThat(CplStatus.UR.code()).isEqualTo(1);
        assertThat(CplStatus.CA.code()).isEqualTo(4);
    }
}
