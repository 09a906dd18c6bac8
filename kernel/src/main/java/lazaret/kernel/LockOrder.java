// SPDX-License-Identifier: Apache-2.0
package lazaret.kernel;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import lazaret.kernel.KernelEntry.BrokenContext;
import lazaret.machine.Undo;
import lazaret.machine.Word;
import lazaret.machine.Words;

/**
 * The graph of which lock was taken while which was held, and in which contexts. Locks of one name are one
 * class. It says that a deadlock is possible even if no run of the campaign ran into it: when the graph
 * gets a cycle, or when a lock that interrupt handlers take (or one taken under such a lock) is also taken
 * with interrupts on.
 *
 * <p>This is knowledge about runs, not state of the machine: its cells belong to a journal of its own. It
 * decides nothing but which entries are logged. What is known to be harmless costs a bit test. An edge that
 * completed a cycle is reported each time it is taken, and so is a use that is unsafe. The entries of one run
 * depend on that run and on boot alone if {@link #mark} is called after boot and {@link #rollback} before
 * each run; whoever wants to know of orders that differ between runs collects {@link #edges}.
 */
public final class LockOrder {
    private static final int CLASSES = 1024;
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    /** In what way a lock was taken; the shared ones by readers. */
    enum Use {
        IN_HARDIRQ, IN_SOFTIRQ, HARDIRQS_ON, SOFTIRQS_ON,
        SHARED_IN_HARDIRQ, SHARED_IN_SOFTIRQ, SHARED_HARDIRQS_ON, SHARED_SOFTIRQS_ON;

        private static final int EXCLUSIVE = 4;
        private static final int INSIDE = IN_HARDIRQ.bit() | IN_SOFTIRQ.bit()
                | SHARED_IN_HARDIRQ.bit() | SHARED_IN_SOFTIRQ.bit();
        private static final Use[] ALL = values();

        Use by(boolean reader) {
            return reader ? ALL[ordinal() + EXCLUSIVE] : this;
        }

        private int bit() {
            return 1 << ordinal();
        }
    }

    /** All locks of one name. */
    static final class LockClass {
        final String name;
        private final int index;
        private final Words after;
        private final Words harmless;
        private final Word uses;
        private final Word harmlessUses;

        private LockClass(Undo campaign, String name, int index) {
            this.name = name;
            this.index = index;
            after = new Words(campaign, CLASSES / Long.SIZE);
            harmless = new Words(campaign, CLASSES / Long.SIZE);
            uses = new Word(campaign);
            harmlessUses = new Word(campaign);
        }

        private static boolean has(Words set, LockClass one) {
            return (set.get(one.index >> 6) >>> one.index & 1) != 0;
        }

        private static void add(Words set, LockClass one) {
            set.set(one.index >> 6, set.get(one.index >> 6) | 1L << one.index);
        }

        /**
         * Could an interrupt that takes this lock have to wait for one that was interrupted while holding
         * {@code other}? Readers do not mind readers of the same lock.
         */
        private boolean clashes(Use inside, Use open, LockClass other) {
            long theirs = other.uses.get();
            boolean written = (theirs & open.bit()) != 0;
            boolean read = (theirs & open.by(true).bit()) != 0;
            if (!written && !read) {
                return false;
            }
            long ours = uses.get();
            return (ours & inside.bit()) != 0
                    || (ours & inside.by(true).bit()) != 0 && (written || other != this);
        }

        private boolean isUsedInside() {
            return (uses.get() & Use.INSIDE) != 0;
        }

        private void forget() {
            after.fill(0);
            harmless.fill(0);
            uses.set(0);
            harmlessUses.set(0);
        }
    }

    /** What is wrong, and which rule of {@link BrokenContext} it breaks. */
    record Complaint(String rule, String what) { }

    private final Undo campaign = new Undo();
    private final Row<LockClass> classes = new Row<>(campaign);
    private final Word fingerprint = new Word(campaign);

    LockClass classOf(String name) {
        for (int i = 0; i < classes.size(); i++) {
            if (classes.get(i).name.equals(name)) {
                return classes.get(i);
            }
        }
        if (classes.size() == CLASSES) {
            throw new IllegalStateException("more than " + CLASSES + " names of locks: name classes");
        }
        LockClass made = new LockClass(campaign, name, classes.size());
        classes.add(made);
        return made;
    }

    /** Forgets all that was seen. */
    public void forget() {
        for (int i = 0; i < classes.size(); i++) {
            classes.get(i).forget();
        }
        fingerprint.set(0);
    }

    /** What was seen so far is known to every run. */
    public void mark() {
        campaign.mark();
    }

    /** Forgets what was seen since {@link #mark}. */
    public void rollback() {
        campaign.rollback();
    }

    /** Equal for equal sets of {@link #edges}, and hardly ever for others. */
    public long fingerprint() {
        return fingerprint.get();
    }

    /** All that was seen, one {@code held → taken} a line, in order of first appearance of the locks. */
    public List<String> edges() {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < classes.size(); i++) {
            for (int j = 0; j < classes.size(); j++) {
                if (LockClass.has(classes.get(i).after, classes.get(j))) {
                    lines.add(classes.get(i).name + " → " + classes.get(j).name);
                }
            }
        }
        return lines;
    }

    /** {@code taken} is being taken while {@code held} is held: a complaint, or null. */
    Complaint edge(LockClass held, LockClass taken) {
        if (LockClass.has(held.harmless, taken)) {
            return null;
        }
        if (!LockClass.has(held.after, taken)) {
            LockClass.add(held.after, taken);
            fingerprint.add((31L * held.name.hashCode() + taken.name.hashCode()) * GOLDEN);
        }
        String cycle = path(taken, held);
        if (cycle != null) {
            String whole = held == taken ? held.name + " → " + held.name : held.name + " → " + cycle;
            return new Complaint(BrokenContext.ORDER, whole);
        }
        Complaint clash = joined(held, taken);
        if (clash == null) {
            LockClass.add(held.harmless, taken);
        }
        return clash;
    }

    /** {@code taken} is being taken in this way: a complaint, or null. */
    Complaint use(LockClass taken, Use use, boolean reader) {
        int bit = use.by(reader).bit();
        if ((taken.harmlessUses.get() & bit) != 0) {
            return null;
        }
        taken.uses.set(taken.uses.get() | bit);
        Complaint complaint = switch (use) {
            case IN_HARDIRQ, SHARED_IN_HARDIRQ -> from(taken, Use.IN_HARDIRQ, Use.HARDIRQS_ON);
            case IN_SOFTIRQ, SHARED_IN_SOFTIRQ -> from(taken, Use.IN_SOFTIRQ, Use.SOFTIRQS_ON);
            case HARDIRQS_ON, SHARED_HARDIRQS_ON -> to(taken, Use.IN_HARDIRQ, Use.HARDIRQS_ON);
            case SOFTIRQS_ON, SHARED_SOFTIRQS_ON -> to(taken, Use.IN_SOFTIRQ, Use.SOFTIRQS_ON);
        };
        if (complaint == null) {
            taken.harmlessUses.set(taken.harmlessUses.get() | bit);
        }
        return complaint;
    }

    /** Does the new edge lead from a lock that interrupts take to one they may find held? */
    private Complaint joined(LockClass held, LockClass taken) {
        for (int i = 0; i < classes.size(); i++) {
            LockClass from = classes.get(i);
            String before = from.isUsedInside() ? path(from, held) : null;
            Complaint complaint = before == null ? null : joined(from, before, taken);
            if (complaint != null) {
                return complaint;
            }
        }
        return null;
    }

    private Complaint joined(LockClass from, String before, LockClass taken) {
        for (int i = 0; i < classes.size(); i++) {
            LockClass to = classes.get(i);
            boolean clash = from.clashes(Use.IN_HARDIRQ, Use.HARDIRQS_ON, to)
                    || from.clashes(Use.IN_SOFTIRQ, Use.SOFTIRQS_ON, to);
            String rest = clash && from != to ? path(taken, to) : null;
            if (rest != null) {
                return unsafe(from, to, before + " → " + rest);
            }
        }
        return null;
    }

    private Complaint from(LockClass from, Use inside, Use open) {
        for (int i = 0; i < classes.size(); i++) {
            LockClass to = classes.get(i);
            String chain = from.clashes(inside, open, to) ? path(from, to) : null;
            if (chain != null) {
                return unsafe(from, to, chain);
            }
        }
        return null;
    }

    private Complaint to(LockClass to, Use inside, Use open) {
        for (int i = 0; i < classes.size(); i++) {
            LockClass from = classes.get(i);
            String chain = from.clashes(inside, open, to) ? path(from, to) : null;
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
    private String path(LockClass from, LockClass to) {
        return path(from, to, new BitSet());
    }

    private String path(LockClass from, LockClass to, BitSet seen) {
        if (from == to) {
            return to.name;
        }
        seen.set(from.index);
        for (int word = 0; word * Long.SIZE < classes.size(); word++) {
            for (long next = from.after.get(word); next != 0; next &= next - 1) {
                int i = word * Long.SIZE + Long.numberOfTrailingZeros(next);
                String rest = seen.get(i) ? null : path(classes.get(i), to, seen);
                if (rest != null) {
                    return from.name + " → " + rest;
                }
            }
        }
        return null;
    }
}
