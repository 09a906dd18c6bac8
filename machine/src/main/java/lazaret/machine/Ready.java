// SPDX-License-Identifier: Apache-2.0
package lazaret.machine;

/**
 * Which hardware may step, and may time pass? A strand is asked again only after a cell has changed that it
 * looked at when it answered last, so idle hardware costs nothing. That is right because whether a strand is
 * enabled depends on cells alone (docs/decisions/0002); with assertions on, every step checks it.
 */
final class Ready {
    /** So many strands have a bit of their own, the last bit is for time; strands beyond are always asked. */
    private static final int KNOWN = 63;
    private static final long TIME = 1L << KNOWN;

    private final Undo undo;
    private final Growing<Strand> hardware;
    private final Clock clock;
    private long enabled;
    private long prompt;

    Ready(Undo undo, Growing<Strand> hardware, Clock clock) {
        this.undo = undo;
        this.hardware = hardware;
        this.clock = clock;
    }

    /** Writes all that may step into {@code to} from {@code at} on; returns the end. */
    int fill(Strand[] to, int at) {
        int size = hardware.size();
        long known = (1L << Math.min(size, KNOWN)) - 1;
        refresh(known);
        int n = at;
        for (long rest = enabled & known; rest != 0; rest &= rest - 1) {
            to[n++] = hardware.get(Long.numberOfTrailingZeros(rest));
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
            refresh(TIME);
            if ((enabled & TIME) != 0) {
                to[n++] = clock;
            }
        }
        return n;
    }

    private void refresh(long which) {
        long asked = undo.stale & which;
        undo.stale &= ~which;
        for (long rest = asked; rest != 0; rest &= rest - 1) {
            ask(Long.numberOfTrailingZeros(rest));
        }
        assert audit(which);
    }

    private void ask(int index) {
        long bit = 1L << index;
        Strand strand = index == KNOWN ? null : hardware.get(index);
        undo.watch(bit);
        undo.looked = false;
        boolean yes;
        try {
            yes = strand == null ? clock.ahead() : strand.enabled();
        } finally {
            undo.watch(0);
        }
        enabled = yes ? enabled | bit : enabled & ~bit;
        if (!undo.looked) {
            undo.stale |= bit;      // it looked at no cell: nothing would tell when to ask again
        }
        if (strand != null) {
            prompt = strand.prompt() ? prompt | bit : prompt & ~bit;
        }
    }

    private boolean audit(long all) {
        for (long rest = all; rest != 0; rest &= rest - 1) {
            int index = Long.numberOfTrailingZeros(rest);
            boolean time = index == KNOWN;
            boolean now = time ? clock.ahead() : hardware.get(index).enabled();
            if (now != ((enabled & 1L << index) != 0)) {
                throw new AssertionError((time ? "an alarm" : hardware.get(index).name())
                        + ": whether it is enabled depends on something that is no cell");
            }
        }
        return true;
    }
}
