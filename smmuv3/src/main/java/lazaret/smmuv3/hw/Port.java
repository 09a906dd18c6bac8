// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3.hw;

import lazaret.machine.Log;
import lazaret.machine.Machine;
import lazaret.machine.Ref;
import lazaret.machine.Strand;
import lazaret.machine.Word;
import lazaret.pcie.At;
import lazaret.pcie.CplStatus;
import lazaret.pcie.DownTlp;
import lazaret.pcie.Function;
import lazaret.pcie.Pasid;
import lazaret.pcie.RootPort;
import lazaret.pcie.Tlp;
import lazaret.smmuv3.AccessType;
import lazaret.smmuv3.Command;
import lazaret.smmuv3.Paused;
import lazaret.smmuv3.Ste;
import lazaret.smmuv3.Transaction;
import lazaret.smmuv3.Verdict;
import lazaret.smmuv3.Walk;

/**
 * Where the transactions of one function arrive. They are checked one after the other: a step begins one with
 * what the caches know, or fetches one word of memory for it. What passes goes on to {@link Landing}, which
 * is another step: between the two anything may happen, an invalidation too, and a CMD_SYNC after that
 * invalidation waits for it ({@link #drained}).
 *
 * @spec IHI0070 15.1
 */
final class Port implements RootPort, Strand {
    private final String name;
    private final int sid;
    private final Function function;
    private final Log log;
    private final EventQueue events;
    private final Inbox inbox;
    private final Lookup lookup;
    private final ConfigCache config;
    private final AtcInvalidations invalidations;
    private final Registers registers;
    private final PriQueue pages;
    private final Stall stall;
    private final boolean atOnce;
    /** The address bits that translated accesses have. */
    private final long addresses;
    private final Ref<Paused> walk;
    /** Position after the last transaction that looked into the IOTLB; 0 when that has landed. */
    private final Word translated;
    /** Configuration was invalidated since the last complete CMD_SYNC. */
    private final Word reconfigured;
    /** Position that must have landed before the pending CMD_SYNC completes; 0 for none. */
    private final Word fence;

    Port(Machine machine, SmmuParams params, Registers registers, EventQueue events, PriQueue pages,
            Iotlb iotlb, Staleness staleness, Function function, int sid) {
        this.sid = sid;
        this.function = function;
        this.registers = registers;
        this.events = events;
        this.pages = pages;
        stall = new Stall(machine.undo(), events);
        atOnce = params.takes(Liberty.CHECKS_AT_ONCE);
        boolean truncates = params.takes(Liberty.TRUNCATES_ADDRESSES);
        addresses = truncates ? (1L << params.idr().oas()) - 1 : -1L;
        name = "smmu port 0x" + Integer.toHexString(sid);
        log = machine.log();
        inbox = new Inbox(machine.undo());
        config = new ConfigCache(machine, staleness, sid);
        lookup = new Lookup(machine, params, registers, config, iotlb, staleness, sid);
        invalidations = new AtcInvalidations(machine, params, sid, function);
        walk = new Ref<>(machine.undo(), null);
        translated = new Word(machine.undo());
        reconfigured = new Word(machine.undo());
        fence = new Word(machine.undo());
    }

    int sid() {
        return sid;
    }

    Function function() {
        return function;
    }

    Inbox inbox() {
        return inbox;
    }

    ConfigCache config() {
        return config;
    }

    AtcInvalidations invalidations() {
        return invalidations;
    }

    Stall stall() {
        return stall;
    }

    /** Answers a group of page requests. */
    void respond(int prgIndex, int pasid, Command.Resp how) {
        int code = switch (how) {
            case SUCCESS -> 0;
            case INVALID -> 1;
            case FAILURE -> DownTlp.PrgResponse.FAILURE;
        };
        if (log.narrates()) {
            log.add(new SmmuEntry.PageAnswered(sid, pasid, prgIndex, code));
        }
        function.receive(new DownTlp.PrgResponse(prgIndex, code, pasid));
    }

    /** The STE of this stream, if there is a legal one; if not, software may hear of it. */
    Ste steNow() {
        var any = new Transaction(sid, Pasid.NONE, At.TRANSLATION_REQUEST, AccessType.READ, 0);
        Walk walk = lookup.steNow(any);
        Verdict verdict = walk.verdict();
        if (verdict.end() == Verdict.End.ANSWERED && verdict.status() == CplStatus.CA) {
            record(walk);
            return null;
        }
        return walk.ste();
    }

    @Override
    public void send(Tlp tlp) {
        inbox.add(tlp);
    }

    @Override
    public void functionReset() {
        invalidations.functionReset();
    }

    // As a strand.

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
        return inbox.arrived() && stall.ready();
    }

    @Override
    public void step() {
        Paused now = walk.get();
        if (now != null) {
            lookup.fetch(now);
            go();
            return;
        }
        Stall.State state = stall.state();
        stall.ends();
        switch (state) {
            case NONE, UNRECORDED, RETRIED -> begin(inbox.unchecked());
            case ABORTED -> refuse(true, null);
            case IGNORED -> refuse(false, null);
            case RECORDED -> throw new IllegalStateException("waits for software");
        }
    }

    private void begin(Tlp tlp) {
        switch (tlp) {
            case Tlp.MemWrite w -> arrived(w.pasid(), w.at(), AccessType.WRITE, w.address());
            case Tlp.MemRead r -> arrived(r.pasid(), r.at(), AccessType.READ, r.address());
            case Tlp.TranslationRequest t -> arrived(t.pasid(), At.TRANSLATION_REQUEST,
                    AccessType.of(!t.noWrite(), t.exec(), t.priv()), t.address());
            case Tlp.InvalidateCompletion _ -> throw new IllegalStateException("is not checked: " + tlp);
            case Tlp.PageRequest r -> {
                dismiss();
                pages.take(this, r);
            }
        }
    }

    private void arrived(int pasid, At at, AccessType type, long address) {
        if (at != At.TRANSLATED) {
            translated.set(inbox.checked() + 1);
        }
        lookup.begin(pasid, at, type, there(at, address));
        go();
    }

    private long there(At at, long address) {
        return at == At.TRANSLATED ? address & addresses : address;
    }

    /** See {@link Smmu#check}. */
    Verdict check(int pasid, At at, AccessType type, long address) {
        if (checking() || !inbox.allChecked()) {
            throw new IllegalStateException(name + " has other transactions to check first");
        }
        lookup.begin(pasid, at, type, there(at, address));
        lookup.finish();
        lookup.over();
        Verdict verdict = lookup.walk().verdict();
        if (verdict.end() == Verdict.End.STALLED) {
            events.recordStall(verdict);
        } else {
            record(lookup.walk());
        }
        return verdict;
    }

    private void go() {
        if (atOnce) {
            lookup.finish();
        }
        Walk now = lookup.walk();
        if (now.done()) {
            walk.set(null);
            lookup.over();
            conclude(now);
        } else {
            walk.set(Paused.of(now));
        }
    }

    private void conclude(Walk done) {
        Verdict verdict = done.verdict();
        if (verdict.end() == Verdict.End.STALLED) {
            stall.begins(events.recordStall(verdict));
            return;
        }
        record(done);
        switch (verdict.end()) {
            case TRANSLATED -> inbox.admit(verdict.pa());
            case REFUSED -> refuse(verdict.aborts(), verdict);
            case ANSWERED -> answer(verdict.status(), verdict.entry());
            case STALLED, OPEN -> throw new IllegalStateException("goes on: " + verdict.end());
        }
    }

    private void record(Walk done) {
        if (done.verdict().recorded()) {
            events.record(done.verdict(), done.ste());
        }
    }

    /** @param why null where no walk has said so */
    private void refuse(boolean abort, Verdict why) {
        switch (inbox.unchecked()) {
            case Tlp.MemWrite w -> refused(w.at(), w.iova(), true, abort, why);
            case Tlp.MemRead r -> {
                refused(r.at(), r.iova(), false, abort, why);
                CplStatus status = abort ? CplStatus.CA : CplStatus.SC;
                function.receive(new DownTlp.ReadCompletion(status, r.tag(), 0));
            }
            case Tlp.TranslationRequest _, Tlp.InvalidateCompletion _, Tlp.PageRequest _ ->
                throw new IllegalStateException("no access: " + inbox.unchecked());
        }
        dismiss();
    }

    private void dismiss() {
        inbox.dismiss();
        left();
    }

    private void refused(At at, long iova, boolean write, boolean abort, Verdict why) {
        if (log.hears()) {
            String silent = abort ? "abort" : "terminated";
            boolean told = why != null && why.recorded();
            log.add(new SmmuEntry.DmaRefused(sid, at, iova, write, told ? why.event().id().name() : silent));
        }
    }

    private void answer(CplStatus status, long entry) {
        Tlp.TranslationRequest request = (Tlp.TranslationRequest) inbox.unchecked();
        if (log.narrates()) {
            log.add(new SmmuEntry.TranslationServed(sid, request.pasid(), request.address(), status, entry));
        }
        dismiss();
        function.receive(new DownTlp.TranslationCompletion(status, request.tag(), entry));
    }

    // For invalidations and CMD_SYNC.

    /** Is a transaction being checked? */
    boolean checking() {
        return walk.get() != null;
    }

    /**
     * Configuration of this stream was invalidated: a CMD_SYNC has to wait for transactions that may have
     * used it.
     */
    void reconfigured() {
        reconfigured.set(1);
        spoil();
    }

    /**
     * Something was invalidated: what the transaction being checked has read so far is not worth remembering.
     */
    void spoil() {
        if (checking()) {
            lookup.spoil();
        }
    }

    /**
     * From here on invalidated entries are gone; {@link #drained} tells when the transactions that may have
     * used them have landed.
     *
     * @param tlb translations were invalidated
     */
    void purge(boolean tlb) {
        config.purge();
        if (reconfigured.test()) {
            fence.set(inbox.checked() + (checking() ? 1 : 0));
        } else if (tlb) {
            fence.set(translated.get());
        }
    }

    /** The TLP in front has landed or ended here. */
    void left() {
        if (translated.test() && inbox.landed() >= translated.get()) {
            translated.set(0);
        }
    }

    boolean drained() {
        return !fence.test() || inbox.landed() >= fence.get();
    }

    /** A CMD_SYNC has completed. */
    void settled() {
        reconfigured.set(0);
        fence.set(0);
    }

    // For whoever looks on.

    /** See {@link Smmu#refusesAts}. */
    boolean refusesAts() {
        Transaction any = new Transaction(sid, Pasid.NONE, At.TRANSLATED, AccessType.READ, 0);
        return (!registers.working() || lookup.refuses(any, walk.get())) && !servesOne();
    }

    /** Is a translated access on its way that may take effect? */
    private boolean servesOne() {
        for (long p = inbox.landed(); p < inbox.checked(); p++) {
            if (translated(inbox.tlp(p))) {
                return true;
            }
        }
        return checking() && translated(inbox.unchecked()) && !lookup.endsRefused(walk.get());
    }

    private static boolean translated(Tlp tlp) {
        return switch (tlp) {
            case null -> false;
            case Tlp.MemWrite w -> w.at() == At.TRANSLATED;
            case Tlp.MemRead r -> r.at() == At.TRANSLATED;
            case Tlp.TranslationRequest _, Tlp.InvalidateCompletion _, Tlp.PageRequest _ -> false;
        };
    }
}
