// SPDX-License-Identifier: Apache-2.0
package lazaret.machine;

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
    private int made;
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

    /** Ids for cells that this strand makes: by its name and how many it made, the same in every order. */
    long ids() {
        return Mix.of(name, ++made) & -STRIDE;
    }
}
