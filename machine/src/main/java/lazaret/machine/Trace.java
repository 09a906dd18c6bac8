// SPDX-License-Identifier: Apache-2.0
package lazaret.machine;

/**
 * What a search wants to know of a run, told by the cells themselves: a hash of everything that changed since
 * the mark, what each strand has observed, and what one step touched. Nothing is declared by models, so
 * nothing can be declared wrongly. Costs nothing while it is off.
 *
 * <p>Whoever schedules says who is running ({@link #enter}); it turns the trace {@link #aside} while it asks
 * strands whether they may step, because that is nobody's observation.
 */
public final class Trace {
    private static final int HISTORY = 1;
    private static final int FOOTPRINT = 2;
    private static final long MADE = Mix.of("made");
    /** A step touches fewer, nearly always. */
    private static final int CELLS = 64;

    private final Undo undo;
    private final Touched touched = new Touched(CELLS);
    private int mode;
    private long hash;
    private long history;
    private Witness current;

    Trace(Undo undo) {
        this.undo = undo;
    }

    // ---- for whoever runs strands

    /** A run begins; the journal stands at its mark. Cells report; {@code boot} wires what comes first. */
    public void begin(Witness boot) {
        if (undo.size() != 0) {
            throw new IllegalStateException("a trace begins at the mark");
        }
        current = boot;
        undo.naming = true;
        wake(0);
    }

    /**
     * Cells report nothing, because whoever runs this knows it all: it will say so, see {@link #wake}. Who
     * makes cells and who runs is followed all the time.
     */
    public void sleep() {
        undo.tracing = false;
        mode(0);
    }

    /** Cells report again, from where the hash was {@code known}; the witnesses have been told. */
    public void wake(long known) {
        hash = known;
        history = current.history();
        touched.clear();
        undo.tracing = true;
        mode(HISTORY);
    }

    /** The run is over. */
    public void end() {
        undo.naming = false;
        sleep();
    }

    public boolean on() {
        return undo.tracing;
    }

    /** Somebody who starts now, of all that the running strand knows. */
    public Witness witness(String name) {
        return new Witness(Mix.of(name), history);
    }

    /** The same, for somebody who was there before the run: its code has caught nothing. */
    public static Witness fresh(String name) {
        return new Witness(Mix.of(name), 0);
    }

    /** From now on {@code who} runs, and goes on from what it has observed. */
    public void enter(Witness who) {
        current.history(history);
        current = who;
        history = who.history();
    }

    /** As {@link #enter}, for a strand whose state is in cells alone: it begins each step afresh. */
    public void enterAfresh(Witness who) {
        enter(who);
        history = who.name();
    }

    /** Nobody observes and nothing is recorded until {@link #back}. */
    public int aside() {
        int before = mode;
        mode(0);
        return before;
    }

    /** The running strand does not observe what follows until {@link #back}; its footprint grows. */
    public int unseen() {
        int before = mode;
        mode(before & FOOTPRINT);
        return before;
    }

    public void back(int before) {
        mode(before);
    }

    /** From now on footprints are recorded. */
    public void record() {
        touched.clear();
        mode(mode | FOOTPRINT);
    }

    /** What was touched since {@link #record} or the last call. */
    public Footprint footprint() {
        Footprint print = touched.footprint();
        touched.clear();
        return print;
    }

    /** Footprints are recorded no more. */
    public void recordNothing() {
        mode(mode & HISTORY);
    }

    /** The running strand learns {@code value}: a choice, a place it passes. */
    public void observe(long value) {
        if ((mode & HISTORY) != 0) {
            history = Mix.of(history, value);
        }
    }

    /** All that has changed since the mark; 0 when nothing has. */
    public long hash() {
        return hash;
    }

    /** What the running strand has observed. */
    public long history() {
        return history;
    }

    /** The running strand's history reads up to now, so that {@link Witness#history} is true. */
    public void settle() {
        current.history(history);
    }

    /**
     * Of all that the running strand will observe until {@link #close} only a result shall remain. May be
     * nested.
     */
    public void open() {
        if (undo.naming) {
            current.open(history);
        }
    }

    /** Of all that it observed since {@link #open} the running strand knows {@code result} alone. */
    public void close(long result) {
        if (undo.naming) {
            history = Mix.of(current.close(), result);
        }
    }

    /** It is where it was at {@link #open}, and knows no more than then. */
    public void again() {
        if (undo.naming) {
            history = current.opened();
        }
    }

    /** It knows all that it observed since {@link #open}. */
    public void keep() {
        if (undo.naming) {
            current.keep();
        }
    }

    // ---- for cells

    long ids() {
        return current.ids();
    }

    /** A cell came into being during the run; {@code initial} is a hash of what it holds, 0 for nothing. */
    void made(long id, long initial) {
        hash ^= Mix.of(MADE, id);
        if (initial != 0) {
            hash ^= Mix.of(id, initial);
        }
    }

    void read(long id, long value) {
        touch(id, value);
        observe(value);
    }

    /** A cell was read, or written with what it held. */
    void touch(long id, long value) {
        if ((mode & FOOTPRINT) != 0) {
            touched.read(id, value);
        }
    }

    void changed(long id, long before, long after) {
        hash ^= Mix.of(id, before) ^ Mix.of(id, after);
        current.changed();
        if ((mode & FOOTPRINT) != 0) {
            touched.write(id, before);
        }
    }

    /**
     * Stands for a value that cannot be hashed and is stored now: it is the n-th of this strand, whose
     * history tells the rest. So it must be gone from its cell when the strand forgets that.
     */
    long origin() {
        return current.origin();
    }

    boolean observing() {
        return (mode & HISTORY) != 0;
    }

    boolean listening() {
        return mode != 0;
    }

    private void mode(int next) {
        if (mode != next) {
            mode = next;
            undo.attend();
        }
    }
}
