// SPDX-License-Identifier: Apache-2.0
package lazaret.machine;

/**
 * A deadline somebody set. It does nothing when it is due: its owner becomes enabled by asking {@link #due}.
 */
public final class Alarm {
    private static final long NEVER = Long.MAX_VALUE;

    private final Clock clock;
    private final String name;
    private final Word deadline;
    private final Ref<Condition> moot;

    Alarm(Undo undo, Clock clock, String name) {
        this.clock = clock;
        this.name = name;
        deadline = new Word(undo, NEVER);
        moot = new Ref<>(undo, null);
    }

    public String name() {
        return name;
    }

    /** Due {@code delay} microseconds from now, at once if 0; replaces an earlier deadline. */
    public void arm(long delay) {
        if (delay < 0) {
            throw new IllegalArgumentException(name + " cannot be due " + delay + " us from now");
        }
        long time = clock.now() + delay;
        armAt(time < 0 ? NEVER : time);
    }

    /**
     * As {@link #arm}, but time does not pass for its sake while {@code already} holds: a limit on waiting
     * means nothing to somebody who need not wait any more and only has not got round to it.
     */
    public void armUnless(long delay, Condition already) {
        arm(delay);
        moot.set(already);
    }

    /** Due at an absolute time in microseconds. */
    public void armAt(long time) {
        deadline.set(time);
        moot.set(null);
    }

    public void cancel() {
        armAt(NEVER);
    }

    public boolean armed() {
        return deadline.get() != NEVER;
    }

    /**
     * Is its time now or past? An alarm that is not armed is never due; one that is due stays so until armed
     * anew.
     */
    public boolean due() {
        return deadline.get() <= clock.now();
    }

    /** Is it armed for later than {@code present}, and needed? */
    boolean ahead(long present) {
        long time = deadline.get();
        return time > present && time != NEVER && !moot();
    }

    /** Does nobody need it any more, although it is armed? */
    boolean moot() {
        return moot.get() != null && moot.get().holds();
    }

    /** When it is due; {@code Long.MAX_VALUE} if it is not armed. */
    public long deadline() {
        return deadline.get();
    }
}
