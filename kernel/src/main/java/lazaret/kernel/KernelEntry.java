// SPDX-License-Identifier: Apache-2.0
package lazaret.kernel;

import lazaret.machine.Entry;

/** What kernel primitives report. All of it are facts, except interrupts taken and register
 * accesses, which are detail. */
public sealed interface KernelEntry extends Entry {

    /** A freed object or page was used, or freed again. */
    record UseAfterFree(String object, boolean doubleFree) implements KernelEntry {
        @Override
        public String text() {
            return (doubleFree ? "double free of " : "use after free of ") + object;
        }
    }

    /**
     * Code did what its context forbids.
     *
     * @param rule one of the constants here, or a rule of the caller's own
     * @param what who, what and where
     */
    record BrokenContext(String rule, String what) implements KernelEntry {
        public static final String SLEEP = "sleeping in atomic context";
        public static final String ALLOCATION = "sleeping allocation in atomic context";
        public static final String RCU_SLEEP = "sleeping in an RCU read section";
        public static final String RCU_UNPROTECTED = "RCU pointer used outside a read section";
        public static final String RECURSION = "lock taken twice";
        public static final String UNLOCK = "unlock by who does not hold the lock";
        public static final String NOT_HELD = "lock not held";
        public static final String LEFT_HELD = "still held at the end";
        public static final String ORDER = "lock order";
        public static final String IRQ_SAFETY = "lock not safe against interrupts";
        public static final String SELF_WAIT = "waits for itself";
        public static final String IRQS_OFF = "interrupts off for too long";

        @Override
        public String text() {
            return "BUG: " + rule + ": " + what;
        }
    }

    /** A {@code WARN_ON} that was hit. */
    record Warned(String why) implements KernelEntry {
        @Override
        public String text() {
            return "WARNING: " + why;
        }
    }

    /** A line of the kernel log. */
    record Printk(Level level, String line) implements KernelEntry {
        @Override
        public String text() {
            return line;
        }
    }

    /** A store waits in its CPU's store buffer. */
    record Buffered(long pa, long word) implements KernelEntry {
        @Override
        public String text() {
            return "[" + hex(pa) + "] := " + hex(word) + " waits in the store buffer";
        }
    }

    /** That store reaches memory. */
    record Arrived(long pa, long word) implements KernelEntry {
        @Override
        public String text() {
            return "[" + hex(pa) + "] := " + hex(word) + " reaches memory";
        }
    }

    /** Software changed a word of memory; {@code by} is the strand that stored. */
    record Stored(String by, long pa, long before, long after) implements KernelEntry {
        @Override
        public String text() {
            return "[" + hex(pa) + "] " + hex(before) + "→" + hex(after);
        }
    }

    /** A page went to a new owner; {@code epoch} is that of its frame from now on. */
    record PageAllocated(long pa, String owner, long epoch) implements KernelEntry {
        @Override
        public String text() {
            return "page " + hex(pa) + " to " + owner + " (epoch " + epoch + ")";
        }
    }

    /** A page went back to the allocator. */
    record PageFreed(long pa, String owner) implements KernelEntry {
        @Override
        public String text() {
            return "page " + hex(pa) + " freed by " + owner;
        }
    }

    /** Whoever owns the page may free it, but nobody else gets it any more. */
    record PageHeld(long pa, String owner) implements KernelEntry {
        @Override
        public String text() {
            return "page " + hex(pa) + " of " + owner + " is held back for good";
        }
    }

    /** A call failed that could, because the run shall have it so. */
    record Faulted(String what, long nth) implements KernelEntry {
        @Override
        public String text() {
            return "call " + nth + " fails: " + what;
        }
    }

    /** Detail: a CPU takes an interrupt. */
    record IrqTaken(String line) implements KernelEntry {
        @Override
        public String text() {
            return "interrupt " + line;
        }
    }

    /** Detail: software read a register. */
    record RegisterRead(int offset, long value) implements KernelEntry {
        @Override
        public String text() {
            return "read " + hex(offset) + " = " + hex(value);
        }
    }

    /** Detail: software is about to write a register. */
    record RegisterWrite(int offset, long value) implements KernelEntry {
        @Override
        public String text() {
            return "write " + hex(offset) + " ← " + hex(value);
        }
    }

    private static String hex(long value) {
        return "0x" + Long.toHexString(value);
    }
}
