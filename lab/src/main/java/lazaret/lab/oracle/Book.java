// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.oracle;

import java.util.ArrayList;
import java.util.List;
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
    /** One line of the book. */
    record Line<K, V>(K key, V value) { }

    private final List<Ref<List<Line<K, V>>>> pages;

    /** @param pages a power of two */
    Book(Machine machine, int pages) {
        List<Line<K, V>> empty = List.of();
        this.pages = IntStream.range(0, pages).mapToObj(_ -> new Ref<>(machine.undo(), empty)).toList();
    }

    /** What stands under {@code key}, or {@code none}. */
    V get(K key, V none) {
        List<Line<K, V>> lines = page(key).get();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).key().equals(key)) {
                return lines.get(i).value();
            }
        }
        return none;
    }

    boolean has(K key) {
        return get(key, null) != null;
    }

    void put(K key, V value) {
        if (value.equals(get(key, null))) {
            return;
        }
        List<Line<K, V>> next = without(key);
        int at = 0;
        while (at < next.size() && next.get(at).key().compareTo(key) < 0) {
            at++;
        }
        next.add(at, new Line<>(key, value));
        page(key).set(List.copyOf(next));
    }

    void remove(K key) {
        if (has(key)) {
            page(key).set(List.copyOf(without(key)));
        }
    }

    /** Everything, in an order that is always the same. Reads every cell of the book. */
    List<Line<K, V>> lines() {
        var all = new ArrayList<Line<K, V>>();
        for (int i = 0; i < pages.size(); i++) {
            all.addAll(pages.get(i).get());
        }
        return all;
    }

    private List<Line<K, V>> without(K key) {
        List<Line<K, V>> lines = page(key).get();
        var rest = new ArrayList<Line<K, V>>(lines.size() + 1);
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).key().equals(key)) {
                rest.add(lines.get(i));
            }
        }
        return rest;
    }

    private Ref<List<Line<K, V>>> page(K key) {
        int hash = key.hashCode() * 0x9E3779B9;
        return pages.get((hash ^ hash >>> 16) & pages.size() - 1);
    }
}
