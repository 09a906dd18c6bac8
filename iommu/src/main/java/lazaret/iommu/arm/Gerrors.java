// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

import java.util.function.IntFunction;
import lazaret.kernel.GuardedWord;
import lazaret.kernel.Held;
import lazaret.kernel.Kernel;
import lazaret.kernel.Level;
import lazaret.kernel.Lifetime;
import lazaret.kernel.Spinlock;
import lazaret.machine.Word;
import lazaret.smmuv3.CmdError;
import lazaret.smmuv3.CmdqCons;
import lazaret.smmuv3.Command;
import lazaret.smmuv3.Gerror;
import lazaret.smmuv3.Queue;
import lazaret.smmuv3.Reg;

/**
 * Global errors, handled by the interrupt or by whoever waits for a SYNC, whichever comes first: the
 * interrupt may be pending on a CPU that waits with interrupts off.
 *
 * @kernel arm_smmu_gerror_handler
 * @req R87
 */
public final class Gerrors {
    /**
     * After so many reports at one place without progress the interrupt leaves the error to those who wait.
     */
    private static final int STORM = 4;
    private static final int NOWHERE = -1;

    private final Kernel kernel;
    private final SmmuDesign design;
    private final String name;
    private final SmmuRegs regs;
    private final AtcErrors errors;
    /** The master of a stream, or null. */
    private final IntFunction<Master> masters;
    private final Queue q;
    /** Written at probe, constant after: value of CMDQ_BASE. */
    private final Word base;
    private final Spinlock lock;
    /** Guarded by lock. CONS at the last CMDQ error, unless it has been passed. */
    private final GuardedWord lastCons;
    /** Guarded by lock. How often in a row CONS was there. */
    private final GuardedWord repeats;

    Gerrors(Kernel kernel, SmmuDesign design, SmmuSetup setup, SmmuRegs regs, AtcErrors errors, Word base,
            Lifetime life, IntFunction<Master> masters) {
        this.kernel = kernel;
        this.design = design;
        this.regs = regs;
        this.errors = errors;
        this.masters = masters;
        this.base = base;
        name = setup.name();
        q = new Queue(setup.cmdqLog2());
        lock = new Spinlock(kernel, "gerror_lock");
        lastCons = new GuardedWord(kernel, "last_cons", lock, life, NOWHERE);
        repeats = new GuardedWord(kernel, "repeats", lock, life, 0);
    }

    /** Handles what is active. Any context. */
    void handle() {
        kernel.forgets().run(() -> {
            try (Held _ = lock.irqsave()) {
                handleLocked(false);
            }
        });
    }

    /** The interrupt handler. */
    void irq() {
        try (Held _ = lock.irqsave()) {
            handleLocked(true);
        }
    }

    /** A SYNC at which an error was reported has been consumed: the queue runs again. */
    void passed() {
        kernel.forgets().run(() -> {
            try (Held _ = lock.irqsave()) {
                repeats.set(0);
                lastCons.set(NOWHERE);
            }
        });
    }

    /** The issuer of the SYNC at {@code slot} waits no longer. */
    void abandon(int slot) {
        kernel.forgets().run(() -> {
            try (Held _ = lock.irqsave()) {
                errors.abandon(slot);
            }
        });
    }

    /** Has the command queue stopped at an error that nobody acknowledged? For conditions. */
    boolean peekCmdqErr() {
        return Gerror.CMDQ_ERR.test(Gerror.active(regs.peek(Reg.GERROR), regs.peek(Reg.GERRORN)));
    }

    private void handleLocked(boolean interrupt) {
        int gerror = regs.read(Reg.GERROR);
        int active = Gerror.active(gerror, regs.read(Reg.GERRORN));
        if (active == 0) {
            return;
        }
        kernel.printk(Level.WARN, name + ": unexpected global error reported (" + SmmuRegs.hex(active)
                + "), this could be serious");
        reportOthers(active);
        if (!Gerror.CMDQ_ERR.test(active)) {
            acknowledge(gerror);
            return;
        }
        int cons = regs.read(Reg.CMDQ_CONS);
        if (interrupt && storm(cons)) {
            kernel.printk(Level.ERR, name + ": CMDQ stopped at cons " + SmmuRegs.hex(cons)
                    + ", left to those who wait");
            return;
        }
        design.onCmdqError(new CmdqError(this, cons, gerror));
    }

    private boolean storm(int cons) {
        repeats.set(cons == lastCons.get() ? repeats.get() + 1 : 0);
        lastCons.set(cons);
        return repeats.get() >= STORM;
    }

    private void reportOthers(int active) {
        say(Gerror.SFM_ERR.test(active), "device has entered Service Failure Mode!");
        say(Gerror.MSI_GERROR_ABT_ERR.test(active), "GERROR MSI write aborted");
        say(Gerror.MSI_PRIQ_ABT_ERR.test(active), "PRIQ MSI write aborted");
        say(Gerror.MSI_EVENTQ_ABT_ERR.test(active), "EVTQ MSI write aborted");
        say(Gerror.MSI_CMDQ_ABT_ERR.test(active), "CMDQ MSI write aborted");
        say(Gerror.PRIQ_ABT_ERR.test(active), "PRIQ write aborted -- events may have been lost");
        say(Gerror.EVENTQ_ABT_ERR.test(active), "EVTQ write aborted -- events may have been lost");
    }

    private void say(boolean happened, String what) {
        if (happened) {
            kernel.printk(Level.ERR, name + ": " + what);
        }
    }

    /** @kernel arm_smmu_cmdq_skip_err @req R82 R83 */
    void skipErr(int cons) {
        lock.assertHeld();
        CmdError error = CmdError.of(cons);
        kernel.printk(Level.ERR, name + ": CMDQ error (cons " + SmmuRegs.hex(cons) + "): "
                + (error == null ? "Unknown" : error.text()));
        switch (error) {
            case ATC_INV_SYNC -> record(cons);
            case ILL -> replaceBySync(cons);
            case ABT -> { }                                     // fetched again
            case NONE -> recordAll(cons);
            case null -> recordAll(cons);
        }
    }

    private void record(int cons) {
        if (errors.isReplacement(cons)) {
            recordAll(cons);
        } else {
            errors.record(cons);
        }
    }

    /** Nobody can tell whose error it is: it is that of all who wait for a SYNC from here on. @req R72 */
    void recordAll(int cons) {
        int prod = regs.read(Reg.CMDQ_PROD);
        for (int at = CmdqCons.RD.getInt(cons); !q.empty(prod, at); at = q.inc(at)) {
            if (command(at) instanceof Command.Sync && !errors.isReplacement(at)) {
                errors.record(at);
            }
        }
    }

    private Command command(int at) {
        long pa = q.slot(base.get(), at, Queue.COMMAND);
        return Command.decode(kernel.memory().load(pa), kernel.memory().load(pa + Long.BYTES));
    }

    /** The master to which the command before the one at {@code cons} goes, if it is an ATC_INV; or null. */
    Master askedBefore(int cons) {
        int before = CmdqCons.RD.getInt(cons) + 2 * q.size() - 1 & 2 * q.size() - 1;
        return command(before) instanceof Command.AtcInv atc ? masters.apply(atc.sid()) : null;
    }

    /** The hardware fetches from CONS again after the acknowledgement; a SYNC there does no harm. */
    private void replaceBySync(int cons) {
        kernel.printk(Level.ERR, name + ": skipping command in error state: " + command(cons).text());
        errors.replace(cons);
        long pa = q.slot(base.get(), cons, Queue.COMMAND);
        kernel.memory().store(pa, Command.Sync.SEV.w0());
        kernel.memory().store(pa + Long.BYTES, Command.Sync.SEV.w1());
    }

    void acknowledge(int gerror) {
        lock.assertHeld();
        regs.write(Reg.GERRORN, gerror);
    }
}
