// SPDX-License-Identifier: Apache-2.0
package lazaret.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RatelimitTest {
    private final Stage stage = new Stage();
    private final Ratelimit limit = new Ratelimit(stage.kernel, "teller", 1000, 2);

    private int asks(int times) {
        int yes = 0;
        for (int i = 0; i < times; i++) {
            yes += limit.allows() ? 1 : 0;
        }
        return yes;
    }

    private void passes(long us) {
        stage.kernel.udelay(us);
    }

    private List<String> told() {
        return stage.entries(KernelEntry.Printk.class).stream().map(KernelEntry.Printk::line).toList();
    }

    @Test
    void so_many_are_allowed_and_the_rest_is_told_when_the_next_time_begins() {
        assertThat(asks(5)).isEqualTo(2);
        assertThat(told()).isEmpty();
        passes(1001);
        assertThat(asks(1)).isEqualTo(1);
        assertThat(told()).containsExactly("teller: 3 callbacks suppressed");
        assertThat(asks(5)).isEqualTo(1);
    }

    @Test
    void who_asks_seldom_is_never_held_back() {
        for (int i = 0; i < 5; i++) {
            assertThat(asks(2)).isEqualTo(2);
            passes(1001);
        }
        assertThat(told()).isEmpty();
    }

    @Test
    void the_time_begins_with_the_first_question() {
        passes(900);
        assertThat(asks(2)).isEqualTo(2);
        passes(900);
        assertThat(asks(1)).isZero();
    }
}
