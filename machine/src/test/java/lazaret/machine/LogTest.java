// SPDX-License-Identifier: Apache-2.0
package lazaret.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogTest {
    private record Said(String text) implements Entry { }

    private final Log log = new Machine().log();
    private final List<String> heard = new ArrayList<>();

    @Test
    void nobody_hears_a_log_without_listeners() {
        assertThat(log.hears()).isFalse();
        assertThat(log.narrates()).isFalse();
        log.add(new Said("into the void"));
    }

    @Test
    void listeners_hear_each_entry_at_once_in_the_order_they_came() {
        log.listen(e -> heard.add("a " + e.text()), false);
        log.listen(e -> heard.add("b " + e.text()), false);
        log.add(new Said("1"));
        assertThat(heard).containsExactly("a 1", "b 1");
        log.add(new Said("2"));
        assertThat(heard).containsExactly("a 1", "b 1", "a 2", "b 2");
    }

    @Test
    void detail_is_wanted_as_soon_as_one_listener_wants_it() {
        log.listen(e -> heard.add(e.text()), false);
        assertThat(log.hears()).isTrue();
        assertThat(log.narrates()).isFalse();
        log.listen(e -> heard.add(e.text()), true);
        assertThat(log.narrates()).isTrue();
        log.listen(e -> heard.add(e.text()), false);
        assertThat(log.narrates()).isTrue();
    }

    @Test
    void silence_sends_everybody_away() {
        log.listen(e -> heard.add(e.text()), true);
        log.silence();
        log.add(new Said("x"));

        assertThat(heard).isEmpty();
        assertThat(log.hears()).isFalse();
        assertThat(log.narrates()).isFalse();
    }

    @Test
    void a_listener_that_fails_is_reported_to_whoever_runs_the_machine() {
        log.listen(e -> {
            throw new IllegalStateException("listener");
        }, false);

        assertThatThrownBy(() -> log.add(new Said("x"))).hasMessage("listener");
    }
}
