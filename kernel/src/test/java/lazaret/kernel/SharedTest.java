// SPDX-License-Identifier: Apache-2.0
package lazaret.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.TreeSet;
import lazaret.kernel.KernelEntry.BrokenContext;
import org.junit.jupiter.api.Test;

class SharedTest {
    private final Stage stage = new Stage();
    private final Shared word = new Shared(stage.kernel, "word", 0b1100);

    @Test
    void read_modify_write_answers_what_was_there_before() {
        assertThat(word.fetchOr(0b0110)).isEqualTo(0b1100);
        assertThat(word.fetchAndNot(0b0100)).isEqualTo(0b1110);
        assertThat(word.xchg(7)).isEqualTo(0b1010);
        assertThat(word.fetchAdd(-3)).isEqualTo(7);
        assertThat(word.addReturn(6)).isEqualTo(10);
        assertThat(word.cmpxchg(9, 1)).isEqualTo(10);
        assertThat(word.readOnce()).isEqualTo(10);
        assertThat(word.cmpxchg(10, 1)).isEqualTo(10);
        assertThat(word.loadAcquire()).isEqualTo(1);
        word.storeRelease(2);
        assertThat(word.peek()).isEqualTo(2);
        assertThat(word).hasToString("word=2");
    }

    @Test
    void a_shared_reference_compares_identity() {
        Object a = new Object();
        Object b = new Object();
        SharedRef<Object> ref = new SharedRef<>(stage.kernel, "ref", a);

        assertThat(ref.cmpxchg(b, null)).isSameAs(a);
        assertThat(ref.readOnce()).isSameAs(a);
        assertThat(ref.cmpxchg(a, b)).isSameAs(a);
        assertThat(ref.loadAcquire()).isSameAs(b);
        assertThat(ref.xchg(a)).isSameAs(b);
        ref.storeRelease(b);
        assertThat(ref.peek()).isSameAs(b);
    }

    @Test
    void the_update_side_follows_a_pointer_under_its_lock() {
        Mutex mutex = new Mutex(stage.kernel, "mutex");
        SharedRef<String> ref = new SharedRef<>(stage.kernel, "ref", "x");
        try (var _ = mutex.lock()) {
            assertThat(ref.rcuDereferenceProtected(mutex)).isEqualTo("x");
        }
        assertThat(stage.log).isEmpty();
        ref.rcuDereferenceProtected(mutex);
        assertThat(stage.rules()).containsExactly(BrokenContext.NOT_HELD);
    }

    @Test
    void two_cpus_see_every_order_of_stores_and_loads_that_a_sequence_allows() {
        TreeSet<String> seen = new TreeSet<>();
        Stage.all(s -> {
            Shared x = new Shared(s.kernel, "x");
            Shared y = new Shared(s.kernel, "y");
            return () -> {
                s.cpu0.start("a", () -> {
                    x.writeOnce(1);
                    s.note("a" + y.readOnce());
                });
                s.cpu1.start("b", () -> {
                    y.writeOnce(1);
                    s.note("b" + x.readOnce());
                });
            };
        }, s -> seen.add(s.notes.stream().sorted().toList().toString()));

        assertThat(seen).containsExactly("[a0, b1]", "[a1, b0]", "[a1, b1]");
    }

    @Test
    void one_of_two_compare_and_exchanges_wins() {
        Stage.all(s -> {
            Shared x = new Shared(s.kernel, "x");
            return () -> {
                s.cpu0.start("a", () -> s.note("" + x.cmpxchg(0, 1)));
                s.cpu1.start("b", () -> s.note("" + x.cmpxchg(0, 1)));
            };
        }, s -> assertThat(s.notes).containsExactly("0", "1"));
    }
}
