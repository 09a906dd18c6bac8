// SPDX-License-Identifier: Apache-2.0
package lazaret.machine;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.Objects;
import java.util.RandomAccess;

/**
 * A list that only grows, and shrinks again on roll-back: its length is a cell. Read-only for everybody else.
 */
final class Growing<T> extends AbstractList<T> implements RandomAccess {
    private final Word size;
    private Object[] elements = new Object[8];

    Growing(Undo undo) {
        size = new Word(undo);
    }

    void append(T element) {
        int at = size.asInt();
        if (at == elements.length) {
            elements = Arrays.copyOf(elements, at * 2);
        }
        elements[at] = element;
        size.add(1);
    }

    @Override
    @SuppressWarnings("unchecked")      // only append writes the array
    public T get(int index) {
        return (T) elements[Objects.checkIndex(index, size.asInt())];
    }

    @Override
    public int size() {
        return size.asInt();
    }
}
