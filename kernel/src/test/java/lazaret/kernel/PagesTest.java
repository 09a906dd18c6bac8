// SPDX-License-Identifier: Apache-2.0
package lazaret.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import lazaret.kernel.KernelEntry.PageAllocated;
import lazaret.kernel.KernelEntry.PageFreed;
import lazaret.kernel.KernelEntry.Stored;
import lazaret.kernel.KernelEntry.UseAfterFree;
import lazaret.machine.Frame;
import lazaret.machine.Ram;
import org.junit.jupiter.api.Test;

class PagesTest {
    private final Stage stage = new Stage();
    private final Pages pages = stage.kernel.pages();
    private final CpuMemory memory = stage.kernel.memory();
    private final Ram ram = stage.machine.ram();

    @Test
    void a_page_that_is_held_goes_to_nobody_else_though_it_is_freed() {
        long held = stage.kernel.pages().alloc("buffer");
        stage.kernel.pages().hold(held);
        stage.kernel.pages().free(held);

        assertThat(stage.kernel.pages().alloc("page cache")).isNotEqualTo(held);
        assertThat(stage.machine.ram().frame(held).owner()).isEqualTo("buffer");
    }

    @Test
    void the_page_freed_last_is_handed_out_first_with_a_new_epoch() {
        long a = pages.alloc("a");
        long b = pages.alloc("b");
        assertThat(b).isNotEqualTo(a);
        assertThat(ram.frame(a).epoch()).isEqualTo(1);
        pages.free(b);
        pages.free(a);

        assertThat(pages.alloc("c")).isEqualTo(a);
        assertThat(pages.alloc("d")).isEqualTo(b);
        assertThat(pages.alloc("e")).isNotIn(a, b);
        assertThat(ram.frame(a).owner()).isEqualTo("c");
        assertThat(ram.frame(a).epoch()).isEqualTo(2);
        assertThat(stage.log).startsWith(
                new PageAllocated(a, "a", 1), new PageAllocated(b, "b", 1), new PageFreed(b, "b"),
                new PageFreed(a, "a"), new PageAllocated(a, "c", 2));
    }

    @Test
    void a_cpu_that_touches_a_freed_page_is_reported_each_time() {
        long pa = pages.alloc("table");
        memory.store(pa + 8, 5);
        pages.free(pa);
        stage.log.clear();

        assertThat(memory.load(pa + 8)).isEqualTo(5);
        memory.store(pa + 8, 6);
        memory.store32(pa + 12, 7);

        assertThat(stage.entries(UseAfterFree.class)).hasSize(3)
                .containsOnly(new UseAfterFree("page 0x80000000", false));
        pages.alloc("again");
        stage.log.clear();
        memory.load(pa);
        assertThat(stage.log).isEmpty();
    }

    @Test
    void freeing_a_page_twice_is_reported_and_does_not_hand_it_out_twice() {
        long pa = pages.alloc("a");
        pages.free(pa);
        pages.free(pa);

        assertThat(stage.entries(UseAfterFree.class))
                .containsExactly(new UseAfterFree("page 0x80000000", true));
        assertThat(pages.alloc("b")).isEqualTo(pa);
        assertThat(pages.alloc("c")).isNotEqualTo(pa);
    }

    @Test
    void contents_stay_unless_cleared() {
        long pa = pages.alloc("a");
        memory.store(pa, 42);
        pages.free(pa);
        assertThat(pages.alloc("b")).isEqualTo(pa);
        assertThat(memory.load(pa)).isEqualTo(42);
        pages.free(pa);

        assertThat(pages.allocZeroed(Gfp.KERNEL, "c")).isEqualTo(pa);
        assertThat(memory.load(pa)).isZero();
    }

    @Test
    void pages_in_a_row_are_cleared_and_aligned_to_their_size() {
        pages.alloc("a");
        pages.alloc("b");
        ram.store(Pages.BASE + 5 * Frame.SIZE, 1);
        long queue = pages.allocContiguous(Gfp.KERNEL, 3, "queue");

        assertThat(queue % (4 * Frame.SIZE)).isZero();
        for (int i = 0; i < 4; i++) {
            assertThat(ram.frame(queue + i * Frame.SIZE).owner()).isEqualTo("queue");
            assertThat(ram.load(queue + i * Frame.SIZE)).isZero();
        }
        assertThat(pages.allocContiguous(Gfp.KERNEL, 1, "one")).isEqualTo(queue + 4 * Frame.SIZE);
        assertThat(pages.allocContiguous(Gfp.KERNEL, 2, "two") % (2 * Frame.SIZE)).isZero();
    }

    @Test
    void a_failed_allocation_takes_nothing() {
        stage.kernel.faults().failNth(1);
        assertThat(pages.alloc(Gfp.ATOMIC, "a")).isEqualTo(Pages.NONE);
        stage.kernel.faults().failNth(1);
        assertThat(pages.allocZeroed(Gfp.ATOMIC, "a")).isEqualTo(Pages.NONE);
        stage.kernel.faults().failNth(1);
        assertThat(pages.allocContiguous(Gfp.ATOMIC, 2, "a")).isEqualTo(Pages.NONE);

        assertThat(stage.entries(PageAllocated.class)).isEmpty();
        assertThat(pages.alloc(Gfp.ATOMIC, "b")).isEqualTo(Pages.BASE);
    }

    @Test
    void what_is_not_a_page_cannot_be_freed() {
        assertThatThrownBy(() -> pages.free(0)).isInstanceOf(IllegalArgumentException.class);
        long pa = pages.alloc("a");
        assertThatThrownBy(() -> pages.free(pa + 8)).hasMessageContaining("0x80000008");
    }

    @Test
    void an_exhausted_allocator_says_so() {
        assertThatThrownBy(() -> {
            while (true) {
                pages.alloc("hog");
            }
        }).isInstanceOf(IllegalStateException.class).hasMessageContaining("out of pages");
    }

    @Test
    void no_page_has_two_owners_whatever_is_allocated_and_freed() {
        SplittableRandom random = new SplittableRandom(7);
        TreeSet<Long> mine = new TreeSet<>();
        stage.machine.undo().mark();
        for (int i = 0; i < 5_000; i++) {
            if (mine.isEmpty() || random.nextInt(5) < 3 && mine.size() < 300) {
                assertThat(mine.add(pages.alloc("x"))).isTrue();
            } else {
                long pa = mine.stream().skip(random.nextInt(mine.size())).findFirst().orElseThrow();
                pages.free(pa);
                mine.remove(pa);
            }
            if (random.nextInt(500) == 0) {
                stage.machine.undo().rollback();
                mine.clear();
            }
        }
        assertThat(stage.entries(UseAfterFree.class)).isEmpty();
    }

    @Test
    void stores_are_facts_with_the_word_before_and_after() {
        memory.store(0x1000, 0x1111_2222_3333_4444L);
        memory.store32(0x1004, 0x5555_6666);
        assertThat(memory.load32(0x1004)).isEqualTo(0x5555_6666);
        assertThat(memory.peek(0x1000)).isEqualTo(0x5555_6666_3333_4444L);

        assertThat(stage.log).isEqualTo(List.of(new Stored("boot", 0x1000, 0, 0x1111_2222_3333_4444L),
                new Stored("boot", 0x1000, 0x1111_2222_3333_4444L, 0x5555_6666_3333_4444L)));
        assertThat(stage.log.getFirst().text()).isEqualTo("[0x1000] 0x0→0x1111222233334444");
        assertThat(memory.backs(0x1000)).isTrue();
        assertThat(memory.backs(-8)).isFalse();
    }

    @Test
    void a_store_can_be_polled_for() {
        KTimer device = new KTimer(stage.kernel, "device", stage.cpu1, () -> memory.store(0x2000, 3));
        device.arm(10);

        assertThat(memory.poll(0x2000, w -> w == 3, 5)).isFalse();
        assertThat(memory.poll(0x2000, w -> w == 3, 50)).isTrue();
        assertThat(stage.machine.clock().now()).isEqualTo(10);
    }
}
