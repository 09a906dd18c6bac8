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
    private final Undo undo;
    private final long id;
    private final Word size;
    private Object[] elements = new Object[8];

    Growing(Undo undo) {
        this.undo = undo;
        id = undo.ids(1);
        size = new Word(undo);
    }

    void append(T element) {
        int at = size.asInt();
        if (at == elements.length) {
            elements = Arrays.copyOf(elements, at * 2);
        }
        elements[at] = element;
        size.add(1);
        if (undo.tracing) {
            undo.trace().changed(Mix.of(id, at), 0, Digest.of(element, id));
        }
    }

    long id() {
        return id;
    }

    @Override
    @SuppressWarnings("unchecked")      // only append writes the array
    public T get(int index) {
        T element = (T) elements[Objects.checkIndex(index, size.asInt())];
        if (undo.tracing && undo.trace().observing()) {
            undo.trace().observe(Digest.of(element, id));
        }
        return element;
    }

    /** As {@link #get}, for who asks whether somebody may step: that is nobody's observation. */
    @SuppressWarnings("unchecked")      // only append writes the array
    T at(int index) {
        return (T) elements[index];
    }

    @Override
    public int size() {
        return size.asInt();
    }
}
