// SPDX-License-Identifier: Apache-2.0
package lazaret.machine;

import java.util.Arrays;

/**
 * What tracing knows of one strand: all it has observed, as one rolling hash, and how many cells it made. A
 * strand that runs the same code and has observed the same is in the same place with the same locals; that is
 * how the state of a continuation gets into a key without anybody looking into its stack.
 */
public final class Witness {
    /** Cells made by one strand lie so far apart that rows do not meet. */
    private static final long STRIDE = 1L << 20;

    private final long name;
    private long history;
    private long[] marks = new long[4];
    private int[] storedThen = new int[4];
    private int open;
    private int made;
    /** Values without a hash that it stored, not counting those in what it has forgotten. */
    private int stored;
    private long changes;

    /** @param history what its maker knew: the code it runs may have caught some of that */
    Witness(long name, long history) {
        this.name = name;
        this.history = history;
    }

    /** Hash of the strand's name. */
    public long name() {
        return name;
    }

    /** Hash of everything observed so far; for the running strand see {@link Trace#history}. */
    public long history() {
        return history;
    }

    void history(long seen) {
        history = seen;
    }

    /** How many changes of cells it made; whoever compares two of these learns whether it made any. */
    public long changes() {
        return changes;
    }

    void changed() {
        changes++;
    }

    void open(long seen) {
        if (open == marks.length) {
            marks = Arrays.copyOf(marks, open * 2);
            storedThen = Arrays.copyOf(storedThen, open * 2);
        }
        storedThen[open] = stored;
        marks[open++] = seen;
    }

    long close() {
        stored = storedThen[--open];
        return marks[open];
    }

    long opened() {
        stored = storedThen[open - 1];
        return marks[open - 1];
    }

    void keep() {
        open--;
    }

    /** How many words {@link #save} needs. */
    public int size() {
        return open + 1;
    }

    /** Writes what it has observed to {@code to}, so that {@link #load} finds it there. */
    public int save(long[] to, int at) {
        to[at] = history;
        System.arraycopy(marks, 0, to, at + 1, open);
        return at + open + 1;
    }

    /** It is where it was at {@link #save}, in another run. */
    public int load(long[] from, int at) {
        history = from[at];
        System.arraycopy(from, at + 1, marks, 0, open);
        return at + open + 1;
    }

    /** Stands for the next value it stores that has no hash of its own. */
    long origin() {
        return Mix.of(name, ++stored);
    }

    /** How many cells or rows of cells it made. */
    public int made() {
        return made;
    }

    /** Ids for cells that this strand makes: by its name and how many it made, the same in every order. */
    long ids() {
        return Mix.of(name, ++made) & -STRIDE;
    }
}
