// SPDX-License-Identifier: Apache-2.0
package lazaret.inspect;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import lazaret.machine.Memory;

/** Some pages of a machine's memory, as they were. Nothing is behind any other address. */
final class Dump implements Memory {
    private final int log2page;
    private final TreeMap<Long, long[]> pages = new TreeMap<>();

    Dump(int log2page) {
        this.log2page = log2page;
    }

    void put(long page, long[] words) {
        pages.put(page >>> log2page, words);
    }

    /** The words of each page, by page number. */
    SortedMap<Long, long[]> pages() {
        return Collections.unmodifiableSortedMap(pages);
    }

    int log2page() {
        return log2page;
    }

    @Override
    public boolean backs(long pa) {
        return pages.containsKey(pa >>> log2page);
    }

    @Override
    public long load(long pa) {
        return pages.get(pa >>> log2page)[(int) (pa & (1L << log2page) - 1) >>> 3];
    }

    @Override
    public void store(long pa, long word) {
        throw new UnsupportedOperationException("a recording does not change");
    }
}
