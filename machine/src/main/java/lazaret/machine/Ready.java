// SPDX-License-Identifier: Apache-2.0
package lazaret.machine;

/**
 * Who may step, and may time pass? A strand is asked again only after a cell has changed that it looked at
 * when it answered last, so idle hardware and waiting software cost nothing. That is right because whether a
 * strand is enabled depends on cells alone (docs/decisions/0002); with assertions on, every step checks it.
 */
final class Ready {
    /** So many hardware strands have a bit of their own; those beyond are always asked. */
    private static final int KNOWN = 40;
    private static final long HARDWARE = (1L << KNOWN) - 1;
    private static final int TIME = 63;
    /** Stale while there is hardware beyond. */
    private static final long BEYOND = 1L << 62;
    private static final long ALL = HARDWARE | 1L << TIME | BEYOND;
    /** The bits between are for software. */
    static final int SLOTS = 62 - KNOWN;

    private final Undo undo;
    private final Growing<Strand> hardware;
    private final Clock clock;
    /** The hardware that has a bit. */
    private final Strand[] agents = new Strand[KNOWN];
    private long enabled;
    private long prompt;

    Ready(Undo undo, Growing<Strand> hardware, Clock clock) {
        this.undo = undo;
        this.hardware = hardware;
        this.clock = clock;
    }

    /** Hardware that takes part from now on, behind {@code index} others. */
    void adds(int index, Strand strand) {
        if (index < KNOWN) {
            long bit = 1L << index;
            agents[index] = strand;
            undo.stale |= bit;
            prompt = strand.prompt() ? prompt | bit : prompt & ~bit;
        } else {
            undo.stale |= BEYOND;
        }
    }

    /** Writes all that may step into {@code to} from {@code at} on; returns the end. */
    int fill(Strand[] to, int at) {
        int size = hardware.size();
        long known = (1L << Math.min(size, KNOWN)) - 1;
        refresh(known);
        undo.stale &= known | (size > KNOWN ? ~HARDWARE : ~(HARDWARE | BEYOND));
        int n = at;
        for (long rest = enabled & known; rest != 0; rest &= rest - 1) {
            to[n++] = agents[Long.numberOfTrailingZeros(rest)];
        }
        boolean hurry = (enabled & prompt & known) != 0;
        for (int i = KNOWN; i < size; i++) {
            Strand strand = hardware.get(i);
            if (strand.enabled()) {
                to[n++] = strand;
                hurry |= strand.prompt();
            }
        }
        if (!hurry) {
            refresh(1L << TIME);
            if ((enabled & 1L << TIME) != 0) {
                to[n++] = clock;
            }
        }
        return n;
    }

    /** May software step that has this slot to itself? What escapes its condition comes out of this. */
    boolean software(int slot, Strand strand) {
        long bit = 1L << KNOWN + slot;
        if ((undo.stale & bit) != 0) {
            undo.stale &= ~bit;
            ask(bit, strand);
        }
        boolean yes = (enabled & bit) != 0;
        assert yes == strand.enabled() : outside(strand.name());
        return yes;
    }

    /** The software at this slot waits for something else now, or is another one; -1 for no slot. */
    void changed(int slot) {
        undo.stale |= slot < 0 ? 0 : 1L << KNOWN + slot;
    }

    /** Is every answer the one that was given last? @param slots those where software stands, as bits */
    boolean settled(long slots) {
        return (undo.stale & (ALL | slots << KNOWN)) == 0;
    }

    private void refresh(long which) {
        long asked = undo.stale & which;
        undo.stale &= ~which;
        for (long rest = asked; rest != 0; rest &= rest - 1) {
            int index = Long.numberOfTrailingZeros(rest);
            ask(1L << index, index == TIME ? null : agents[index]);
        }
        assert audit(which);
    }

    /** @param strand null for time */
    private void ask(long bit, Strand strand) {
        undo.watch(bit);
        undo.looked = false;
        boolean yes;
        try {
            yes = strand == null ? clock.stillAhead() : strand.enabled();
        } finally {
            undo.watch(0);
        }
        enabled = yes ? enabled | bit : enabled & ~bit;
        if (!undo.looked) {
            undo.stale |= bit;      // it looked at no cell: nothing would tell when to ask again
        }
    }

    private boolean audit(long all) {
        for (long rest = all; rest != 0; rest &= rest - 1) {
            int index = Long.numberOfTrailingZeros(rest);
            boolean time = index == TIME;
            boolean now = time ? clock.ahead() : agents[index].enabled();
            if (now != ((enabled & 1L << index) != 0)) {
                throw new AssertionError(outside(time ? "an alarm" : agents[index].name()));
            }
        }
        return true;
    }

    private static String outside(String name) {
        return name + ": whether it is enabled depends on something that is no cell";
    }
}
