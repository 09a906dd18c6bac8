// SPDX-License-Identifier: Apache-2.0
package lazaret.kernel;

import static lazaret.kernel.KernelEntry.BrokenContext.NOT_HELD;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import lazaret.kernel.KernelEntry.UseAfterFree;
import org.junit.jupiter.api.Test;

class GuardedTest {
    private final Stage stage = new Stage();
    private final RwLock lock = new RwLock(stage.kernel, "group mutex");
    private final Lifetime group = new Lifetime(stage.kernel, "group 7");
    private final Guarded<String> domain =
            new Guarded<>(stage.kernel, "group.domain", lock, group, "identity");
    private final GuardedWord depth = new GuardedWord(stage.kernel, "group.resetDepth", lock, group, 0);

    @Test
    void under_its_lock_it_is_a_field() {
        try (var _ = lock.write()) {
            domain.set("paging");
            depth.set(3);
            assertThat(depth.add(2)).isEqualTo(5);
        }
        try (var _ = lock.read()) {
            assertThat(domain.get()).isEqualTo("paging");
            assertThat(depth.get()).isEqualTo(5);
            assertThat(depth.test()).isTrue();
        }
        assertThat(domain.peek()).isEqualTo("paging");
        assertThat(depth.peek()).isEqualTo(5);
        assertThat(stage.log).isEmpty();
    }

    @Test
    void without_its_lock_every_use_is_reported() {
        domain.get();
        domain.set("x");
        depth.get();
        depth.set(true);
        depth.add(1);

        assertThat(stage.broken()).hasSize(5).extracting(e -> e.rule()).containsOnly(NOT_HELD);
        assertThat(stage.broken().getFirst().what())
                .isEqualTo("group.domain used without group mutex by boot");
    }

    @Test
    void changing_it_under_the_readers_lock_is_reported() {
        try (var _ = lock.read()) {
            domain.set("x");
            depth.set(1);
        }
        assertThat(stage.broken()).hasSize(2);
    }

    @Test
    void another_ones_lock_does_not_count() {
        try (var _ = lock.write()) {
            stage.cpu0.start("other", depth::get);
        }
        assertThat(stage.broken()).hasSize(1);
        assertThat(stage.broken().getFirst().what()).endsWith("by other");
    }

    @Test
    void after_the_owner_is_freed_every_use_is_reported() {
        try (var _ = lock.write()) {
            group.free();
            domain.get();
            depth.set(1);
        }
        assertThat(stage.log).isEqualTo(List.of(
                new UseAfterFree("group 7", false), new UseAfterFree("group 7", false)));
        assertThat(stage.log.getFirst().text()).isEqualTo("use after free of group 7");
    }

    @Test
    void freeing_twice_is_reported() {
        group.touch();
        group.free();
        assertThat(stage.log).isEmpty();
        assertThat(group.alive()).isFalse();
        group.free();

        assertThat(stage.log).isEqualTo(List.of(new UseAfterFree("group 7", true)));
        assertThat(stage.log.getFirst().text()).isEqualTo("double free of group 7");
        assertThat(group).hasToString("group 7");
    }

    @Test
    void a_race_of_use_and_free_is_found_by_some_schedule_and_not_by_all() {
        int[] found = new int[2];
        Stage.all(s -> {
            Lifetime object = new Lifetime(s.kernel, "object");
            Shared alive = new Shared(s.kernel, "alive", 1);
            return () -> {
                s.cpu0.start("user", () -> {
                    if (alive.readOnce() == 1) {
                        s.kernel.cpuRelax();
                        object.touch();
                    }
                });
                s.cpu1.start("owner", () -> {
                    alive.writeOnce(0);
                    object.free();
                });
            };
        }, s -> found[s.log.isEmpty() ? 0 : 1]++);

        assertThat(found[0]).isPositive();
        assertThat(found[1]).isPositive();
    }
}
