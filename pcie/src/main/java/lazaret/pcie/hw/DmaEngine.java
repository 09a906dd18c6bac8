// SPDX-License-Identifier: Apache-2.0
package lazaret.pcie.hw;

import java.util.List;
import lazaret.machine.Alarm;
import lazaret.machine.Log;
import lazaret.machine.Machine;
import lazaret.machine.Ref;
import lazaret.machine.Strand;
import lazaret.machine.Undo;
import lazaret.machine.Word;
import lazaret.pcie.At;
import lazaret.pcie.AtsEntry;
import lazaret.pcie.AtsSpan;
import lazaret.pcie.CplStatus;
import lazaret.pcie.DownTlp.InvalidateRequest;
import lazaret.pcie.Pasid;
import lazaret.pcie.PcieEntry;
import lazaret.pcie.Tlp;
import lazaret.pcie.hw.EndpointFaults.Defect;
import lazaret.pcie.hw.Program.Operation;

/**
 * Executes one {@link Program}, one operation at a time:
 *
 * <pre>
 * IDLE ─┬─ untranslated ─────────────────────────────────── sends ─┬─ write: next operation
 *       ├─ miss ─ sends a request ► ASKED ─ fills the ATC ┐        └─ read ► READING ─ answered: next one
 *       └─ hit ──────────────────────────────────────────┴► READY ─ sends as above
 * </pre>
 *
 * Where the answer in ASKED denies the page and page requests are enabled, it asks software for the page,
 * once for each operation, waits for the response (PAGED), and begins again. A request that nobody answers it
 * gives up, if it was made to; should the answer come later, it finds another tag.
 *
 * Between READY and the sending anything may happen to the ATC: the TLP has been translated and may legally
 * go out until an invalidation of its page was answered. So an invalidation pushes it first ({@link #push}).
 */
final class DmaEngine implements Strand {
    private enum Phase { IDLE, AGAIN, READY, ASKED, READING, PAGED }

    private static final int INDEX_BITS = 3;
    private static final int TURN_MASK = 0x7f;
    /** How many engines the tags of one endpoint can tell apart. */
    static final int LIMIT = 1 << INDEX_BITS;
    /** No response to a page request yet. */
    private static final int NONE = -1;
    private static final long EVERYTHING = AtsSpan.encode(0, AtsSpan.ALL);

    private final String name;
    private final Endpoint endpoint;
    private final Log log;
    private final int index;
    private final Program program;
    private final Ref<Phase> phase;
    private final Ref<At> at;
    private final Word address;
    private final Word turn;
    private final Ref<CplStatus> answer;
    private final Word payload;
    private final Word crossed;
    private final Word begged;      // a page request was sent for this operation
    private final Word response;
    private final Word owed;        // the answer to an invalidation; counts in READY and READING
    private final long patienceUs;
    private final Alarm patience;

    /** @param patienceUs how long it waits for a completion; 0 for ever */
    DmaEngine(Machine machine, Endpoint endpoint, int index, Program program, long patienceUs) {
        name = endpoint.name() + " dma" + (index == 0 ? "" : index + 1);
        this.endpoint = endpoint;
        this.index = index;
        this.program = program;
        log = machine.log();
        Undo undo = machine.undo();
        phase = new Ref<>(undo, Phase.IDLE);
        at = new Ref<>(undo, At.UNTRANSLATED);
        address = new Word(undo);
        turn = new Word(undo);
        answer = new Ref<>(undo, null);
        payload = new Word(undo);
        crossed = new Word(undo);
        begged = new Word(undo);
        response = new Word(undo, NONE);
        owed = new Word(undo);
        this.patienceUs = patienceUs;
        patience = patienceUs == 0 ? null : machine.clock().alarm(name + " completion");
    }

    Program program() {
        return program;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String lane() {
        return endpoint.name();
    }

    @Override
    public boolean enabled() {
        return switch (phase.get()) {
            case IDLE -> program.wanted() && (!program.patient() || endpoint.maySend() || !endpoint.alive());
            case AGAIN, READY -> true;
            case ASKED, READING -> answer.get() != null || gaveUp();
            case PAGED -> response.get() != NONE;
        };
    }

    private boolean gaveUp() {
        return patience != null && patience.due();
    }

    @Override
    public void step() {
        if (awaitsCompletion()) {
            phase.set(Phase.IDLE);
            patience.cancel();
            fail(program.operation(), "no completion");
            return;
        }
        switch (phase.get()) {
            case IDLE -> begin();
            case AGAIN -> attempt();
            case READY -> push();
            case ASKED -> translated();
            case READING -> read();
            case PAGED -> paged();
        }
    }

    /** A device's DMA keeps no deadline. */
    @Override
    public boolean prompt() {
        return false;
    }

    /** Takes a completion if it is the one this engine waits for. */
    boolean completes(boolean translation, CplStatus status, int tag, long data) {
        Phase waits = translation ? Phase.ASKED : Phase.READING;
        if (phase.get() != waits || answer.get() != null || tag != tag()) {
            return false;
        }
        answer.set(status);
        payload.set(data);
        if (patience != null) {
            patience.cancel();
        }
        return true;
    }

    /** Takes the response to its page request, if this engine waits for one. */
    boolean responds(int code) {
        if (phase.get() != Phase.PAGED || response.get() != NONE) {
            return false;
        }
        response.set(code);
        return true;
    }

    /** Is a page request without its response? */
    boolean awaitsPage() {
        return phase.get() == Phase.PAGED && response.get() == NONE;
    }

    /** How many of these have a page request without its response. */
    static int pagesAwaited(List<DmaEngine> engines) {
        int count = 0;
        for (int i = 0; i < engines.size(); i++) {
            count += engines.get(i).awaitsPage() ? 1 : 0;
        }
        return count;
    }

    /** How many of these have a non-posted request without its completion. */
    static int completionsAwaited(List<DmaEngine> engines) {
        int count = 0;
        for (int i = 0; i < engines.size(); i++) {
            count += engines.get(i).awaitsCompletion() ? 1 : 0;
        }
        return count;
    }

    /** Is a non-posted request without its completion? */
    boolean awaitsCompletion() {
        return switch (phase.get()) {
            case IDLE, AGAIN, READY, PAGED -> false;
            case ASKED, READING -> answer.get() == null;
        };
    }

    /** Notes that translations were invalidated while this engine may be using one of them. */
    void crossedBy(InvalidateRequest request) {
        switch (phase.get()) {
            case IDLE, AGAIN, PAGED -> { }
            case ASKED -> {
                if (Atc.concerns(request, program.operation().pasid(), true)) {
                    // bit 0 is no part of the span: it makes a crossing at page 0 differ from none
                    crossed.set(crossed.test() ? EVERYTHING : request.body() | 1);
                }
            }
            case READY, READING -> {
                Operation op = program.operation();
                if (Atc.concerns(request, op.pasid(), true) && AtsSpan.covers(request.body(), op.address())) {
                    owed.set(true);
                }
            }
        }
    }

    /** ATS was disabled: what is translated and not yet sent starts anew, what is asked for is of no use. */
    void unlearn() {
        switch (phase.get()) {
            case IDLE, AGAIN, READING, PAGED -> { }
            case ASKED -> crossed.set(EVERYTHING);
            case READY -> phase.set(Phase.AGAIN);
        }
    }

    /** An invalidation may not be answered yet, because a TLP that used the translation has not been sent. */
    boolean mustPush() {
        return owed.test() && phase.get() == Phase.READY;
    }

    /** An invalidation may not be answered yet, because a read of its range is on its way. */
    boolean mustAwait() {
        return owed.test() && phase.get() == Phase.READING && answer.get() == null;
    }

    /** Sends the TLP that is translated and ready. */
    void push() {
        Operation op = program.operation();
        At type = at.get();
        long to = address.get();
        at.set(At.UNTRANSLATED);
        address.set(0);
        if (endpoint.maySend()) {
            issue(op, type, to);
        } else {
            skip(op, endpoint.whyNot());
        }
    }

    /** Gives up everything. */
    void stop() {
        idle();
        crossed.set(0);
        if (patience != null) {
            patience.cancel();
        }
        program.abandon();
    }

    private void begin() {
        if (!endpoint.alive()) {
            program.abandon();
        } else if (!endpoint.diesNow()) {
            begged.set(false);
            attempt();
        }
    }

    private void attempt() {
        phase.set(Phase.IDLE);
        owed.set(false);
        Operation op = program.operation();
        if (!endpoint.maySend()) {
            skip(op, endpoint.whyNot());
        } else if (!endpoint.has(op.pasid())) {
            skip(op, "no such PASID");
        } else if (op.viaAtc()) {
            throughAtc(op);
        } else {
            issue(op, op.kind() == Program.Kind.FORGED_WRITE ? At.TRANSLATED : At.UNTRANSLATED, op.address());
        }
    }

    private void throughAtc(Operation op) {
        long entry = endpoint.translation(op.pasid(), op.address());
        if (permits(entry, op)) {
            use(entry, op);
        } else if (endpoint.atsEnabled()) {
            ask(op);
        } else {
            issue(op, At.UNTRANSLATED, op.address());
        }
    }

    private void ask(Operation op) {
        expectAnswer(Phase.ASKED);
        crossed.set(0);
        long iova = op.address() & ~AtsSpan.offsets(endpoint.stu());
        if (log.narrates()) {
            log.add(new PcieEntry.TranslationAsked(endpoint.rid(), op.pasid(), iova));
        }
        boolean noWrite = !op.writes();
        int rid = endpoint.rid();
        endpoint.send(new Tlp.TranslationRequest(rid, op.pasid(), false, false, noWrite, iova, tag()));
    }

    private void translated() {
        Operation op = program.operation();
        CplStatus status = answer.get();
        long entry = payload.get();
        idle();
        long span = AtsSpan.encode(op.address(), AtsSpan.size(entry));
        boolean stale = crossed.test() && AtsSpan.overlap(crossed.get(), span);
        crossed.set(0);
        if (stale && !endpoint.has(Defect.INSTALLS_STALE_COMPLETIONS) || !endpoint.atsEnabled()) {
            attempt();
        } else if (status != CplStatus.SC) {
            fail(op, status == CplStatus.UR ? "translation answered UR" : "translation answered CA");
        } else if (AtsEntry.denies(entry)) {
            denied(op, "no translation");
        } else {
            learn(op, entry, stale);
        }
    }

    private void learn(Operation op, long entry, boolean stale) {
        endpoint.fill(op.pasid(), op.address(), entry, stale);
        if (permits(entry, op)) {
            use(entry, op);
        } else {
            denied(op, "no permission");
        }
    }

    private void denied(Operation op, String why) {
        if (begged.test() || !endpoint.mayAskForPages()) {
            fail(op, why);
            return;
        }
        begged.set(true);
        response.set(NONE);
        phase.set(Phase.PAGED);
        long page = op.address() & ~AtsSpan.offsets(0);
        endpoint.send(new Tlp.PageRequest(endpoint.rid(), op.pasid(), page, index, true, op.writes(),
                !op.writes(), false, false));
    }

    private void paged() {
        phase.set(Phase.IDLE);
        long code = response.get();
        if (code == 0) {
            attempt();
        } else {
            fail(program.operation(), code == 1 ? "no such page" : "page request failed");
        }
    }

    private void use(long entry, Operation op) {
        boolean untranslatedOnly = AtsEntry.U.test(entry);
        at.set(untranslatedOnly ? At.UNTRANSLATED : At.TRANSLATED);
        address.set(untranslatedOnly ? op.address() : AtsEntry.translate(entry, op.address()));
        phase.set(Phase.READY);
    }

    private void issue(Operation op, At type, long to) {
        int rid = endpoint.rid();
        // the address of a translated request says already whose it is
        int pasid = type == At.TRANSLATED ? Pasid.NONE : op.pasid();
        if (log.narrates()) {
            log.add(new PcieEntry.DmaIssued(rid, type, op.writes(), op.address(), to, op.data()));
        }
        if (op.writes()) {
            endpoint.send(new Tlp.MemWrite(rid, type, pasid, to, op.data(), op.address()));
            program.writeDone();
            owed.set(false);
            phase.set(Phase.IDLE);
        } else {
            expectAnswer(Phase.READING);
            endpoint.send(new Tlp.MemRead(rid, type, pasid, to, tag(), op.address()));
        }
    }

    private void read() {
        Operation op = program.operation();
        CplStatus status = answer.get();
        long data = payload.get();
        idle();
        owed.set(false);
        if (status == CplStatus.SC) {
            if (log.narrates()) {
                log.add(new PcieEntry.ReadDone(endpoint.rid(), op.address(), data));
            }
            program.readDone(data);
        } else {
            fail(op, status == CplStatus.UR ? "read answered UR" : "read answered CA");
        }
    }

    /** Waits for nothing, and what it waited for leaves no trace. */
    private void idle() {
        answer.set(null);
        payload.set(0);
        phase.set(Phase.IDLE);
    }

    private void fail(Operation op, String why) {
        if (log.narrates()) {
            log.add(new PcieEntry.DmaFailed(endpoint.rid(), op.writes(), op.address(), why));
        }
        program.fail();
    }

    private void skip(Operation op, String why) {
        phase.set(Phase.IDLE);
        if (log.narrates()) {
            log.add(new PcieEntry.DmaFailed(endpoint.rid(), op.writes(), op.address(), why));
        }
        program.skip();
    }

    private void expectAnswer(Phase waiting) {
        phase.set(waiting);
        answer.set(null);
        if (!endpoint.has(Defect.REUSES_TAGS)) {
            turn.add(1);
        }
        if (patience != null) {
            patience.arm(patienceUs);
        }
    }

    /** Of the request on its way: completions of earlier ones, given up in a reset, do not match. */
    private int tag() {
        return (turn.asInt() & TURN_MASK) << INDEX_BITS | index;
    }

    /** Which engine of its endpoint made that tag. */
    static int index(int tag) {
        return tag & LIMIT - 1;
    }

    private static boolean permits(long entry, Operation op) {
        return op.writes() ? AtsEntry.W.test(entry) : AtsEntry.R.test(entry);
    }
}
