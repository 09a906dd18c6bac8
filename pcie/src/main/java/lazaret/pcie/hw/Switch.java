// SPDX-License-Identifier: Apache-2.0
package lazaret.pcie.hw;

import java.util.ArrayList;
import java.util.List;
import lazaret.machine.Alarm;
import lazaret.machine.Clock;
import lazaret.machine.Machine;
import lazaret.machine.Strand;
import lazaret.machine.Word;
import lazaret.pcie.At;
import lazaret.pcie.Bdf;
import lazaret.pcie.CplStatus;
import lazaret.pcie.DownTlp;
import lazaret.pcie.RootPort;
import lazaret.pcie.Tlp;

/**
 * The ports between functions and the root: those of the root complex, or of a switch below one. A memory
 * request whose address, translated or not, lies in the BAR of a function under another port goes there and
 * nowhere else, unless access control redirects it to the root.
 *
 * <p>Its strands: {@code <name> up} delivers what it holds back on the way to the root, {@code <name> turn}
 * what it turns round: requests for peers and refusals.
 */
public final class Switch {
    /** Where it stands. */
    public enum Place {
        /** Its ports are root ports: the root knows their links, and they must be released with care. */
        ROOT,
        /** Between a root port and functions; the root learns nothing of the links below. */
        SWITCH
    }

    private static final int LENGTH = 256;

    /** Something for a function that comes not from the root. */
    private sealed interface Turned {
        /** A request for a peer. */
        record ForPeer(Endpoint from, Endpoint to, Tlp tlp) implements Turned { }

        /** An answer from here. */
        record Refused(Endpoint to, DownTlp tlp) implements Turned { }
    }

    /** On its way to the root. */
    private record Rising(RootPort root, Tlp tlp) { }

    private final Machine machine;
    private final String name;
    private final Place place;
    private final Clock clock;
    private final List<DownPort> ports = new ArrayList<>();     // wiring
    private final Ring<Rising> rising;
    private final Ring<Turned> turned;
    private final Word delay;
    private final Alarm alarm;

    public Switch(Machine machine, String name, Place place) {
        this.machine = machine;
        this.name = name;
        this.place = place;
        clock = machine.clock();
        rising = new Ring<>(machine.undo(), name, LENGTH);
        turned = new Ring<>(machine.undo(), name, LENGTH);
        delay = new Word(machine.undo());
        alarm = clock.alarm(name);
        machine.add(new Up());
        machine.add(new Turn());
    }

    /**
     * One more port. While the machine is wired.
     *
     * @param secondary the bus below
     */
    public DownPort port(String word, Bdf bdf, int secondary) {
        var port = new DownPort(machine, this, word, bdf, secondary);
        ports.add(port);
        return port;
    }

    boolean isRoot() {
        return place == Place.ROOT;
    }

    /** From now on it holds back what goes upwards for so long, or until {@link #release}. */
    public void holdsBack(long us) {
        delay.set(us);
    }

    /** What it holds back may go. */
    public void release() {
        rising.retime(clock.now());
        alarm.cancel();
    }

    boolean holds() {
        return !rising.isEmpty();
    }

    /** A TLP that its port lets pass. */
    void route(DownPort by, Endpoint from, Tlp tlp, RootPort root) {
        Endpoint peer = peer(from, tlp);
        if (peer != null && !by.redirects(at(tlp))) {
            turned.add(new Turned.ForPeer(from, peer, tlp), 0);
        } else if (delay.get() == 0 && rising.isEmpty()) {
            root.send(tlp);
        } else {
            long hold = delay.get();
            rising.add(new Rising(root, tlp), hold == EndpointFaults.HELD ? hold : clock.now() + hold);
            expect();
        }
    }

    /** A TLP that goes no further: a request is answered, everything posted is gone. */
    void refuse(Endpoint from, Tlp tlp) {
        switch (tlp) {
            case Tlp.MemRead r -> answer(from, new DownTlp.ReadCompletion(CplStatus.UR, r.tag(), 0));
            case Tlp.TranslationRequest t ->
                answer(from, new DownTlp.TranslationCompletion(CplStatus.UR, t.tag(), 0));
            case Tlp.MemWrite _, Tlp.InvalidateCompletion _, Tlp.PageRequest _ -> { }
        }
    }

    private void answer(Endpoint to, DownTlp tlp) {
        turned.add(new Turned.Refused(to, tlp), 0);
    }

    /** Whose BAR the request is for; null if nobody's. */
    private Endpoint peer(Endpoint from, Tlp tlp) {
        long address = switch (tlp) {
            case Tlp.MemWrite w -> w.address();
            case Tlp.MemRead r -> r.address();
            case Tlp.TranslationRequest _, Tlp.InvalidateCompletion _, Tlp.PageRequest _ -> -1;
        };
        for (DownPort port : ports) {
            for (Endpoint function : port.functions()) {
                if (function != from && port.linkUp() && function.decodes(address)) {
                    return function;
                }
            }
        }
        return null;
    }

    private static At at(Tlp tlp) {
        return switch (tlp) {
            case Tlp.MemWrite w -> w.at();
            case Tlp.MemRead r -> r.at();
            case Tlp.TranslationRequest _, Tlp.InvalidateCompletion _, Tlp.PageRequest _ -> At.UNTRANSLATED;
        };
    }

    private void expect() {
        if (rising.isEmpty() || rising.time() == EndpointFaults.HELD) {
            alarm.cancel();
        } else {
            alarm.armAt(rising.time());
        }
    }

    private void deliver(Turned one) {
        switch (one) {
            case Turned.Refused refused -> refused.to().receive(refused.tlp());
            case Turned.ForPeer request when !request.to().alive() -> refuse(request.from(), request.tlp());
            case Turned.ForPeer request -> {
                long data = request.to().reached(request.tlp());
                if (request.tlp() instanceof Tlp.MemRead read) {
                    request.from().receive(new DownTlp.ReadCompletion(CplStatus.SC, read.tag(), data));
                }
            }
        }
    }

    private final class Up implements Strand {
        @Override
        public String name() {
            return name + " up";
        }

        @Override
        public String lane() {
            return name;
        }

        @Override
        public boolean enabled() {
            return !rising.isEmpty() && rising.time() <= clock.now();
        }

        @Override
        public void step() {
            Rising next = rising.take();
            next.root().send(next.tlp());
            expect();
        }

        /** A switch that dawdles has no duty to be in time. */
        @Override
        public boolean prompt() {
            return false;
        }
    }

    private final class Turn implements Strand {
        @Override
        public String name() {
            return name + " turn";
        }

        @Override
        public String lane() {
            return name;
        }

        @Override
        public boolean enabled() {
            return !turned.isEmpty();
        }

        @Override
        public void step() {
            deliver(turned.take());
        }
    }
}
