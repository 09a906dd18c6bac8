// SPDX-License-Identifier: Apache-2.0
package lazaret.kernel;

import java.util.ArrayList;
import java.util.List;
import lazaret.machine.Condition;
import lazaret.machine.Ref;
import lazaret.machine.Strand;

/**
 * Stores of one CPU on their way to memory, and its writes on their way to registers. Each leaves by a step
 * of its own, in any order except that what goes to one word, or to one device, keeps its order. The CPU
 * itself sees its stores at once; what it does to words that CPUs share ({@link Shared}) is never in here, so
 * a store may be overtaken by those. docs/decisions/0014 says what that finds and what not.
 */
final class StoreBuffer implements Strand {
    /** On its way; {@code by} is the strand that stored. */
    sealed interface Pending {
        String by();

        boolean mustFollow(Pending earlier);
    }

    record ToMemory(long pa, long word, String by) implements Pending {
        @Override
        public boolean mustFollow(Pending earlier) {
            return earlier instanceof ToMemory m && m.pa == pa;
        }
    }

    record ToRegister(Registers target, int offset, int bits, long value, String by) implements Pending {
        @Override
        public boolean mustFollow(Pending earlier) {
            return earlier instanceof ToRegister r && r.target == target;
        }
    }

    private final Kernel kernel;
    private final String name;
    private final String lane;
    private final int size;
    /** Oldest first. */
    private final Ref<List<Pending>> pending;

    StoreBuffer(Kernel kernel, Cpu cpu, int size) {
        this.kernel = kernel;
        this.size = size;
        name = cpu.name() + " store buffer";
        lane = cpu.name();
        pending = new Ref<>(kernel.machine().undo(), List.of());
    }

    /** Waits for room, if there is none. */
    void add(Pending store) {
        await(() -> pending.get().size() < size);
        var more = new ArrayList<>(pending.get());
        more.add(store);
        pending.set(List.copyOf(more));
    }

    /** Waits until nothing is on its way. */
    void drain() {
        await(() -> pending.get().isEmpty());
    }

    /** Waits until nothing is on its way to this device. */
    void drain(Registers target) {
        await(() -> pending.get().stream().noneMatch(p -> p instanceof ToRegister r && r.target() == target));
    }

    /** What the CPU sees at {@code pa}, where memory holds {@code word}. */
    long forward(long pa, long word) {
        long seen = word;
        for (Pending store : pending.get()) {
            seen = store instanceof ToMemory m && m.pa() == pa ? m.word() : seen;
        }
        return seen;
    }

    private void await(Condition condition) {
        if (!condition.holds()) {
            kernel.spin(condition);
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String lane() {
        return lane;
    }

    @Override
    public boolean enabled() {
        return !pending.get().isEmpty();
    }

    @Override
    public void step() {
        List<Integer> first = new ArrayList<>();
        List<Pending> all = pending.get();
        for (int i = 0; i < all.size(); i++) {
            if (mayLeave(all, i)) {
                first.add(i);
            }
        }
        int leaves = first.get(kernel.machine().pick(first.size(), "which store leaves the store buffer"));
        var rest = new ArrayList<>(all);
        Pending store = rest.remove(leaves);
        pending.set(List.copyOf(rest));
        switch (store) {
            case ToMemory m -> kernel.memory().leave(m.pa(), m.word(), m.by());
            case ToRegister r -> r.target().arrive(r.offset(), r.bits(), r.value());
        }
    }

    private static boolean mayLeave(List<Pending> all, int at) {
        for (int i = 0; i < at; i++) {
            if (all.get(at).mustFollow(all.get(i))) {
                return false;
            }
        }
        return true;
    }
}
