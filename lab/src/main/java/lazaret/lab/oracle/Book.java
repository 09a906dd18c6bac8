// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.oracle;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import lazaret.machine.Machine;
import lazaret.machine.Ref;

/**
 * A map kept in cells: what is written under one key is, but for a chance collision, another cell than what
 * is written under another, so that steps which concern different streams, pages or flushes do not conflict.
 * Equal contents are equal cells, in whatever order they came about.
 *
 * @param <K> strings, numbers or records of them
 * @param <V> immutable values
 */
final class Book<K extends Comparable<K>, V> {
    /**
     * One line of the book.
     *
     * @param next the line of the next greater key on its page, or null
     */
    record Line<K, V>(K key, V value, Line<K, V> next) { }

    private final List<Ref<Line<K, V>>> pages;

    /** @param pages a power of two */
    Book(Machine machine, int pages) {
        this.pages = IntStream.range(0, pages).mapToObj(_ -> new Ref<Line<K, V>>(machine.undo(), null))
                .toList();
    }

    /** What stands under {@code key}, or {@code none}. */
    V get(K key, V none) {
        Line<K, V> line = find(page(key).get(), key);
        return line == null ? none : line.value();
    }

    boolean has(K key) {
        return find(page(key).get(), key) != null;
    }

    void put(K key, V value) {
        Ref<Line<K, V>> page = page(key);
        Line<K, V> now = find(page.get(), key);
        if (now == null || !now.value().equals(value)) {
            page.set(with(page.get(), key, value));
        }
    }

    void remove(K key) {
        Ref<Line<K, V>> page = page(key);
        if (find(page.get(), key) != null) {
            page.set(without(page.get(), key));
        }
    }

    /** Everything, in an order that is always the same. Reads every cell of the book. */
    List<Line<K, V>> lines() {
        var all = new ArrayList<Line<K, V>>();
        for (int i = 0; i < pages.size(); i++) {
            for (Line<K, V> line = pages.get(i).get(); line != null; line = line.next()) {
                all.add(line);
            }
        }
        return all;
    }

    /**
     * What becomes of every element of the list under {@code key}: another one, itself, or null when it is
     * dropped. A list of nothing is no line.
     */
    static <K extends Comparable<K>, E> void each(Book<K, List<E>> book, K key, UnaryOperator<E> change) {
        List<E> now = book.get(key, List.of());
        var next = new ArrayList<E>(now.size());
        boolean same = true;
        for (int i = 0; i < now.size(); i++) {
            E changed = change.apply(now.get(i));
            same &= changed == now.get(i);
            if (changed != null) {
                next.add(changed);
            }
        }
        if (next.isEmpty()) {
            book.remove(key);
        } else if (!same) {
            book.put(key, List.copyOf(next));
        }
    }

    /** Appends to the list under {@code key}. */
    static <K extends Comparable<K>, E> void append(Book<K, List<E>> book, K key, E more) {
        List<E> now = book.get(key, List.of());
        if (now.isEmpty()) {
            book.put(key, List.of(more));
        } else {
            var next = new ArrayList<>(now);
            next.add(more);
            book.put(key, List.copyOf(next));
        }
    }

    private static <K, V> Line<K, V> find(Line<K, V> from, K key) {
        Line<K, V> line = from;
        while (line != null && !line.key().equals(key)) {
            line = line.next();
        }
        return line;
    }

    private static <K extends Comparable<K>, V> Line<K, V> with(Line<K, V> from, K key, V value) {
        int order = from == null ? 1 : from.key().compareTo(key);
        if (order < 0) {
            return new Line<>(from.key(), from.value(), with(from.next(), key, value));
        }
        return new Line<>(key, value, order == 0 ? from.next() : from);
    }

    private static <K extends Comparable<K>, V> Line<K, V> without(Line<K, V> from, K key) {
        return from.key().equals(key) ? from.next()
                : new Line<>(from.key(), from.value(), without(from.next(), key));
    }

    private Ref<Line<K, V>> page(K key) {
        int hash = key.hashCode() * 0x9E3779B9;
        return pages.get((hash ^ hash >>> 16) & pages.size() - 1);
    }
}
