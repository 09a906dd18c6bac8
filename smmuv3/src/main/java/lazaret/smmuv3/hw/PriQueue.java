// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3.hw;

import lazaret.machine.Log;
import lazaret.machine.Machine;
import lazaret.machine.Ram;
import lazaret.pcie.Pasid;
import lazaret.pcie.Tlp;
import lazaret.smmuv3.Command;
import lazaret.smmuv3.Cr0;
import lazaret.smmuv3.Gerror;
import lazaret.smmuv3.Idr3;
import lazaret.smmuv3.PriEntry;
import lazaret.smmuv3.Queue;
import lazaret.smmuv3.Reg;
import lazaret.smmuv3.Ste;

/**
 * Where the page requests of functions wait for software. What cannot be written is answered at once, as far
 * as it asks for an answer: a queue that is off or broken fails it, one that has overflowed says success, and
 * the function asks again. Unlike events nothing is written after an overflow until software acknowledges it.
 *
 * @spec IHI0070 3.5.3
 * @spec IHI0070 8.1
 */
final class PriQueue {
    private final Ram ram;
    private final Log log;
    private final boolean pps;
    private final Registers registers;
    private final Interrupts interrupts;

    PriQueue(Machine machine, SmmuParams params, Registers registers, Interrupts interrupts) {
        ram = machine.ram();
        log = machine.log();
        pps = params.has(Idr3.PPS);
        this.registers = registers;
        this.interrupts = interrupts;
    }

    /** A function asks for a page. */
    void take(Port port, Tlp.PageRequest r) {
        boolean ssv = r.pasid() != Pasid.NONE;
        var entry = new PriEntry(port.sid(), ssv, ssv ? r.pasid() : 0, ssv && r.priv(), ssv && r.exec(),
                r.read(), r.write(), r.last(), r.prgIndex(), r.address());
        boolean written = open() && write(port, entry);
        if (log.narrates()) {
            log.add(new SmmuEntry.PageRequested(entry, written));
        }
        if (!written && !open()) {
            answer(port, entry, Command.Resp.FAILURE, false);
        }
    }

    private boolean open() {
        return registers.on(Cr0.SMMUEN) && registers.on(Cr0.PRIQEN) && registers.working()
                && !interrupts.active(Gerror.PRIQ_ABT_ERR);
    }

    private boolean write(Port port, PriEntry entry) {
        Queue queue = registers.priq();
        int prod = (int) registers.get(Reg.PRIQ_PROD);
        int cons = (int) registers.get(Reg.PRIQ_CONS);
        if (Queue.overflowed(prod, cons) || queue.space(prod, cons) == 0) {
            registers.set(Reg.PRIQ_PROD, Queue.drop(prod, cons));
            interrupts.pageRequested(false, entry.last());
            overflowed(port, entry);
            return false;
        }
        long at = queue.slot(registers.get(Reg.PRIQ_BASE), prod, Queue.PRI);
        if (!ram.backs(at)) {
            interrupts.raise(Gerror.PRIQ_ABT_ERR);
            return false;
        }
        ram.store(at, entry.w0());
        ram.store(at + 8, entry.w1());
        registers.set(Reg.PRIQ_PROD, Integer.toUnsignedLong(queue.inc(prod)));
        interrupts.pageRequested(queue.empty(prod, cons), entry.last());
        return true;
    }

    /** Where the answer must carry a PASID and nobody knows whether it may, the STE says so. */
    private void overflowed(Port port, PriEntry entry) {
        if (!entry.last()) {
            return;
        }
        if (!entry.ssv() || pps) {
            answer(port, entry, Command.Resp.SUCCESS, entry.ssv());
            return;
        }
        Ste ste = entry.stopMarker() ? null : port.steNow();
        if (ste == null) {
            answer(port, entry, Command.Resp.FAILURE, false);
        } else {
            answer(port, entry, Command.Resp.SUCCESS, ste.test(Ste.PPAR));
        }
    }

    private void answer(Port port, PriEntry entry, Command.Resp how, boolean withPasid) {
        if (!entry.stopMarker()) {
            port.respond(entry.prgIndex(), withPasid ? entry.ssid() : Pasid.NONE, how);
        }
    }
}
