// SPDX-License-Identifier: Apache-2.0
package lazaret.machine;

import java.util.List;

/**
 * A machine without hardware: memory, time, log, journal, and the list of its hardware strands. Whoever wires
 * a stage adds hardware to it; whoever runs it says who decides.
 */
public final class Machine {
    /** Memory of a machine unless its maker says otherwise: 64 GiB of address space, sparse. */
    public static final long DEFAULT_LIMIT = 1L << 36;

    private final Undo undo = new Undo();
    private final Ram ram;
    private final Clock clock = new Clock(undo);
    private final Log log = new Log(this);
    private final Growing<Strand> hardware = new Growing<>(undo);
    private final Ready ready = new Ready(undo, hardware, clock);
    private final Alone alone = new Alone(this);
    private Strands strands = alone;
    private Chance chance = Chance.FIRST;

    public Machine() {
        this(DEFAULT_LIMIT);
    }

    /** @param limit first byte address without memory */
    public Machine(long limit) {
        ram = new Ram(undo, limit);
    }

    public Undo undo() {
        return undo;
    }

    public Ram ram() {
        return ram;
    }

    public Clock clock() {
        return clock;
    }

    public Log log() {
        return log;
    }

    public Strands strands() {
        return strands;
    }

    /** Picks one of {@code n}; 0 is benign. See {@link Chance#pick}. */
    public int pick(int n, String why) {
        if (n < 1) {
            throw new IllegalArgumentException("nothing to pick from: " + why);
        }
        return n == 1 ? 0 : chance.pick(n, why);
    }

    /**
     * Adds a hardware agent whose name no other one has. Part of the wiring; one added after the mark, by a
     * driver that probes again, say, takes part at once and is gone with the roll-back.
     */
    public void add(Strand strand) {
        for (int i = 0; i < hardware.size(); i++) {
            if (hardware.get(i).name().equals(strand.name())) {
                throw new IllegalArgumentException("two hardware strands are named " + strand.name());
            }
        }
        ready.adds(hardware.size(), strand);
        hardware.append(strand);
        if (strand.prompt()) {
            clock.waitsFor(strand);
        }
    }

    /** Hardware strands in the order they were added, to be read only; time is not among them. */
    public List<Strand> hardware() {
        return hardware;
    }

    /**
     * Which hardware may step, in the order it was added, and time, last, if it may pass.
     *
     * @param to where to write them: room for all hardware and time behind {@code at}
     * @param at where to begin
     * @return the index behind the last one written
     */
    public int enabled(Strand[] to, int at) {
        return ready.fill(to, at);
    }

    /**
     * May this software step? Asks it again only when a cell has changed that its answer depended on.
     *
     * @param slot from 0 to below {@link #slots}, at which no other live strand stands
     */
    public boolean enabled(int slot, Strand software) {
        return ready.software(slot, software);
    }

    /** The software at this slot waits for something else now, or is another one; -1 if it has no slot. */
    public void changed(int slot) {
        ready.changed(slot);
    }

    /**
     * Would all hardware, time and the software at {@code slots}, as bits, answer as they did when they were
     * asked last? False when that is not known.
     */
    public boolean settled(long slots) {
        return ready.settled(slots);
    }

    /** How much software can have a slot at a time. */
    public static int slots() {
        return Ready.SLOTS;
    }

    /** From now on {@code who} decides the order of steps and {@code what} everything else. */
    public void enter(Strands who, Chance what) {
        strands = who;
        chance = what;
        undo.stale = -1;
    }

    /** Back to boot: everything inline, every choice benign. */
    public void leave() {
        enter(alone, Chance.FIRST);
    }
}
