// SPDX-License-Identifier: Apache-2.0
package lazaret.machine;

/** A deadline somebody set. It does nothing when it is due: its owner becomes enabled by asking {@link #due}. */
public final class Alarm {
    private static final long NEVER = Long.MAX_VALUE;

    private final Clock clock;
    private final String name;
    private final Word deadline;

    Alarm(Undo undo, Clock clock, String name) {
        this.clock = clock;
        this.name = name;
        deadline = new Word(undo, NEVER);
    }

    public String name() {
        return name;
    }

    /** Due {@code delay} microseconds from now; replaces an earlier deadline. */
    public void arm(long delay) {
        deadline.set(clock.now() + delay);
    }

    /** Due at an absolute time in microseconds. */
    public void armAt(long time) {
        deadline.set(time);
    }

    public void cancel() {
        deadline.set(NEVER);
    }

    public boolean armed() {
        return deadline.get() != NEVER;
    }

    public boolean due() {
        return deadline.get() <= clock.now();
    }

    public long deadline() {
        return deadline.get();
    }
}
