// SPDX-License-Identifier: Apache-2.0
package lazaret.pcie.hw;

import lazaret.machine.Undo;
import lazaret.machine.Word;
import lazaret.machine.Words;
import lazaret.pcie.AtsEntry;
import lazaret.pcie.AtsSpan;
import lazaret.pcie.DownTlp.InvalidateRequest;
import lazaret.pcie.Pasid;

/** An address translation cache: what completions said, word for word, and which range each is about. */
final class Atc {
    private static final int NONE = -1;
    private static final long FREE = 0;     // an entry without R and W is never kept

    private final Words entries;
    private final Words spans;
    private final Words pasids;
    private final Word victim;

    Atc(Undo undo, int slots) {
        entries = new Words(undo, slots);
        spans = new Words(undo, slots);
        pasids = new Words(undo, slots);
        victim = new Word(undo);
    }

    /** The entry that translates {@code iova}, or 0. */
    long find(int pasid, long iova) {
        for (int i = 0; i < entries.length(); i++) {
            if (entries.get(i) != FREE && pasids.get(i) == pasid && AtsSpan.covers(spans.get(i), iova)) {
                return entries.get(i);
            }
        }
        return FREE;
    }

    /** Keeps a translation of {@code iova}; whatever was known about the same pages gives way to it. */
    void fill(int pasid, long iova, long entry) {
        if (AtsEntry.denies(entry)) {
            throw new IllegalArgumentException("translates nothing: 0x" + Long.toHexString(entry));
        }
        long span = AtsSpan.encode(iova, AtsSpan.size(entry));
        int slot = NONE;
        for (int i = 0; i < entries.length(); i++) {
            if (entries.get(i) != FREE && pasids.get(i) == pasid && AtsSpan.overlap(spans.get(i), span)) {
                entries.set(i, FREE);
            }
            if (entries.get(i) == FREE && slot == NONE) {
                slot = i;
            }
        }
        if (slot == NONE) {
            slot = victim.asInt();
            victim.set((slot + 1) % entries.length());
        }
        entries.set(slot, entry);
        spans.set(slot, span);
        pasids.set(slot, pasid);
    }

    /** Forgets what {@code request} is about; returns how many entries that were. */
    int drop(InvalidateRequest request) {
        int dropped = 0;
        for (int i = 0; i < entries.length(); i++) {
            boolean global = AtsEntry.GLOBAL.test(entries.get(i));
            boolean asked = concerns(request, pasids.get(i), global);
            if (entries.get(i) != FREE && asked && AtsSpan.overlap(spans.get(i), request.body())) {
                entries.set(i, FREE);
                dropped++;
            }
        }
        return dropped;
    }

    /** Forgets everything; returns how many entries that were. */
    int clear() {
        int dropped = 0;
        for (int i = 0; i < entries.length(); i++) {
            if (entries.get(i) != FREE) {
                entries.set(i, FREE);
                dropped++;
            }
        }
        return dropped;
    }

    /** Is a translation for that address space among those to invalidate, its range aside? */
    static boolean concerns(InvalidateRequest request, long pasid, boolean global) {
        return request.pasid() == Pasid.NONE || request.pasid() == pasid || request.global() && global;
    }
}
