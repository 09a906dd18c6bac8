// SPDX-License-Identifier: Apache-2.0
package lazaret.kernel;

import lazaret.machine.Word;

/**
 * So many of something in so much time, and no more. What was held back is counted, and told when the next
 * time begins. Its user sees to it that nobody else asks meanwhile.
 *
 * @kernel ___ratelimit
 */
public final class Ratelimit {
    /** @kernel DEFAULT_RATELIMIT_INTERVAL */
    public static final long USUAL_US = 5_000_000;
    /** @kernel DEFAULT_RATELIMIT_BURST */
    public static final int USUAL_BURST = 10;

    private final Kernel kernel;
    private final String name;
    private final long us;
    private final int burst;
    /** Of the current time; NEVER before the first question. */
    private final Word begin;
    private final Word allowed;
    private final Word missed;

    private static final long NEVER = -1;

    /**
     * @param name  who is held back, for the kernel's log
     * @param us    microseconds, at least one
     * @param burst at least one
     */
    public Ratelimit(Kernel kernel, String name, long us, int burst) {
        this.kernel = kernel;
        this.name = name;
        this.us = us;
        this.burst = burst;
        begin = new Word(kernel.machine().undo(), NEVER);
        allowed = new Word(kernel.machine().undo());
        missed = new Word(kernel.machine().undo());
    }

    /** May it be done once more now? A question that is answered with yes counts. */
    public boolean allows() {
        long now = kernel.machine().clock().now();
        if (begin.get() == NEVER || now - begin.get() > us) {
            beginAnew(now);
        }
        Word counter = allowed.get() < burst ? allowed : missed;
        counter.add(1);
        return counter == allowed;
    }

    private void beginAnew(long now) {
        if (missed.get() > 0) {
            kernel.printk(Level.WARN, name + ": " + missed.get() + " callbacks suppressed");
        }
        begin.set(now);
        allowed.set(0);
        missed.set(0);
    }
}
