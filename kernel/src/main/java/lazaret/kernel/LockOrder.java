// SPDX-License-Identifier: Apache-2.0
package lazaret.kernel;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lazaret.kernel.KernelEntry.BrokenContext;

/**
 * The graph of which lock was taken while which was held, and in which contexts. Locks of one name are one class. It says
 * that a deadlock is possible even if no run of the campaign ran into it: when the graph gets a cycle, or when a lock that
 * interrupt handlers take (or one taken under such a lock) is also taken with interrupts on.
 *
 * <p>This is knowledge of the campaign, not state of the machine: it outlives roll-backs on purpose, lies in no cell, and
 * decides nothing but which entries are logged. What is known to be harmless costs a bit test. An edge that completed a
 * cycle is reported each time it is taken, and so is a use that is unsafe. Whoever needs the entries of one run to depend on that run alone calls
 * {@link #forget} before it.
 */
public final class LockOrder {
    private static final int MEMORABLE = 1024;

    /** Where a lock was taken. */
    enum Use { IN_HARDIRQ, IN_SOFTIRQ, HARDIRQS_ON, SOFTIRQS_ON }

    /** All locks of one name. */
    static final class LockClass {
        final String name;
        final int index;
        private final BitSet after = new BitSet();                              // campaign
        private final BitSet harmless = new BitSet();                           // campaign
        private final EnumSet<Use> exclusive = EnumSet.noneOf(Use.class);       // campaign
        private final EnumSet<Use> shared = EnumSet.noneOf(Use.class);          // campaign
        private final EnumSet<Use> quietExclusive = EnumSet.noneOf(Use.class);  // campaign
        private final EnumSet<Use> quietShared = EnumSet.noneOf(Use.class);     // campaign

        LockClass(String name, int index) {
            this.name = name;
            this.index = index;
        }

        boolean harmless(Use use, boolean reading) {
            return (reading ? quietShared : quietExclusive).contains(use);
        }

        private void note(Use use, boolean reading) {
            (reading ? shared : exclusive).add(use);
        }

        private void quiet(Use use, boolean reading) {
            (reading ? quietShared : quietExclusive).add(use);
        }

        /**
         * Could an interrupt that takes this lock have to wait for one that was interrupted while holding {@code other}?
         * Readers do not mind readers of the same lock.
         */
        private boolean clashes(Use inside, Use open, LockClass other) {
            boolean writes = other.exclusive.contains(open);
            boolean reads = other.shared.contains(open);
            return exclusive.contains(inside) && (writes || reads)
                    || shared.contains(inside) && (writes || reads && other != this);
        }

        private void forget() {
            after.clear();
            harmless.clear();
            exclusive.clear();
            shared.clear();
            quietExclusive.clear();
            quietShared.clear();
        }
    }

    /** What is wrong, and which rule of {@link BrokenContext} it breaks. */
    record Complaint(String rule, String what) { }

    private final Map<String, LockClass> byName = new LinkedHashMap<>();    // campaign
    private final List<LockClass> classes = new ArrayList<>();              // campaign

    LockClass classOf(String name) {
        return byName.computeIfAbsent(name, this::newClass);
    }

    private LockClass newClass(String name) {
        if (classes.size() == MEMORABLE) {
            throw new IllegalStateException("more than " + MEMORABLE + " names of locks; a name is that of a class");
        }
        LockClass made = new LockClass(name, classes.size());
        classes.add(made);
        return made;
    }

    /** Forgets every edge and every use, not the classes. */
    public void forget() {
        for (LockClass one : classes) {
            one.forget();
        }
    }

    /** Everything known, one {@code held → taken} a line, in order of first appearance. */
    public List<String> edges() {
        List<String> lines = new ArrayList<>();
        for (LockClass held : classes) {
            held.after.stream().forEach(i -> lines.add(held.name + " → " + classes.get(i).name));
        }
        return lines;
    }

    /** {@code taken} is being taken while {@code held} is held: a complaint, or null. */
    Complaint edge(LockClass held, LockClass taken) {
        if (held.harmless.get(taken.index)) {
            return null;
        }
        held.after.set(taken.index);
        String cycle = held == taken ? held.name : path(taken, held, new BitSet());
        if (cycle != null) {
            return new Complaint(BrokenContext.ORDER, held.name + " → " + cycle);
        }
        for (LockClass from : classes) {
            String before = path(from, held, new BitSet());
            Complaint clash = before == null ? null : leads(from, before, taken);
            if (clash != null) {
                return clash;
            }
        }
        held.harmless.set(taken.index);
        return null;
    }

    /** Does {@code before}, a way from {@code from}, lead on through {@code via} to a lock open to the interrupt? */
    private Complaint leads(LockClass from, String before, LockClass via) {
        for (LockClass to : classes) {
            String rest = from != to && (from.clashes(Use.IN_HARDIRQ, Use.HARDIRQS_ON, to)
                    || from.clashes(Use.IN_SOFTIRQ, Use.SOFTIRQS_ON, to)) ? path(via, to, new BitSet()) : null;
            if (rest != null) {
                return unsafe(from, to, before + " → " + rest);
            }
        }
        return null;
    }

    /** {@code taken} is being taken in this way: a complaint, or null. */
    Complaint use(LockClass taken, Use use, boolean reading) {
        taken.note(use, reading);
        Complaint complaint = switch (use) {
            case IN_HARDIRQ -> inside(taken, Use.IN_HARDIRQ, Use.HARDIRQS_ON);
            case IN_SOFTIRQ -> inside(taken, Use.IN_SOFTIRQ, Use.SOFTIRQS_ON);
            case HARDIRQS_ON -> open(taken, Use.IN_HARDIRQ, Use.HARDIRQS_ON);
            case SOFTIRQS_ON -> open(taken, Use.IN_SOFTIRQ, Use.SOFTIRQS_ON);
        };
        if (complaint == null) {
            taken.quiet(use, reading);
        }
        return complaint;
    }

    private Complaint inside(LockClass from, Use inside, Use open) {
        for (LockClass to : classes) {
            String chain = from.clashes(inside, open, to) ? path(from, to, new BitSet()) : null;
            if (chain != null) {
                return unsafe(from, to, chain);
            }
        }
        return null;
    }

    private Complaint open(LockClass to, Use inside, Use open) {
        for (LockClass from : classes) {
            String chain = from.clashes(inside, open, to) ? path(from, to, new BitSet()) : null;
            if (chain != null) {
                return unsafe(from, to, chain);
            }
        }
        return null;
    }

    private static Complaint unsafe(LockClass from, LockClass to, String chain) {
        String what = from == to ? from.name + " is taken in interrupts and with interrupts on"
                : from.name + " is taken in interrupts, " + to.name + " with interrupts on: " + chain;
        return new Complaint(BrokenContext.IRQ_SAFETY, what);
    }

    /** {@code from → … → to}, or null. */
    private String path(LockClass from, LockClass to, BitSet seen) {
        if (from == to) {
            return to.name;
        }
        seen.set(from.index);
        for (int i = from.after.nextSetBit(0); i >= 0; i = from.after.nextSetBit(i + 1)) {
            String rest = seen.get(i) ? null : path(classes.get(i), to, seen);
            if (rest != null) {
                return from.name + " → " + rest;
            }
        }
        return null;
    }
}
