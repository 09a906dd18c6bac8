// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3.hw;

import lazaret.machine.Log;
import lazaret.machine.Machine;
import lazaret.machine.Ram;
import lazaret.machine.Strand;
import lazaret.pcie.At;
import lazaret.pcie.CplStatus;
import lazaret.pcie.DownTlp;
import lazaret.pcie.Tlp;

/** The way from a port to memory: each step lets the oldest access that has passed its check take effect. */
final class Landing implements Strand {
    private final String name;
    private final Port port;
    private final Inbox inbox;
    private final Ram ram;
    private final Log log;

    Landing(Machine machine, Port port) {
        this.port = port;
        name = "smmu landing 0x" + Integer.toHexString(port.sid());
        inbox = port.inbox();
        ram = machine.ram();
        log = machine.log();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String lane() {
        return Smmu.LANE;
    }

    @Override
    public boolean enabled() {
        return inbox.admitted();
    }

    @Override
    public void step() {
        Tlp tlp = inbox.landing();
        long pa = inbox.landingPa();
        inbox.land();
        port.left();
        switch (tlp) {
            case Tlp.MemWrite w -> write(w, pa);
            case Tlp.MemRead r -> read(r, pa);
            case Tlp.TranslationRequest _, Tlp.PageRequest _, Tlp.InvalidateCompletion _ ->
                throw new IllegalStateException("never lands: " + tlp);
        }
    }

    private void write(Tlp.MemWrite w, long pa) {
        if (!ram.backs(pa)) {
            nowhere(w.at(), w.iova(), true);
            return;
        }
        ram.store(pa, w.data());
        if (log.hears()) {
            log.add(new SmmuEntry.DmaLanded(port.sid(), w.at(), w.iova(), pa, true, w.data()));
        }
    }

    private void read(Tlp.MemRead r, long pa) {
        if (!ram.backs(pa)) {
            nowhere(r.at(), r.iova(), false);
            port.function().receive(new DownTlp.ReadCompletion(CplStatus.UR, r.tag(), 0));
            return;
        }
        long data = ram.load(pa);
        if (log.hears()) {
            log.add(new SmmuEntry.DmaLanded(port.sid(), r.at(), r.iova(), pa, false, data));
        }
        port.function().receive(new DownTlp.ReadCompletion(CplStatus.SC, r.tag(), data));
    }

    private void nowhere(At at, long iova, boolean write) {
        if (log.hears()) {
            log.add(new SmmuEntry.DmaRefused(port.sid(), at, iova, write, "no memory"));
        }
    }
}
