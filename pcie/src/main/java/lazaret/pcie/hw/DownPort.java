// SPDX-License-Identifier: Apache-2.0
package lazaret.pcie.hw;

import java.util.ArrayList;
import java.util.List;
import lazaret.machine.Irq;
import lazaret.machine.Log;
import lazaret.machine.Machine;
import lazaret.machine.Word;
import lazaret.pcie.At;
import lazaret.pcie.Bdf;
import lazaret.pcie.Config.AcsCap;
import lazaret.pcie.Config.DpcCap;
import lazaret.pcie.ConfigSpace;
import lazaret.pcie.DownTlp;
import lazaret.pcie.Function;
import lazaret.pcie.PcieEntry;
import lazaret.pcie.RootPort;
import lazaret.pcie.Tlp;

/**
 * A root port, or a downstream port of a {@link Switch}, with the functions of one device below. It has one
 * link, which is down while
 * <ul>
 * <li>software resets what is below (secondary bus reset) or has disabled the link,
 * <li>it is contained: an error triggered downstream port containment, and software has not released it,
 * <li>the link failed, or the device was pulled out.
 * </ul>
 * Whenever the link comes up again, all below has been reset. While it is down nothing passes: what was sent
 * upwards before still arrives, because the port has taken it.
 */
public final class DownPort {
    /** Does anybody learn of a link that fails? */
    public enum Event {
        /** The slot's registers say so and interrupt, as far as software wants that. */
        TOLD,
        /** Only who reads the link's status sees it. */
        UNTOLD
    }

    private static final int UNCORRECTABLE = 0;
    private static final int NON_FATAL = 1;
    private static final int FATAL = 2;
    private static final int EXTENDED = 3;
    private static final int BY_SOFTWARE = 1;

    private final Switch above;
    private final String name;
    private final Bdf bdf;
    private final Log log;
    private final PortRegisters config;
    private final Irq irq;
    private final List<Endpoint> functions = new ArrayList<>();  // wiring
    private final Word failed;
    private final Word up;

    DownPort(Machine machine, Switch above, String name, Bdf bdf, int secondary) {
        this.above = above;
        this.name = name;
        this.bdf = bdf;
        log = machine.log();
        config = new PortRegisters(machine.undo(), this, above.isRoot(), secondary);
        irq = new Irq(machine.undo(), name);
        failed = new Word(machine.undo());
        up = new Word(machine.undo(), 1);
    }

    public Bdf bdf() {
        return bdf;
    }

    public ConfigSpace config() {
        return config;
    }

    /** Pulsed by containment, changes of the slot and errors, as far as software enabled that. */
    public Irq irq() {
        return irq;
    }

    /**
     * Puts a function below. While the machine is wired.
     *
     * @param root connects to the root what it is given and returns where that sends to
     */
    public void plug(Endpoint function, java.util.function.Function<Function, RootPort> root) {
        RootPort upwards = root.apply(new Below(function));
        functions.add(function);
        function.connect(new Above(function, upwards));
    }

    List<Endpoint> functions() {
        return functions;
    }

    /** Is the link up? */
    public boolean linkUp() {
        return up.test();
    }

    // What happens to it.

    /** The link fails. With containment on that triggers it, unless nobody is told. */
    public void linkFails(Event event) {
        failed.set(1);
        if (event == Event.TOLD && config.triggers() != DpcCap.OFF) {
            contain(UNCORRECTABLE, 0, bdf.rid());
        }
        review(event);
    }

    /** It works again. */
    public void linkRecovers() {
        failed.set(0);
        reviewed();
    }

    /** Somebody pulls the device out of its slot. It does not come back. */
    public void pulledOut() {
        for (int i = 0; i < functions.size(); i++) {
            functions.get(i).remove();
        }
        interrupt(config.pulled());
        review(Event.TOLD);
    }

    /** A function below reports an uncorrectable error; that triggers containment, or reaches the root. */
    public void error(Endpoint function, boolean fatal) {
        if (!linkUp()) {
            return;
        }
        int triggers = config.triggers();
        if (fatal ? triggers != DpcCap.OFF : triggers == DpcCap.NON_FATAL) {
            contain(fatal ? FATAL : NON_FATAL, 0, function.rid());
            reviewed();
        } else if (above.isRoot()) {
            changed("is told of an error of " + new Bdf(function.rid()));
            interrupt(config.received(fatal, function.rid()));
        }
    }

    void softwareTrigger() {
        if (config.triggers() != DpcCap.OFF && !config.contained()) {
            contain(EXTENDED, BY_SOFTWARE, bdf.rid());
        }
    }

    private void contain(int reason, int extension, int source) {
        boolean wanted = config.contain(reason, extension, source);
        changed("is contained");
        interrupt(wanted);
    }

    /** Has it something on its way upwards? */
    boolean busy() {
        return above.holds();
    }

    /** Its registers or what is below have changed: the link follows. */
    void reviewed() {
        review(Event.TOLD);
    }

    private void review(Event event) {
        boolean held = config.resetBelow() || config.linkDisabled() || config.contained();
        boolean now = !failed.test() && config.occupied() && !held;
        if (now == linkUp()) {
            return;
        }
        up.set(now);
        changed(now ? "link up" : "link down");
        for (int i = 0; i < functions.size(); i++) {
            if (now) {
                functions.get(i).linkUp();
            } else {
                functions.get(i).linkDown();
            }
        }
        interrupt(config.link(now, event == Event.TOLD));
    }

    private void interrupt(boolean wanted) {
        if (wanted) {
            irq.pulse();
        }
    }

    // What passes it.

    /** Why a TLP from below goes no further, or null. */
    private String refuses(Tlp tlp) {
        if (!linkUp()) {
            return "link down";
        }
        if (config.acs(AcsCap.SV) && !config.below(new Bdf(tlp.rid()).bus())) {
            return "ACS source validation";
        }
        if (config.acs(AcsCap.TB) && translated(tlp)) {
            return "ACS translation blocking";
        }
        return request(tlp) && !config.busMaster() ? "not a bus master" : null;
    }

    private static boolean translated(Tlp tlp) {
        return switch (tlp) {
            case Tlp.MemWrite w -> w.at() != At.UNTRANSLATED;
            case Tlp.MemRead r -> r.at() != At.UNTRANSLATED;
            case Tlp.TranslationRequest _ -> true;
            case Tlp.InvalidateCompletion _, Tlp.PageRequest _ -> false;
        };
    }

    private static boolean request(Tlp tlp) {
        return switch (tlp) {
            case Tlp.MemWrite _, Tlp.MemRead _, Tlp.TranslationRequest _ -> true;
            case Tlp.InvalidateCompletion _, Tlp.PageRequest _ -> false;
        };
    }

    /** Does a request for a peer go to the root first? */
    boolean redirects(At at) {
        return config.acs(AcsCap.RR) && !(config.acs(AcsCap.DT) && at == At.TRANSLATED);
    }

    private void stopped(int rid, String what, String why) {
        if (log.narrates()) {
            log.add(new PcieEntry.Stopped(rid, name, what, why));
        }
    }

    private static String kind(Tlp tlp) {
        return switch (tlp) {
            case Tlp.MemWrite _ -> "a write";
            case Tlp.MemRead _ -> "a read";
            case Tlp.TranslationRequest _ -> "a translation request";
            case Tlp.InvalidateCompletion _ -> "an invalidate completion";
            case Tlp.PageRequest _ -> "a page request";
        };
    }

    private static String kind(DownTlp tlp) {
        return switch (tlp) {
            case DownTlp.InvalidateRequest r -> "the invalidate request itag=" + r.itag();
            case DownTlp.TranslationCompletion _ -> "a translation";
            case DownTlp.ReadCompletion _ -> "the answer to a read";
            case DownTlp.PrgResponse _ -> "a page response";
        };
    }

    private void changed(String how) {
        if (log.hears()) {
            log.add(new PcieEntry.PortChanged(bdf.rid(), name, how));
        }
    }

    /** What the root sees of a function below. */
    private final class Below implements Function {
        private final Endpoint function;

        Below(Endpoint function) {
            this.function = function;
        }

        @Override
        public int rid() {
            return function.rid();
        }

        @Override
        public void receive(DownTlp tlp) {
            if (linkUp()) {
                function.receive(tlp);
            } else {
                stopped(function.rid(), kind(tlp), "link down");
            }
        }

        /** A root port knows its own link; a switch does not tell what became of those below it. */
        @Override
        public boolean listening() {
            return !above.isRoot() || linkUp() && function.listening();
        }
    }

    /** Where a function below sends to. */
    private final class Above implements RootPort {
        private final Endpoint function;
        private final RootPort root;

        Above(Endpoint function, RootPort root) {
            this.function = function;
            this.root = root;
        }

        @Override
        public void send(Tlp tlp) {
            String why = refuses(tlp);
            if (why == null) {
                above.route(DownPort.this, function, tlp, root);
            } else {
                stopped(function.rid(), kind(tlp), why);
                above.refuse(function, tlp);
            }
        }

        @Override
        public void functionReset() {
            root.functionReset();
        }
    }
}
