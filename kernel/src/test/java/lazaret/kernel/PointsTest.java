// SPDX-License-Identifier: Apache-2.0
package lazaret.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import lazaret.kernel.KernelEntry.RegisterRead;
import lazaret.kernel.KernelEntry.RegisterWrite;
import lazaret.machine.Access;
import lazaret.machine.Alone;
import lazaret.machine.Condition;
import lazaret.machine.Machine;
import lazaret.machine.Mmio;
import lazaret.machine.Strand;
import lazaret.machine.Strands;
import lazaret.machine.Word;
import org.junit.jupiter.api.Test;

class PointsTest {
    /** Writes down every point. */
    private static final class Listening implements Strands {
        private final Alone alone;
        private final List<String> points = new ArrayList<>();

        Listening(Machine machine) {
            alone = (Alone) machine.strands();
        }

        @Override
        public Strand current() {
            return alone.current();
        }

        @Override
        public void point(Access access, long resource) {
            points.add(access + " " + Long.toHexString(resource));
        }

        @Override
        public void await(Condition condition) {
            points.add("await");
            alone.await(condition);
        }

        @Override
        public Strand start(String name, String lane, Condition mayRun, Runnable body) {
            return alone.start(name, lane, mayRun, body);
        }
    }

    private final Machine machine = new Machine();
    private final Kernel kernel = new Kernel(machine);
    private final Listening strands = new Listening(machine);

    private static final class Registered implements Mmio {
        private final Word value;

        Registered(Machine machine) {
            value = new Word(machine.undo());
        }

        @Override
        public int read32(int offset) {
            return value.asInt() + offset;
        }

        @Override
        public void write32(int offset, int next) {
            value.set(next);
        }

        @Override
        public long read64(int offset) {
            return value.get();
        }

        @Override
        public void write64(int offset, long next) {
            value.set(next);
        }
    }

    private List<String> points(Runnable body) {
        machine.enter(strands, (n, why) -> 0);
        body.run();
        machine.leave();
        List<String> seen = List.copyOf(strands.points);
        strands.points.clear();
        return seen;
    }

    @Test
    void an_uncontended_lock_has_one_point_at_each_end_on_one_resource() {
        List<Lock> locks = List.of(new Spinlock(kernel, "a"), new Mutex(kernel, "b"),
                new RwLock(kernel, "c"));
        List<Runnable> uses = List.of(() -> ((Spinlock) locks.get(0)).irqsave().close(),
                () -> ((Mutex) locks.get(1)).lock().close(), () -> ((RwLock) locks.get(2)).read().close());
        for (Runnable use : uses) {
            List<String> seen = points(use);
            assertThat(seen).hasSize(2);
            assertThat(seen.get(0)).startsWith("ACQUIRE ");
            assertThat(seen.get(1)).isEqualTo(seen.get(0).replace("ACQUIRE", "RELEASE"));
        }
    }

    @Test
    void resources_differ_and_are_the_same_after_a_rollback() {
        machine.undo().mark();
        List<String> first = points(() -> {
            new Shared(kernel, "x").readOnce();
            new Shared(kernel, "y").writeOnce(1);
            new SharedRef<>(kernel, "z", "").cmpxchg("", "!");
        });
        machine.undo().rollback();
        List<String> second = points(() -> {
            new Shared(kernel, "x").readOnce();
            new Shared(kernel, "y").writeOnce(1);
            new SharedRef<>(kernel, "z", "").cmpxchg("", "!");
        });

        assertThat(first).hasSize(3).doesNotHaveDuplicates().isEqualTo(second);
        assertThat(first.stream().map(p -> p.split(" ")[1]).toList()).doesNotHaveDuplicates();
        assertThat(first.get(0)).startsWith("READ");
        assertThat(first.get(1)).startsWith("WRITE");
        assertThat(first.get(2)).startsWith("UPDATE");
    }

    @Test
    void memory_is_its_own_resource_word_by_word() {
        assertThat(points(() -> {
            kernel.memory().load(0x1000);
            kernel.memory().store(0x1008, 1);
            kernel.memory().store32(0x100c, 1);
            kernel.memory().peek(0x1000);
        })).containsExactly("LOAD 1000", "STORE 1008", "STORE 1008");
    }

    @Test
    void registers_of_two_devices_are_different_resources_and_accesses_are_detail() {
        Registers one = kernel.mmio(new Registered(machine));
        Registers two = kernel.mmio(new Registered(machine));
        List<Object> log = new ArrayList<>();
        machine.log().listen(log::add, false);
        List<String> seen = points(() -> {
            one.write32(0x20, -1);
            two.write64(0x90, 5);
            assertThat(one.read32(0x0)).isEqualTo(-1);
            assertThat(two.read64(0x90)).isEqualTo(5);
            assertThat(one.read64(0x90)).isEqualTo(-1);
            one.read32(0x20);
            two.write32(0x90, 5);
        });
        assertThat(log).isEmpty();
        machine.log().listen(log::add, true);
        one.write32(0x20, -1);
        one.read32(0x24);
        machine.log().silence();

        assertThat(seen).hasSize(7);
        assertThat(seen.subList(0, 5)).doesNotHaveDuplicates();
        assertThat(seen.get(1).replace("WRITE", "READ")).isEqualTo(seen.get(3));
        assertThat(seen.get(0).replace("WRITE", "READ")).isEqualTo(seen.get(5));
        assertThat(seen.get(1)).isEqualTo(seen.get(6));
        assertThat(seen.get(0)).startsWith("MMIO_WRITE").endsWith("00000020");
        assertThat(log).containsOnly(new RegisterWrite(0x20, 0xffff_ffffL), new RegisterRead(0x24, 0x23));
        assertThat(new RegisterWrite(0x20, 1).text()).isEqualTo("write 0x20 ← 0x1");
        assertThat(new RegisterRead(0x24, 16).text()).isEqualTo("read 0x24 = 0x10");
    }

    @Test
    void a_register_can_be_polled_for() {
        Registers registers = kernel.mmio(new Registered(machine));
        Cpu cpu = kernel.cpu("cpu0");
        KTimer device = new KTimer(kernel, "device", cpu, () -> registers.write32(0, 9));
        device.arm(10);

        assertThat(registers.poll32(0, v -> v == 9, 5)).isFalse();
        assertThat(registers.poll32(0, v -> v == 9, 50)).isTrue();
    }

    @Test
    void barriers_and_pauses_are_points() {
        assertThat(points(() -> {
            kernel.smpMb();
            kernel.dmaWmb();
            kernel.cpuRelax();
        })).hasSize(3).last().asString().startsWith("YIELD");
    }

    @Test
    void what_others_must_not_miss_is_a_point() {
        Lifetime life = new Lifetime(kernel, "life");
        assertThat(points(life::free)).hasSize(1);
        assertThat(points(() -> kernel.pages().free(kernel.pages().alloc("x")))).hasSize(2);
        assertThat(points(() -> kernel.irqSave().close())).hasSize(2);
        assertThat(points(() -> kernel.rcu().readLock().close())).hasSize(2);
        assertThat(points(() -> new Completion(kernel, "done").complete())).hasSize(1);
    }

    @Test
    void guarded_fields_lifetimes_and_peeks_have_no_points() {
        Mutex mutex = new Mutex(kernel, "mutex");
        Lifetime life = new Lifetime(kernel, "life");
        GuardedWord word = new GuardedWord(kernel, "word", mutex, life, 0);
        try (var _ = mutex.lock()) {
            assertThat(points(() -> {
                word.set(word.get() + 1);
                life.touch();
                new Shared(kernel, "x").peek();
            })).isEmpty();
        }
    }
}
