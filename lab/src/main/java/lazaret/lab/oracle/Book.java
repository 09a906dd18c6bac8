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
        int at = find(lines, key);
        return at < 0 ? none : lines.get(at).value();
    }

    boolean has(K key) {
        return find(page(key).get(), key) >= 0;
    }

    void put(K key, V value) {
        Ref<List<Line<K, V>>> page = page(key);
        List<Line<K, V>> lines = page.get();
        int at = find(lines, key);
        if (at >= 0 && lines.get(at).value().equals(value)) {
            return;
        }
        var line = new Line<>(key, value);
        page.set(lines.size() == (at < 0 ? 0 : 1) ? List.of(line) : with(lines, line));
    }

    void remove(K key) {
        Ref<List<Line<K, V>>> page = page(key);
        List<Line<K, V>> lines = page.get();
        if (find(lines, key) >= 0) {
            page.set(lines.size() == 1 ? List.of() : List.copyOf(without(lines, key)));
        }
    }

    /** Everything, in an order that is always the same. Reads every cell of the book. */
    List<Line<K, V>> lines() {
        var all = new ArrayList<Line<K, V>>();
        for (int i = 0; i < pages.size(); i++) {
            List<Line<K, V>> lines = pages.get(i).get();
            for (int j = 0; j < lines.size(); j++) {
                all.add(lines.get(j));
            }
        }
        return all;
    }

    private static <K, V> int find(List<Line<K, V>> lines, K key) {
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).key().equals(key)) {
                return i;
            }
        }
        return -1;
    }

    private static <K extends Comparable<K>, V> List<Line<K, V>> with(List<Line<K, V>> lines,
            Line<K, V> line) {
        List<Line<K, V>> next = without(lines, line.key());
        int at = 0;
        while (at < next.size() && next.get(at).key().compareTo(line.key()) < 0) {
            at++;
        }
        next.add(at, line);
        return List.copyOf(next);
    }

    private static <K, V> List<Line<K, V>> without(List<Line<K, V>> lines, K key) {
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
