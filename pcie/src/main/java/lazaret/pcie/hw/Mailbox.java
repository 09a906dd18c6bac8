// SPDX-License-Identifier: Apache-2.0
package lazaret.pcie.hw;

import lazaret.machine.Log;
import lazaret.machine.Machine;
import lazaret.machine.Word;
import lazaret.pcie.At;
import lazaret.pcie.PcieEntry;
import lazaret.pcie.Tlp;

/** What other functions find in a function's BAR 0: one word stands for all. */
final class Mailbox {
    private final Log log;
    private final int rid;
    private final Word word;

    Mailbox(Machine machine, int rid) {
        this.rid = rid;
        log = machine.log();
        word = new Word(machine.undo());
    }

    long word() {
        return word.get();
    }

    /** A read or write of another function; returns what a read brings. */
    long reached(Tlp tlp) {
        switch (tlp) {
            case Tlp.MemWrite w -> {
                word.set(w.data());
                tell(w.rid(), w.at(), true, w.address());
            }
            case Tlp.MemRead r -> tell(r.rid(), r.at(), false, r.address());
            case Tlp.TranslationRequest _, Tlp.InvalidateCompletion _, Tlp.PageRequest _ ->
                throw new IllegalArgumentException("no memory request: " + tlp);
        }
        return word.get();
    }

    private void tell(int from, At at, boolean write, long address) {
        if (log.hears()) {
            log.add(new PcieEntry.PeerReached(rid, from, at, write, address, word.get()));
        }
    }
}
