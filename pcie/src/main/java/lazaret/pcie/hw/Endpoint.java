// SPDX-License-Identifier: Apache-2.0
package lazaret.pcie.hw;

import java.util.ArrayList;
import java.util.List;
import lazaret.machine.Alarm;
import lazaret.machine.Log;
import lazaret.machine.Machine;
import lazaret.machine.Ref;
import lazaret.machine.Word;
import lazaret.pcie.AtsSpan;
import lazaret.pcie.Bdf;
import lazaret.pcie.ConfigSpace;
import lazaret.pcie.DownTlp;
import lazaret.pcie.DownTlp.InvalidateRequest;
import lazaret.pcie.Function;
import lazaret.pcie.PcieEntry;
import lazaret.pcie.RootPort;
import lazaret.pcie.Tlp;
import lazaret.pcie.hw.EndpointFaults.Defect;
import lazaret.pcie.hw.EndpointFaults.Flr;

/**
 * A device of one function with an address translation cache. It does what its {@link Program}s say, and it
 * may be broken in the ways of {@link EndpointFaults}.
 *
 * <p>Its strands, all in the lane of its name: {@code nic ats} answers invalidations and ends resets,
 * promptly; {@code nic dma}, {@code nic dma2} … run one program each, whenever they please; {@code nic
 * fabric} delivers what a switch held back.
 *
 * @spec IHI0070 3.9.1
 */
public final class Endpoint implements Function {
    private final Machine machine;
    private final Log log;
    private final String name;
    private final Bdf bdf;
    private final EndpointParams params;
    private final Ref<EndpointFaults> faults;
    private final Word present;
    private final Word dead;
    private final Word resetting;
    /** The reset came down the link: until it is over nothing else does. */
    private final Word unlinked;
    private final Word begun;
    private final Mailbox bar;
    private final Alarm reset;
    private final ConfigRegisters config;
    private final Atc atc;
    private final Fabric fabric;
    private final List<DmaEngine> engines = new ArrayList<>();  // wiring
    private final AtsEngine ats;
    private final Inbound inbound;
    private final Family family;

    /** A usual endpoint named like its place. */
    public Endpoint(Machine machine, Bdf bdf, EndpointFaults faults) {
        this(machine, bdf.toString(), bdf, EndpointParams.USUAL, faults);
    }

    /**
     * A virtual function of {@code physical}, of the same kind. It is there once that one's VF Enable is set;
     * its vendor and device id read as all ones.
     */
    public static Endpoint virtual(Machine machine, String name, Bdf bdf, Endpoint physical) {
        var virtual = new Endpoint(machine, name, bdf, physical.params, EndpointFaults.NONE, physical.family);
        virtual.present.set(false);
        return virtual;
    }

    /** @param name unique in the machine, a word for people: {@code nic} */
    public Endpoint(Machine machine, String name, Bdf bdf, EndpointParams params, EndpointFaults faults) {
        this(machine, name, bdf, params, faults, new Family(params.queue()));
    }

    private Endpoint(Machine machine, String name, Bdf bdf, EndpointParams params, EndpointFaults faults,
            Family family) {
        this.family = family;
        family.join(this);
        this.machine = machine;
        this.name = name;
        this.bdf = bdf;
        log = machine.log();
        this.params = params;
        this.faults = new Ref<>(machine.undo(), faults);
        present = new Word(machine.undo(), 1);
        dead = new Word(machine.undo());
        resetting = new Word(machine.undo());
        unlinked = new Word(machine.undo());
        begun = new Word(machine.undo());
        bar = new Mailbox(machine, bdf.rid());
        reset = machine.clock().alarm(name + " FLR");
        config = new ConfigRegisters(machine.undo(), this, params);
        atc = new Atc(machine.undo(), params.atcSlots());
        fabric = new Fabric(machine, name);
        ats = new AtsEngine(machine, this, params.queue(), engines);
        inbound = new Inbound(machine, this, config, ats, engines);
        machine.add(ats);
        machine.add(fabric);
    }

    public String name() {
        return name;
    }

    public Bdf bdf() {
        return bdf;
    }

    @Override
    public int rid() {
        return bdf.rid();
    }

    /** Plugs it in. Once, while the machine is wired. */
    public void connect(RootPort port) {
        fabric.connect(port);
    }

    public ConfigSpace config() {
        return config;
    }

    /** A new program with a DMA engine of its own. While the machine is wired. */
    public Program program() {
        if (engines.size() == DmaEngine.LIMIT) {
            throw new IllegalStateException(name + " has no more than " + DmaEngine.LIMIT + " programs");
        }
        DmaEngine engine = new DmaEngine(machine, this, engines.size(), new Program(machine),
                params.completionUs());
        engines.add(engine);
        machine.add(engine);
        return engine.program();
    }

    /** Starts all its programs. */
    public void ring() {
        for (int i = 0; i < engines.size(); i++) {
            engines.get(i).program().ring();
        }
    }

    public EndpointFaults faults() {
        return faults.get();
    }

    /** Sound again in every way, as after a power cycle; a reset that hung is over. At any time. */
    public void mend() {
        becomes(EndpointFaults.NONE);
        dead.set(0);
        if (resetting.test()) {
            endReset();
        }
    }

    /** From now on it is broken, or sound, in this way; what already went wrong stays. At any time. */
    public void becomes(EndpointFaults next) {
        faults.set(next);
        begun.set(0);
        note("becomes: " + next);
    }

    /** It neither sends nor answers any more; link and configuration space stay. A reset may help. */
    public void die() {
        dead.set(true);
        stop();
        note("dies");
    }

    /** It is no longer there. What it has sent still arrives. */
    public void remove() {
        present.set(false);
        resetting.set(false);
        reset.cancel();
        stop();
        if (log.hears()) {
            log.add(new PcieEntry.Removed(rid()));
        }
    }

    /**
     * A reset from above: secondary bus reset or hot reset. Whatever reaches the function meanwhile is lost,
     * and whatever its FLR would leave behind is gone. At any time.
     */
    public void hotReset() {
        if (!present.test()) {
            return;
        }
        note("hot reset");
        unlinked.set(true);
        resetting.set(true);
        if (log.hears()) {
            log.add(new PcieEntry.FunctionReset(rid(), false));
        }
        stop();
        config.reset();
        dropped(atc.clear(), "hot reset");
        reset.arm(params.flrUs());
    }

    /**
     * The link below the root port is down: nothing goes either way, configuration space reads as all ones.
     * What was sent before still arrives. At any time; see {@link #linkUp}.
     */
    public void linkDown() {
        present.set(false);
        resetting.set(false);
        reset.cancel();
        stop();
        if (log.hears()) {
            log.add(new PcieEntry.LinkDown(rid()));
        }
    }

    /** The link is up again, by itself or after containment (DPC) ended: that resets the function. */
    public void linkUp() {
        present.set(true);
        note("link up");
        hotReset();
    }

    /** The switch above it lets go what it holds now. See {@link EndpointFaults#postedWritesHeld}. */
    public void release() {
        fabric.release();
    }

    /** The word that its ATC holds for {@code iova}, see {@link lazaret.pcie.AtsEntry}, or 0. */
    public long atcEntry(int pasid, long iova) {
        return atc.find(pasid, iova);
    }

    @Override
    public boolean listening() {
        return present.test() && !unlinked.test();
    }

    /** Present and not dead. */
    public boolean alive() {
        return present.test() && !dead.test();
    }

    /** Present, not in a reset, and its link not blocked: configuration space answers. */
    public boolean ready() {
        return present.test() && !resetting.test() && !throttled();
    }

    /**
     * Has it blocked its link, because it was sent one invalidate request more than it can queue? Messages
     * and configuration requests wait behind that request. Completions do not: the function may need one
     * before it can answer the invalidation in front.
     */
    public boolean throttled() {
        return inbound.throttled();
    }

    /** Does it take memory requests for this address: is it in BAR 0, and decoding on? */
    boolean decodes(long address) {
        return alive() && !resetting.test() && !config.asleep() && config.decodes(address);
    }

    /** Another function reads or writes BAR 0; returns what a read brings. */
    long reached(Tlp tlp) {
        return bar.reached(tlp);
    }

    /** The word that other functions find in BAR 0. */
    public long mailbox() {
        return bar.word();
    }

    /** The function's ATS Enable bit. */
    public boolean atsEnabled() {
        return config.atsEnabled();
    }

    @Override
    public void receive(DownTlp tlp) {
        inbound.receive(tlp);
    }

    // What its own parts ask.

    /** May it send requests? Messages need no permission. */
    boolean maySend() {
        return alive() && !resetting.test() && !config.asleep() && config.busMaster();
    }

    /** May it send one more page request? */
    boolean mayAskForPages() {
        long credits = config.pageRequests();
        boolean greedy = credits > 0 && has(Defect.IGNORES_PAGE_CREDITS);
        return maySend() && (greedy || DmaEngine.pagesAwaited(engines) < credits);
    }

    /** Is a page request without its response? */
    boolean awaitsPages() {
        return DmaEngine.pagesAwaited(engines) > 0;
    }

    /** Why it may not. */
    String whyNot() {
        return resetting.test() ? "in reset" : config.asleep() ? "in D3hot" : "not a bus master";
    }

    /** Can it have this address space? */
    boolean has(int pasid) {
        return config.has(pasid);
    }

    /** Does it take invalidate requests at all, whatever it then does about them? */
    boolean answers() {
        if (!alive() || config.asleep()) {
            return false;
        }
        return !resetting.test() || !unlinked.test() && switch (faults.get().flr()) {
            case OK, KEEPS_ATC -> true;
            case NEVER_READY, SILENT_DURING -> false;
        };
    }

    boolean has(Defect defect) {
        return faults.get().has(defect);
    }

    boolean awaitsCompletion() {
        return DmaEngine.completionsAwaited(engines) > 0;
    }

    /** Of a virtual function it is that of its physical one. */
    int stu() {
        return family.physical().config.stu();
    }

    Family family() {
        return family;
    }

    boolean isVirtual() {
        return family.physical() != this;
    }

    int queued() {
        return ats.queued();
    }

    /** In D3hot: only configuration space answers. */
    boolean asleep() {
        return config.asleep();
    }

    /** An entry that may be used for {@code iova}, or 0. */
    long translation(int pasid, long iova) {
        return config.atsEnabled() || has(Defect.IGNORES_ATS_DISABLE) ? atc.find(pasid, iova) : 0;
    }

    // What its own parts make happen.

    void send(Tlp tlp) {
        if (tlp instanceof Tlp.InvalidateCompletion && has(Defect.COMPLETION_OVERTAKES_WRITES)) {
            fabric.overtake(tlp);
        } else {
            fabric.send(tlp, faults.get().heldUs());
        }
    }

    void fill(int pasid, long iova, long entry, boolean stale) {
        atc.fill(pasid, iova, entry);
        if (log.narrates()) {
            AtsSpan span = AtsSpan.decode(AtsSpan.encode(iova, AtsSpan.size(entry)));
            log.add(new PcieEntry.AtcFilled(rid(), pasid, span, entry, stale));
        }
    }

    /** What waits on the link comes in as far as there is room. */
    void admit() {
        inbound.madeRoom();
    }

    /** Its physical function's VF Enable was set or cleared. */
    void appears(boolean there) {
        if (there) {
            linkUp();
        } else if (present.test()) {
            linkDown();
        }
    }

    void drop(InvalidateRequest request) {
        dropped(atc.drop(request), "invalidated");
    }

    /** Counts an operation that begins; true if the endpoint does not live to do it. */
    boolean diesNow() {
        int limit = faults.get().diesAt();
        if (limit == EndpointFaults.NEVER) {
            return false;
        }
        if (begun.get() >= limit) {
            die();
            return true;
        }
        begun.add(1);
        return false;
    }

    void atsSwitched(boolean on) {
        if (log.hears()) {
            log.add(new PcieEntry.AtsControl(rid(), on));
        }
        if (has(Defect.IGNORES_ATS_DISABLE)) {
            return;
        }
        if (!on || faults.get().flr() != Flr.KEEPS_ATC) {
            dropped(atc.clear(), on ? "ATS enabled" : "ATS disabled");
        }
        if (!on) {
            for (int i = 0; i < engines.size(); i++) {
                engines.get(i).unlearn();
            }
        }
    }

    /** Software put it to sleep, or woke it up. */
    void powered(boolean up, boolean keeps) {
        note(up ? "wakes up" : "sleeps in D3hot");
        if (!up) {
            stop();
        } else if (!keeps) {
            reset(EndpointParams.WAKE_US);
        }
    }

    void functionLevelReset() {
        reset(params.flrUs());
    }

    private void reset(long us) {
        resetting.set(true);
        if (log.hears()) {
            log.add(new PcieEntry.FunctionReset(rid(), false));
        }
        stopPrograms();
        config.reset();
        switch (faults.get().flr()) {
            case OK -> dropped(atc.clear(), "FLR");
            case KEEPS_ATC -> { }
            case NEVER_READY, SILENT_DURING -> {
                dropped(atc.clear(), "FLR");
                ats.forget();
            }
        }
        ats.hurry();
        family.madeRoom();
        if (faults.get().flr() != Flr.NEVER_READY) {
            reset.arm(us);
        }
    }

    boolean resetOver() {
        return resetting.test() && reset.due();
    }

    void endReset() {
        reset.cancel();
        resetting.set(false);
        unlinked.set(false);
        if (faults.get().flrHeals()) {
            dead.set(false);
        }
        faults.set(faults.get().afterFlr());
        fabric.functionReset();
        if (log.hears()) {
            log.add(new PcieEntry.FunctionReset(rid(), true));
        }
    }

    private void stop() {
        inbound.forget();
        ats.forget();
        stopPrograms();
    }

    private void stopPrograms() {
        for (int i = 0; i < engines.size(); i++) {
            engines.get(i).stop();
        }
    }

    private void dropped(int entries, String why) {
        if (entries > 0 && log.narrates()) {
            log.add(new PcieEntry.AtcDropped(rid(), entries, why));
        }
    }

    private void note(String how) {
        if (log.hears()) {
            log.add(new PcieEntry.Broke(rid(), how));
        }
    }
}
