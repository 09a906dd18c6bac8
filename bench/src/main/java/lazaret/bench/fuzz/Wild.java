// SPDX-License-Identifier: Apache-2.0
package lazaret.bench.fuzz;

import lazaret.pcie.At;
import lazaret.pcie.DownTlp;
import lazaret.pcie.Function;
import lazaret.pcie.Pasid;
import lazaret.pcie.RootPort;
import lazaret.pcie.Tlp;

/** A function without manners. Counts what it is answered. */
final class Wild implements Function {
    private final int rid;
    private RootPort port;
    private int asked;
    private int answered;
    private boolean there;

    Wild(int rid) {
        this.rid = rid;
    }

    void connect(RootPort root) {
        port = root;
    }

    /** A new input begins. */
    void begin() {
        asked = 0;
        answered = 0;
        there = true;
    }

    /** It goes, or comes back. */
    void toggle() {
        there ^= true;
    }

    void sends(Bytes in) {
        int how = in.next();
        At at = At.values()[how % 3];
        int pasid = (how & 0x10) == 0 ? Pasid.NONE : (int) in.word() & 0xfffff;
        switch (how >>> 5) {
            case 0, 1 -> write(at == At.TRANSLATION_REQUEST ? At.TRANSLATED : at, pasid, in.word() & ~7, how);
            case 2 -> read(at == At.TRANSLATION_REQUEST ? At.TRANSLATED : at, pasid, in.word() & ~7);
            case 3, 4 -> ask(pasid, in.next(), in.word() & ~0xfff);
            case 5 -> port.send(new Tlp.InvalidateCompletion(rid, (int) in.word(), in.next() & 7));
            default -> beg(pasid, in.next(), (int) in.word() & 0x1ff, in.word() & ~0xfff);
        }
    }

    private void write(At at, int pasid, long address, long data) {
        port.send(new Tlp.MemWrite(rid, at, pasid, address, data, address));
    }

    private void read(At at, int pasid, long address) {
        asked++;
        port.send(new Tlp.MemRead(rid, at, pasid, address, asked & 0x3ff, address));
    }

    private void ask(int pasid, int flags, long address) {
        asked++;
        boolean pasidThere = pasid != Pasid.NONE;
        port.send(new Tlp.TranslationRequest(rid, pasid, pasidThere && (flags & 1) != 0,
                pasidThere && (flags & 2) != 0, (flags & 4) != 0, address, asked & 0x3ff));
    }

    private void beg(int pasid, int flags, int group, long address) {
        port.send(new Tlp.PageRequest(rid, pasid, address, group, (flags & 1) != 0, (flags & 2) != 0,
                (flags & 4) != 0, (flags & 8) != 0, (flags & 16) != 0));
    }

    /** A translated write to where nobody let it. */
    void forges(long pa, long data) {
        write(At.TRANSLATED, Pasid.NONE, pa, data);
    }

    @Override
    public int rid() {
        return rid;
    }

    @Override
    public void receive(DownTlp tlp) {
        switch (tlp) {
            case DownTlp.ReadCompletion _, DownTlp.TranslationCompletion _ -> answered++;
            case DownTlp.InvalidateRequest _, DownTlp.PrgResponse _ -> { }
        }
    }

    @Override
    public boolean listening() {
        return there;
    }

    /** Was more answered than asked? */
    boolean overfed() {
        return answered > asked;
    }
}
