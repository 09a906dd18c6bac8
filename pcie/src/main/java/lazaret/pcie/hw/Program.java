// SPDX-License-Identifier: Apache-2.0
package lazaret.pcie.hw;

import java.util.ArrayList;
import java.util.List;
import lazaret.machine.Alarm;
import lazaret.machine.Machine;
import lazaret.machine.Memo;
import lazaret.machine.Ref;
import lazaret.machine.Undo;
import lazaret.machine.Word;
import lazaret.pcie.Pasid;

/**
 * What an endpoint does on its own: reads and writes of one word each, in order, some number of rounds.
 * Written while the machine is wired, {@code nic.program().write(0x1000, 7).read(0x1000).repeat(3)}, and
 * started by {@link #ring}.
 *
 * <p>With ATS enabled an operation goes through the ATC: it asks for a translation if there is none, and is
 * sent a step after it was translated. An operation that cannot be done comes to nothing, and the next one
 * follows.
 */
public final class Program {
    enum Kind { READ, WRITE, FORGED_WRITE }

    /**
     * One operation.
     *
     * @param address IOVA, or for a forged write what the endpoint pretends its ATC said
     * @param viaAtc  through the ATC when ATS is enabled
     */
    record Operation(Kind kind, long address, long data, int pasid, boolean viaAtc) {
        Operation {
            if ((address & 7) != 0) {
                throw new IllegalArgumentException("not a word's address: 0x" + Long.toHexString(address));
            }
        }

        boolean writes() {
            return kind != Kind.READ;
        }
    }

    private final Machine machine;
    private final List<Operation> operations = new ArrayList<>();  // wiring
    private final Word rounds;
    private final Word patient;
    private final Word viaAtc;
    private final Word pasid;
    private final Word left;
    private final Word next;
    private final Memo done;
    private final Memo failed;
    private final Memo skipped;
    private final Memo lastRead;
    private final Word delay;
    private final Ref<Alarm> begins;

    Program(Machine machine) {
        this.machine = machine;
        Undo undo = machine.undo();
        rounds = new Word(undo, 1);
        patient = new Word(undo);
        viaAtc = new Word(undo, 1);
        pasid = new Word(undo, Pasid.NONE);
        left = new Word(undo);
        next = new Word(undo);
        done = new Memo(undo);
        failed = new Memo(undo);
        skipped = new Memo(undo);
        lastRead = new Memo(undo);
        delay = new Word(undo);
        begins = new Ref<>(undo, null);
    }

    public Program write(long iova, long value) {
        return add(Kind.WRITE, iova, value);
    }

    public Program read(long iova) {
        return add(Kind.READ, iova, 0);
    }

    /** A write that claims to be translated to {@code pa}, which no root complex ever said. */
    public Program forgedWrite(long pa, long value) {
        return add(Kind.FORGED_WRITE, pa, value);
    }

    /** The operations from here on are untranslated, also with ATS enabled. */
    public Program untranslated() {
        viaAtc.set(false);
        return this;
    }

    /** The operations from here on go through the ATC when ATS is enabled, as do the first ones. */
    public Program translated() {
        viaAtc.set(true);
        return this;
    }

    /** The operations from here on are for this address space, or {@link Pasid#NONE}. */
    public Program pasid(int space) {
        pasid.set(space);
        return this;
    }

    /** All operations together are done {@code n} times for each {@link #ring}. */
    public Program repeat(int n) {
        rounds.set(n);
        return this;
    }

    /** While the endpoint may not send requests, the program waits instead of skipping operations. */
    public Program patiently() {
        patient.set(true);
        return this;
    }

    /** It begins {@code us} microseconds after {@link #ring}: something outside gives the device its work. */
    public Program after(long us) {
        delay.set(us);
        begins.set(machine.clock().alarm("program"));
        return this;
    }

    /** Starts the program; while it runs, adds its rounds once more. Anybody may call it, at any time. */
    public void ring() {
        if (operations.isEmpty()) {
            throw new IllegalStateException("a program without operations");
        }
        left.add(rounds.get());
        if (begins.get() != null) {
            begins.get().arm(delay.get());
        }
    }

    /** Nothing left to do. An operation that was begun counts as left until its answer came. */
    public boolean idle() {
        return !left.test();
    }

    /** How many operations ended as they should so far: writes were sent, reads answered. */
    public long done() {
        return done.get();
    }

    /** How many operations were refused: no translation, or a read that was not answered successfully. */
    public long failed() {
        return failed.get();
    }

    /** How many operations the endpoint could not even try. */
    public long skipped() {
        return skipped.get();
    }

    /** What the last read that was answered brought. */
    public long lastRead() {
        return lastRead.get();
    }

    /** Is there something to do now? */
    boolean wanted() {
        return !idle() && (begins.get() == null || begins.get().due());
    }

    boolean patient() {
        return patient.test();
    }

    Operation operation() {
        return operations.get(next.asInt());
    }

    void writeDone() {
        done.increment();
        advance();
    }

    void readDone(long data) {
        lastRead.set(data);
        done.increment();
        advance();
    }

    void fail() {
        failed.increment();
        advance();
    }

    void skip() {
        skipped.increment();
        advance();
    }

    /** Gives up what is left. */
    void abandon() {
        left.set(0);
        next.set(0);
    }

    private void advance() {
        if (next.get() + 1 < operations.size()) {
            next.add(1);
        } else {
            next.set(0);
            left.add(-1);
        }
    }

    private Program add(Kind kind, long address, long data) {
        boolean throughAtc = viaAtc.test() && kind != Kind.FORGED_WRITE;
        operations.add(new Operation(kind, address, data, pasid.asInt(), throughAtc));
        return this;
    }
}
