// SPDX-License-Identifier: Apache-2.0
package lazaret.pcie;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BdfTest {
    @Test
    void bus_device_and_function_make_the_requester_id() {
        assertThat(Bdf.of(0x01, 0, 0).rid()).isEqualTo(0x100);
        assertThat(Bdf.of(0x81, 0x1f, 7).rid()).isEqualTo(0x81ff);
    }

    @Test
    void what_is_printed_can_be_parsed_for_every_function() {
        for (int rid = 0; rid < 0x10000; rid++) {
            assertThat(Bdf.parse(new Bdf(rid).toString()).rid()).isEqualTo(rid);
        }
    }

    @Test
    void it_prints_as_lspci_does() {
        assertThat(Bdf.parse("01:00.0")).hasToString("01:00.0");
        assertThat(new Bdf(0xf0ff)).hasToString("f0:1f.7");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "01", "01:00", "0100.0", "x1:00.0", "01:20.0", "01:00.8", "100:00.0", ":00.0",
            "01:00.", "-1:00.0", "1:0.0.0"})
    void what_is_no_function_is_refused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Bdf.parse(text));
    }

    @Test
    void a_requester_id_has_sixteen_bits() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Bdf(0x10000));
        assertThatIllegalArgumentException().isThrownBy(() -> new Bdf(-1));
    }
}
