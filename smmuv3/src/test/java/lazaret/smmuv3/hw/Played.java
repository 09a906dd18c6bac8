// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3.hw;

import java.util.ArrayList;
import java.util.List;
import lazaret.pcie.At;
import lazaret.pcie.DownTlp;
import lazaret.pcie.Function;
import lazaret.pcie.Pasid;
import lazaret.pcie.RootPort;
import lazaret.pcie.Tlp;

/** A function played by hand: it does nothing by itself and keeps what it receives. */
final class Played implements Function {
    final List<DownTlp> received = new ArrayList<>();
    RootPort port;
    boolean listening = true;
    private final int rid;

    Played(int rid) {
        this.rid = rid;
    }

    @Override
    public int rid() {
        return rid;
    }

    @Override
    public void receive(DownTlp tlp) {
        received.add(tlp);
    }

    @Override
    public boolean listening() {
        return listening;
    }

    void writes(long iova, long data) {
        port.send(new Tlp.MemWrite(rid, At.UNTRANSLATED, Pasid.NONE, iova, data, iova));
    }

    void writesTranslated(long pa, long data) {
        port.send(new Tlp.MemWrite(rid, At.TRANSLATED, Pasid.NONE, pa, data, 0x5000));
    }

    void reads(long iova) {
        port.send(new Tlp.MemRead(rid, At.UNTRANSLATED, Pasid.NONE, iova, 7, iova));
    }

    void readsTranslated(long pa) {
        port.send(new Tlp.MemRead(rid, At.TRANSLATED, Pasid.NONE, pa, 7, 0x5000));
    }

    void asks(long iova) {
        port.send(new Tlp.TranslationRequest(rid, Pasid.NONE, false, false, false, iova, 9));
    }

    void answers(int... itags) {
        int vector = 0;
        for (int itag : itags) {
            vector |= 1 << itag;
        }
        port.send(new Tlp.InvalidateCompletion(rid, vector, 1));
    }

    /** The last thing that came. */
    DownTlp last() {
        return received.getLast();
    }
}
