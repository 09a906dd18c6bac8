// SPDX-License-Identifier: Apache-2.0
package lazaret.kernel;

import java.util.ArrayList;
import java.util.List;
import lazaret.machine.Ref;
import lazaret.machine.Undo;

/** A cell that holds a short list in order. Changing it copies; going through it allocates nothing. */
final class Row<T> {
    private final Ref<List<T>> items;

    Row(Undo undo) {
        items = new Ref<>(undo, List.of());
    }

    int size() {
        return items.get().size();
    }

    boolean isEmpty() {
        return items.get().isEmpty();
    }

    T get(int index) {
        return items.get().get(index);
    }

    void add(T item) {
        List<T> next = new ArrayList<>(items.get());
        next.add(item);
        items.set(List.copyOf(next));
    }

    /** Takes the first item that is {@code item} itself away; false if there is none. */
    boolean remove(T item) {
        List<T> now = items.get();
        for (int i = 0; i < now.size(); i++) {
            if (now.get(i) == item) {
                removeAt(i);
                return true;
            }
        }
        return false;
    }

    T removeFirst() {
        T first = items.get().getFirst();
        removeAt(0);
        return first;
    }

    private void removeAt(int index) {
        List<T> next = new ArrayList<>(items.get());
        next.remove(index);
        items.set(List.copyOf(next));
    }
}
