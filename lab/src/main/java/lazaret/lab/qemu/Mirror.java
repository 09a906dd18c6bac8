// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.qemu;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import lazaret.machine.Frame;
import lazaret.machine.Ram;
import lazaret.qemu.Qtest;

/**
 * Keeps QEMU's memory and ours the same. Software works on ours; before QEMU's hardware can look, what
 * differs is taken over to its side, and after it may have written, what differs is taken back
 * (docs/decisions/0018).
 */
final class Mirror {
    /** A word that hardware changed. */
    record Change(long pa, long word) { }

    private static final int WORDS = Frame.SIZE / Long.BYTES;

    private final Ram ours;
    private final Qtest theirs;
    /** What QEMU's memory holds, by first address of the frame. */
    private final SortedMap<Long, long[]> known = new TreeMap<>();
    private SortedMap<Long, long[]> marked = new TreeMap<>();

    Mirror(Ram ours, Qtest theirs) {
        this.ours = ours;
        this.theirs = theirs;
    }

    /** What software stored is there now. */
    void push() {
        for (long place : ours.places()) {
            long[] there = known.computeIfAbsent(place, this::cleared);
            for (int i = 0; i < WORDS; i++) {
                long word = ours.load(place + (long) i * Long.BYTES);
                if (word != there[i]) {
                    theirs.store(place + (long) i * Long.BYTES, word);
                    there[i] = word;
                }
            }
        }
    }

    private long[] cleared(long place) {
        theirs.clear(place, Frame.SIZE);
        return new long[WORDS];
    }

    /** Stores in our memory what hardware stored in its own. @return that, by ascending address */
    List<Change> pull() {
        long[] places = known.keySet().stream().mapToLong(Long::longValue).toArray();
        List<long[]> read = theirs.stretches(places, Frame.SIZE);
        var changes = new ArrayList<Change>();
        for (int frame = 0; frame < places.length; frame++) {
            long[] there = known.get(places[frame]);
            for (int i = 0; i < WORDS; i++) {
                long word = read.get(frame)[i];
                if (word != there[i]) {
                    there[i] = word;
                    changes.add(new Change(places[frame] + (long) i * Long.BYTES, word));
                }
            }
        }
        changes.forEach(change -> ours.store(change.pa(), change.word()));
        return changes;
    }

    void mark() {
        marked = copy(known);
    }

    void rewind() {
        known.clear();
        known.putAll(copy(marked));
    }

    private static SortedMap<Long, long[]> copy(SortedMap<Long, long[]> frames) {
        var copy = new TreeMap<Long, long[]>();
        frames.forEach((place, words) -> copy.put(place, words.clone()));
        return copy;
    }
}
