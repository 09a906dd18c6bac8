// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import lazaret.machine.Condition;
import lazaret.machine.Strand;
import lazaret.machine.Witness;

/** Software as a strand: a coroutine, what it waits for, and its CPU's consent. Lives for one run. */
final class Task implements Strand {
    private final String name;
    /** Of the name: a run's digest wants it at every step. */
    private final int hash;
    private final String lane;
    private final Condition mayRun;
    /** Where the machine keeps whether it may step; -1 when all such places were taken. */
    private final int slot;
    private final Coroutine coroutine;
    private Condition awaited;
    private Witness witness;
    private int code;
    /** Where it stands and the point it passed last, as {@link Sharing} knows places. */
    private long label;
    private long point;

    Task(Run run, String name, String lane, Condition mayRun, int slot, Runnable body,
            Coroutine.Maker maker) {
        this.name = name;
        hash = name.hashCode();
        this.lane = lane;
        this.mayRun = mayRun;
        this.slot = slot;
        coroutine = maker.make(() -> run.guard(this, body));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String lane() {
        return lane;
    }

    @Override
    public boolean enabled() {
        return (awaited == null || awaited.holds()) && mayRun.holds();
    }

    @Override
    public Condition consent() {
        return mayRun;
    }

    @Override
    public void step() {
        throw new IllegalStateException(name + " is software: its run resumes it");
    }

    @Override
    public boolean prompt() {
        return false;
    }

    @Override
    public String toString() {
        return name;
    }

    /** What a search knows it by. */
    void known(int number, Witness as) {
        code = number;
        witness = as;
    }

    long label() {
        return label;
    }

    /** It has come to a point. */
    void passes(long announced) {
        label = announced;
        point = announced;
    }

    /** It has come to where it waits. */
    void waits(long place) {
        label = place;
    }

    /** Does it stand where it waits, and not at a point? */
    boolean isWaiting() {
        return label != point;
    }

    long point() {
        return point;
    }

    int code() {
        return code;
    }

    Witness witness() {
        return witness;
    }

    int hash() {
        return hash;
    }

    int slot() {
        return slot;
    }

    Coroutine coroutine() {
        return coroutine;
    }

    void awaiting(Condition condition) {
        awaited = condition;
    }
}
