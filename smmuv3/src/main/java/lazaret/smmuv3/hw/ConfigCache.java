// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3.hw;

import java.util.List;
import lazaret.machine.Machine;
import lazaret.machine.Ram;
import lazaret.machine.Ref;
import lazaret.machine.Undo;
import lazaret.machine.Word;
import lazaret.smmuv3.Cd;
import lazaret.smmuv3.Regime;
import lazaret.smmuv3.Ste;
import lazaret.smmuv3.hw.Staleness.Kind;

/**
 * What the SMMU remembers of one stream's configuration: level-1 descriptors, STE, CDs, valid or not. ATSCHK
 * is remembered with the STE: it is read when the entry is.
 *
 * @spec IHI0070 3.21.3
 */
final class ConfigCache {
    /**
     * @param legal  was it judged to be so?
     * @param atschk CR0.ATSCHK when it was read
     */
    record CachedSte(Ste ste, boolean legal, long at, boolean atschk, boolean doomed) { }

    /** @param verdict on the CD under the STE through which it was found */
    record CachedCd(int index, Cd cd, Verdict verdict, long at, boolean doomed) { }

    /** What a CD comes to under that STE, null if it is illegal; under another one it is judged again. */
    record Verdict(Ste under, boolean e2h, Regime regime) { }

    private record CachedL1(long word, long at, boolean doomed) { }

    private final int sid;
    private final Ram ram;
    private final Staleness staleness;
    private final Ref<CachedL1> l1std;
    private final Ref<CachedL1> l1cd;
    private final Ref<CachedSte> ste;
    private final List<Ref<CachedCd>> cds;
    private final Word victim;

    ConfigCache(Machine machine, Staleness staleness, int sid) {
        this.sid = sid;
        this.staleness = staleness;
        ram = machine.ram();
        Undo undo = machine.undo();
        l1std = new Ref<>(undo, null);
        l1cd = new Ref<>(undo, null);
        ste = new Ref<>(undo, null);
        cds = List.of(new Ref<>(undo, null), new Ref<>(undo, null), new Ref<>(undo, null),
                new Ref<>(undo, null));
        victim = new Word(undo);
    }

    /**
     * The STE for a transaction to use, null if it has to be fetched. {@code ats}: it is one to which ATSCHK
     * matters.
     */
    CachedSte ste(boolean ats, boolean atschk) {
        CachedSte cached = ste.get();
        if (cached == null) {
            return null;
        }
        boolean differs = staleness.compares()
                && (ats && cached.atschk != atschk || differs(cached.ste, cached.at));
        if (staleness.serves(sid, Kind.STE, differs, cached.doomed)) {
            return cached;
        }
        ste.set(null);
        dropCds();                                              // they were found through it
        return null;
    }

    private void dropCds() {
        l1cd.set(null);
        for (int i = 0; i < cds.size(); i++) {
            cds.get(i).set(null);
        }
    }

    /** The CD with that index for a transaction to use, null if it has to be fetched. */
    CachedCd cd(int index) {
        for (int i = 0; i < cds.size(); i++) {
            CachedCd cached = cds.get(i).get();
            if (cached != null && cached.index == index) {
                boolean differs = staleness.compares() && differs(cached.cd, cached.at);
                if (staleness.serves(sid, Kind.CD, differs, cached.doomed)) {
                    return cached;
                }
                cds.get(i).set(null);
                return null;
            }
        }
        return null;
    }

    /** Is the level-1 descriptor at {@code at} cached and to be used? Its value is {@link #l1std}. */
    boolean hasL1std(long at) {
        return has(l1std, Kind.L1STD, at);
    }

    /** As {@link #hasL1std}, for that of a CD. */
    boolean hasL1cd(long at) {
        return has(l1cd, Kind.L1CD, at);
    }

    private boolean has(Ref<CachedL1> slot, Kind kind, long at) {
        CachedL1 cached = slot.get();
        if (cached == null || cached.at != at) {
            return false;
        }
        boolean differs = staleness.compares() && ram.load(at) != cached.word;
        if (!staleness.serves(sid, kind, differs, cached.doomed)) {
            slot.set(null);
            return false;
        }
        return true;
    }

    long l1cd() {
        return l1cd.get().word;
    }

    long l1std() {
        return l1std.get().word;
    }

    private boolean differs(Ste cached, long at) {
        for (int i = 0; i < Ste.used(cached.w0()); i++) {
            if (ram.load(at + 8L * i) != cached.word(i)) {
                return true;
            }
        }
        return false;
    }

    private boolean differs(Cd cached, long at) {
        for (int i = 0; i < Cd.used(cached.w0()); i++) {
            if (ram.load(at + 8L * i) != cached.word(i)) {
                return true;
            }
        }
        return false;
    }

    void rememberL1std(long word, long at) {
        l1std.set(new CachedL1(word, at, false));
    }

    void rememberL1cd(long word, long at) {
        l1cd.set(new CachedL1(word, at, false));
    }

    /** @param at where it is */
    void remember(Ste read, boolean legal, long at, boolean atschk) {
        ste.set(new CachedSte(read, legal, at, atschk, false));
    }

    /** @param at where it is */
    void remember(int index, Cd read, Verdict verdict, long at) {
        cds.get(slot()).set(new CachedCd(index, read, verdict, at, false));
    }

    private int slot() {
        for (int i = 0; i < cds.size(); i++) {
            if (cds.get(i).get() == null) {
                return i;
            }
        }
        return (int) (victim.add(1) - 1) & cds.size() - 1;
    }

    // Invalidation: at once, or from the next complete CMD_SYNC on.

    void forgetL1std() {
        forgetL1(l1std);
    }

    void forgetL1cd() {
        forgetL1(l1cd);
    }

    private void forgetL1(Ref<CachedL1> slot) {
        CachedL1 c = slot.get();
        if (c != null && !staleness.refetches(c.doomed || ram.load(c.at) != c.word)) {
            slot.set(staleness.late() ? new CachedL1(c.word, c.at, true) : null);
        }
    }

    /** The STE and all CDs found through it. */
    void forgetSte() {
        CachedSte c = ste.get();
        if (c != null && staleness.refetches(c.doomed || differs(c.ste, c.at))) {
            ste.set(new CachedSte(c.ste, c.legal, c.at, staleness.atschk(), false));
        } else if (c != null) {
            ste.set(staleness.late() ? new CachedSte(c.ste, c.legal, c.at, c.atschk, true) : null);
        }
        forgetCds();
    }

    /** All CDs and the way to them. */
    void forgetCds() {
        forgetL1cd();
        for (int i = 0; i < cds.size(); i++) {
            forget(cds.get(i));
        }
    }

    void forgetCd(int index) {
        for (int i = 0; i < cds.size(); i++) {
            CachedCd c = cds.get(i).get();
            if (c != null && c.index == index) {
                forget(cds.get(i));
            }
        }
    }

    private void forget(Ref<CachedCd> slot) {
        CachedCd c = slot.get();
        if (c != null && !staleness.refetches(c.doomed || differs(c.cd, c.at))) {
            slot.set(staleness.late() ? new CachedCd(c.index, c.cd, c.verdict, c.at, true) : null);
        }
    }

    /** What was invalidated is gone for good. */
    void purge() {
        purge(l1std);
        purge(l1cd);
        if (ste.get() != null && ste.get().doomed) {
            ste.set(null);
        }
        for (int i = 0; i < cds.size(); i++) {
            CachedCd c = cds.get(i).get();
            if (c != null && c.doomed) {
                cds.get(i).set(null);
            }
        }
    }

    private static void purge(Ref<CachedL1> slot) {
        if (slot.get() != null && slot.get().doomed) {
            slot.set(null);
        }
    }

    // What is there, without using it.

    CachedSte peekSte() {
        return ste.get();
    }

    /** Is some level-1 descriptor remembered? Its value is {@link #l1std}. */
    boolean peekL1std(long at) {
        return l1std.get() != null && l1std.get().at == at;
    }
}
