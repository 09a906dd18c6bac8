// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import lazaret.machine.Machine;

/** The software of a run that has not ended, in order of its start. */
final class Live {
    private Task[] tasks = new Task[8];
    private int size;
    private long slots;     // those that are taken, as bits

    int size() {
        return size;
    }

    Task get(int index) {
        return tasks[index];
    }

    /** A slot of the machine's that none of these has, -1 when there is none left. */
    int freeSlot() {
        int slot = Long.numberOfTrailingZeros(~slots);
        return slot < Machine.slots() ? slot : -1;
    }

    /** The slots that are taken, as bits. */
    long slots() {
        return slots;
    }

    /** The slots of all but {@code task}, as bits. */
    long slotsBut(Task task) {
        return slots & ~bit(task);
    }

    /** Has each of these a slot? */
    boolean haveSlots() {
        return Long.bitCount(slots) == size;
    }

    boolean has(String name) {
        for (int i = 0; i < size; i++) {
            if (tasks[i].name().equals(name)) {
                return true;
            }
        }
        return false;
    }

    void add(Task task) {
        if (size == tasks.length) {
            tasks = Arrays.copyOf(tasks, size * 2);
        }
        tasks[size++] = task;
        slots |= bit(task);
    }

    void remove(Task task) {
        int at = 0;
        while (tasks[at] != task) {
            at++;
        }
        slots &= ~bit(task);
        size--;
        System.arraycopy(tasks, at + 1, tasks, at, size - at);
        tasks[size] = null;
    }

    List<String> names() {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            names.add(tasks[i].name());
        }
        return names;
    }

    private static long bit(Task task) {
        return task.slot() < 0 ? 0 : 1L << task.slot();
    }
}
