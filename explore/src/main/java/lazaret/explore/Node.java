// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import java.io.IOException;
import java.util.Arrays;
import java.util.stream.IntStream;
import lazaret.machine.Footprint;
import lazaret.machine.Mix;
import lazaret.machine.Trace;
import lazaret.machine.Witness;

/**
 * One decision who steps, on the path being explored: who could, who sleeps, who is chosen, and the choices
 * made inside that step. Strands stand here by their codes, see {@link Names}. Reused at its depth.
 */
final class Node {
    int[] enabled = new int[8];
    int n;
    /** The code of whose step is taken, and its place in {@link #enabled}; −1 before the first. */
    int chosen;
    int place;
    /** What all alternatives of the chosen step touched that were executed so far. */
    Footprint print;
    /** What the last one of them touched, and before that whether it was enabled depended on. */
    Footprint latest;
    Footprint asked;
    final Sleepers sleep = new Sleepers();
    /** Who may not step, with what it depended on, see {@link Engine#blocked}. */
    final Sleepers blocked = new Sleepers();
    /** Alternatives by place in {@link #enabled}: still to be taken, and taken. */
    long todo;
    long done;
    /** Who of them need be taken here at all, see {@link Persistent}. */
    long need;
    /** For the engine: the state's key; steps that happened before this one, see {@link Dpor}. */
    long key;
    int[] clock = new int[8];
    /** The latest step of each strand before this one. */
    int[] latestOf = new int[8];
    /** For {@link Bounded}: the software that stepped last, −1 if none did, and what was spent up to here. */
    int software;
    int cost;

    /** The machine's hash, and what each live strand had observed, when this decision was made. */
    private long hash;
    private long[] histories = new long[16];

    private int[] arity = new int[4];
    private int[] picked = new int[4];
    private int picks;
    private int used;

    void begin(int count) {
        if (count > Long.SIZE) {
            throw new IllegalStateException(count + " strands are enabled at once");
        }
        if (count > enabled.length) {
            enabled = new int[count * 2];
        }
        n = count;
        chosen = -1;
        place = -1;
        print = null;
        todo = 0;
        done = 0;
        need = -1;
        software = -1;
        cost = 0;
        sleep.clear();
        blocked.clear();
        picks = 0;
    }

    /** Puts the enabled in the order of their ranks: one order for one state, in every JVM. */
    void sort(Names names) {
        for (int i = 1; i < n; i++) {
            int code = enabled[i];
            int at = i;
            while (at > 0 && names.rank(enabled[at - 1]) > names.rank(code)) {
                enabled[at] = enabled[at - 1];
                at--;
            }
            enabled[at] = code;
        }
    }

    /** Nobody but {@code code} is worth a step here. */
    void only(int code) {
        enabled[0] = code;
        n = 1;
    }

    /** From now on the step of the strand at {@code at} is taken here. */
    void choose(int at) {
        place = at;
        chosen = enabled[at];
        todo &= ~(1L << at);
        done |= 1L << at;
        print = null;
        picks = 0;
    }

    void save(Run run, long modelHash) {
        hash = modelHash;
        int need = 0;
        for (int i = 0; i < run.live().size(); i++) {
            need += run.live().get(i).witness().size();
        }
        if (need > histories.length) {
            histories = new long[need * 2];
        }
        int at = 0;
        for (int i = 0; i < run.live().size(); i++) {
            at = run.live().get(i).witness().save(histories, at);
        }
    }

    /** Gives the state of {@link #save} its key. */
    void identify(Run run) {
        key = hash;
        for (int i = 0; i < run.live().size(); i++) {
            Witness task = run.live().get(i).witness();
            key += Mix.of(Mix.of(task.name(), task.history()), task.made());
        }
    }

    /** The run, which repeats the one of {@link #save}, has come here. */
    void load(Run run, Trace trace) {
        int at = 0;
        for (int i = 0; i < run.live().size(); i++) {
            at = run.live().get(i).witness().load(histories, at);
        }
        trace.wake(hash);
    }

    long all() {
        return n == Long.SIZE ? -1 : (1L << n) - 1;
    }

    /** The place of a strand among the enabled ones, −1 if it is not. */
    int placeOf(int code) {
        for (int i = 0; i < n; i++) {
            if (enabled[i] == code) {
                return i;
            }
        }
        return -1;
    }

    void executes() {
        used = 0;
    }

    /** @param first which alternative is made first */
    int pick(int among, int firstOne) {
        if (used == picks) {
            if (picks == arity.length) {
                arity = Arrays.copyOf(arity, picks * 2 + 4);
                picked = Arrays.copyOf(picked, picks * 2 + 4);
            }
            arity[picks] = among;
            picked[picks++] = firstOne;
        } else if (arity[used] != among && arity[used] != picked[used] + 1) {
            throw new IllegalStateException("the program is not determined by its choices: one among " + among
                    + " was among " + arity[used]);
        }
        return picked[used++];
    }

    /** The choices inside the step that is taken. */
    int[] picked() {
        return Arrays.copyOf(picked, picks);
    }

    /** Prepares the next combination of choices inside the step; false when all were made. */
    boolean nextPicks() {
        while (picks > 0 && picked[picks - 1] + 1 == arity[picks - 1]) {
            picks--;
        }
        if (picks == 0) {
            return false;
        }
        picked[picks - 1]++;
        return true;
    }

    void touched(Footprint more) {
        latest = more;
        print = print == null ? more : print.with(more);
    }

    /** Is there nothing left to do here once the step chosen last is done with? */
    boolean isSpent() {
        for (int i = 0; i < picks; i++) {
            if (picked[i] + 1 < arity[i]) {
                return false;
            }
        }
        return todo == 0;
    }

    /** Nothing but the step: whoever goes on does nothing else here. */
    void writeStep(Scribe to) throws IOException {
        to.strand(chosen);
        to.ints(IntStream.of(picked).map(one -> one + 1).toArray(), picks);
        to.ints(picked, picks);
        to.yes(true);
    }

    /** All of it. */
    void write(Scribe to) throws IOException {
        to.strand(chosen);
        to.ints(arity, picks);
        to.ints(picked, picks);
        to.yes(false);
        writeState(to);
        to.number(todo);
        to.print(print);
        to.print(latest);
    }

    /** What is still to be taken here, beginning with the first of it. It is no longer to be taken here. */
    void writeRest(Scribe to) throws IOException {
        to.strand(enabled[Long.numberOfTrailingZeros(todo)]);
        to.ints(picked, 0);
        to.ints(picked, 0);
        to.yes(false);
        writeState(to);
        to.number(todo & todo - 1);
        to.print(null);
        to.print(null);
        todo = 0;
    }

    private void writeState(Scribe to) throws IOException {
        to.strands(enabled, n);
        sleep.write(to);
        to.number(hash);
        to.numbers(histories);
    }

    void read(Scribe.Reader from) throws IOException {
        begin(0);
        chosen = from.strand();
        arity = from.ints();
        picked = from.ints();
        picks = arity.length;
        if (from.yes()) {
            return;
        }
        enabled = from.strands();
        n = enabled.length;
        place = placeOf(chosen);
        sleep.read(from);
        hash = from.number();
        histories = from.numbers();
        todo = from.number();
        print = from.print();
        latest = from.print();
    }

    boolean precedes(int strand, int at) {
        return strand < clock.length && clock[strand] >= at;
    }

    @Override
    public String toString() {
        return chosen + " of " + Arrays.toString(Arrays.copyOf(enabled, n));
    }
}
