// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

import lazaret.machine.Field;
import lazaret.machine.Ram;
import lazaret.machine.Undo;
import lazaret.pcie.At;
import lazaret.pcie.Pasid;

/**
 * Memory with one stream, 0x100, whose stage 1 maps one page as vector W1 has it, and the registers of an
 * SMMU that looks at it. Tests change what they are about.
 */
final class Setup {
    static final int SID = 0x100;
    static final long VA = 0x0000_7F12_3456_789CL;
    static final long PA = 0x8_AA55_D89CL;

    static final long STRTAB = 0x8_8000_0000L;
    static final long CDTAB = 0x8_8123_0000L;
    static final long L0 = 0x9_0B00_07F0L;
    static final long L1 = 0x9_0B00_1240L;
    static final long L2 = 0x9_0B00_2D10L;
    static final long L3 = 0x9_0B00_3B38L;

    static final Ste STE = Ste.of(0x0000_0008_8123_000BL, 0x0000_0000_1000_00D6L, 0, 0, 0, 0, 0, 0);
    static final Cd CD = Cd.of(0x0007_E205_C000_3510L, 0x9_0B00_0000L, 0, 0xF404_FF44L, 0, 0, 0, 0);

    static final AccessType PRIV_READ = new AccessType(false, false, true);
    static final AccessType PRIV_WRITE = new AccessType(true, false, true);
    static final AccessType FETCH = new AccessType(false, true, false);
    static final AccessType PRIV_FETCH = new AccessType(false, true, true);

    final Ram memory = new Ram(new Undo(), 1L << 40);
    Idr idr = Vectors.IDR;
    long cr0 = Cr0.SMMUEN.prep(true) | Cr0.ATSCHK.prep(true);
    long cr2 = Cr2.RECINVSID.prep(true);
    long gbpa;
    long strtabBase = STRTAB;
    long strtabBaseCfg = StrtabBaseCfg.LOG2SIZE.prep(16);

    Setup() {
        ste(STE);
        cd(CDTAB, CD);
        memory.store(L0, 0x9_0B00_1003L);
        memory.store(L1, 0x9_0B00_2003L);
        memory.store(L2, 0x9_0B00_3003L);
        memory.store(L3, 0x8_AA55_DF47L);
    }

    Regs regs() {
        return new Regs(idr, cr0, cr2, gbpa, strtabBase, strtabBaseCfg);
    }

    void ste(Ste ste) {
        store(STRTAB + SID * (long) Ste.SIZE, ste.words());
    }

    void cd(long at, Cd cd) {
        store(at, cd.words());
    }

    /** The CD with one field different. */
    void cd(Field field, long value) {
        cd(CDTAB, CD.with(field, value));
    }

    /** The STE with one field different. */
    void ste(Field field, long value) {
        ste(STE.with(field, value));
    }

    void cr2(Field... set) {
        cr2 = 0;
        for (Field field : set) {
            cr2 |= field.prep(true);
        }
    }

    Outcome read(long iova) {
        return run(AccessType.READ, iova);
    }

    Outcome write(long iova) {
        return run(AccessType.WRITE, iova);
    }

    Outcome run(AccessType type, long iova) {
        return run(Transaction.untranslated(SID, type, iova));
    }

    Walk.Done whole(AccessType type, long iova) {
        return Walk.whole(memory, regs(), Transaction.untranslated(SID, type, iova));
    }

    Outcome run(Transaction transaction) {
        return Walk.whole(memory, regs(), transaction).outcome();
    }

    /** As hardware does it: descriptors are marked. */
    Walk.Done act(Transaction transaction) {
        Walk walk = Walk.start(regs(), transaction);
        while (!walk.done()) {
            if (!walk.unknown()) {
                long at = walk.wants();
                memory.store(at, walk.marked(memory.load(at)));
                walk.feed(memory.load(at));
            }
        }
        return walk.end();
    }

    static Transaction withSsid(int ssid, long iova) {
        return new Transaction(SID, ssid, At.UNTRANSLATED, AccessType.READ, iova);
    }

    /** A request for reading and writing. */
    static Transaction translationRequest(long iova) {
        return new Transaction(SID, Pasid.NONE, At.TRANSLATION_REQUEST, AccessType.WRITE, iova);
    }

    static Transaction translated(AccessType type, long pa) {
        return new Transaction(SID, Pasid.NONE, At.TRANSLATED, type, pa);
    }

    static Outcome.Refused aborted(Event event) {
        return new Outcome.Refused(event, true);
    }

    static Event.Origin origin() {
        return new Event.Origin(SID, false, 0);
    }

    static Event.Origin origin(int ssid) {
        return new Event.Origin(SID, true, ssid);
    }

    static Event.Fault fault(AccessType access, long iova) {
        return new Event.Fault(0, false, access, false, Evt.Class.IN, iova, 0);
    }

    static Event.Fetch fetch(long address) {
        return new Event.Fetch(0, false, address);
    }

    private void store(long at, long[] words) {
        for (int i = 0; i < words.length; i++) {
            memory.store(at + i * 8L, words[i]);
        }
    }
}
