// SPDX-License-Identifier: Apache-2.0
package lazaret.pcie.hw;

import java.util.List;
import java.util.stream.Stream;
import lazaret.machine.Ref;
import lazaret.machine.Undo;
import lazaret.machine.Unmodelled;
import lazaret.machine.Word;
import lazaret.machine.Words;

/** A bounded first-in first-out queue in cells; each element has the time from which it may leave. */
final class Ring<T> {
    private final String name;
    private final List<Ref<T>> slots;
    private final Words times;
    private final Word head;
    private final Word count;

    Ring(Undo undo, String name, int length) {
        this.name = name;
        slots = Stream.generate(() -> new Ref<T>(undo, null)).limit(length).toList();
        times = new Words(undo, length);
        head = new Word(undo);
        count = new Word(undo);
    }

    boolean isEmpty() {
        return !count.test();
    }

    int size() {
        return count.asInt();
    }

    boolean isFull() {
        return count.asInt() == slots.size();
    }

    /** @param time when it may leave, in µs */
    void add(T element, long time) {
        if (isFull()) {
            throw new Unmodelled("more than " + slots.size() + " elements in " + name);
        }
        int tail = (head.asInt() + count.asInt()) % slots.size();
        slots.get(tail).set(element);
        times.set(tail, time);
        count.add(1);
    }

    /** When the oldest element may leave. */
    long time() {
        return times.get(head.asInt());
    }

    /** Everything in here may leave from {@code time} on. */
    void retime(long time) {
        for (int i = 0; i < count.asInt(); i++) {
            times.set((head.asInt() + i) % slots.size(), time);
        }
    }

    T peek() {
        return slots.get(head.asInt()).get();
    }

    T take() {
        Ref<T> slot = slots.get(head.asInt());
        T element = slot.get();
        slot.set(null);
        times.set(head.asInt(), 0);
        head.set((head.asInt() + 1) % slots.size());
        count.add(-1);
        return element;
    }

    void clear() {
        while (!isEmpty()) {
            take();
        }
    }
}
