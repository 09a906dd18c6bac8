// SPDX-License-Identifier: Apache-2.0
package lazaret.pcie.hw;

import lazaret.machine.Alarm;
import lazaret.machine.Clock;
import lazaret.machine.Machine;
import lazaret.machine.Ref;
import lazaret.machine.Strand;
import lazaret.pcie.RootPort;
import lazaret.pcie.Tlp;

/**
 * What lies between a function and its root port: nothing, or a switch that holds TLPs back. Nothing passes
 * anything in it, and what is in it arrives whatever becomes of the function.
 */
final class Fabric implements Strand {
    private static final int LENGTH = 256;

    private final String name;
    private final String lane;
    private final Clock clock;
    private final Ref<RootPort> root;
    private final Ring<Tlp> held;
    private final Alarm alarm;

    Fabric(Machine machine, String endpoint) {
        name = endpoint + " fabric";
        lane = endpoint;
        clock = machine.clock();
        root = new Ref<>(machine.undo(), null);
        held = new Ring<>(machine.undo(), name, LENGTH);
        alarm = clock.alarm(name);
    }

    void connect(RootPort port) {
        if (root.get() != null) {
            throw new IllegalStateException(lane + " already has a root port");
        }
        root.set(port);
    }

    void functionReset() {
        root.get().functionReset();
    }

    /** @param holdUs how long a switch on the way holds it, 0 for not at all */
    void send(Tlp tlp, long holdUs) {
        if (holdUs == 0 && held.isEmpty()) {
            root.get().send(tlp);
            return;
        }
        held.add(tlp, holdUs == EndpointFaults.HELD ? holdUs : clock.now() + holdUs);
        expect();
    }

    /** Sends it past whatever is held; no sound fabric does. */
    void overtake(Tlp tlp) {
        root.get().send(tlp);
    }

    /** What is held now may go. */
    void release() {
        held.retime(clock.now());
        alarm.cancel();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String lane() {
        return lane;
    }

    @Override
    public boolean enabled() {
        return !held.isEmpty() && held.time() <= clock.now();
    }

    @Override
    public void step() {
        root.get().send(held.take());
        expect();
    }

    /** A switch that dawdles has no duty to be in time. */
    @Override
    public boolean prompt() {
        return false;
    }

    /** Time must reach the moment when the oldest may go. */
    private void expect() {
        if (held.isEmpty() || held.time() == EndpointFaults.HELD) {
            alarm.cancel();
        } else {
            alarm.armAt(held.time());
        }
    }
}
