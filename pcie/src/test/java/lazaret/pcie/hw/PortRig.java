// SPDX-License-Identifier: Apache-2.0
package lazaret.pcie.hw;

import java.util.ArrayList;
import java.util.List;
import lazaret.machine.Alone;
import lazaret.machine.Entry;
import lazaret.machine.Machine;
import lazaret.pcie.Bdf;
import lazaret.pcie.Config;
import lazaret.pcie.Config.AcsCap;
import lazaret.pcie.Config.Command;
import lazaret.pcie.Config.DpcCap;
import lazaret.pcie.Config.ExpressCap;
import lazaret.pcie.Function;
import lazaret.pcie.hw.Switch.Place;

/** Two ports of a switch or of the root, a function below each, and roots played by hand above. */
final class PortRig {
    static final int SLOT = PortRegisters.EXPRESS;
    static final int DPC = PortRegisters.DPC;
    static final long GPU_BAR = 0xe000_0000L;

    final Machine machine = new Machine();
    final Switch above;
    final DownPort left;
    final DownPort right;
    final Endpoint nic;
    final Endpoint gpu;
    final HandPlayedRoot root = new HandPlayedRoot();
    final List<Entry> log = new ArrayList<>();
    Function seen;

    PortRig(Place place) {
        above = new Switch(machine, "sw", place);
        left = above.port("left", Bdf.parse("00:01.0"), 1);
        right = above.port("right", Bdf.parse("00:02.0"), 2);
        nic = new Endpoint(machine, "nic", Bdf.parse("01:00.0"), EndpointParams.USUAL, EndpointFaults.NONE);
        gpu = new Endpoint(machine, "gpu", Bdf.parse("02:00.0"), EndpointParams.USUAL, EndpointFaults.NONE);
        left.plug(nic, function -> {
            seen = function;
            return root;
        });
        right.plug(gpu, _ -> root);
        for (DownPort port : List.of(left, right)) {
            port.config().write16(Config.COMMAND, (int) (Command.MEM.mask() | Command.BME.mask()));
        }
        for (Endpoint function : List.of(nic, gpu)) {
            function.config().write16(Config.COMMAND, (int) (Command.MEM.mask() | Command.BME.mask()));
        }
        gpu.config().write32(Config.BAR0, (int) GPU_BAR);
        machine.log().listen(log::add, true);
    }

    void acs(long services) {
        left.config().write16(PortRegisters.ACS + AcsCap.CTRL, (int) services);
    }

    void dpc(int triggers) {
        left.config().write16(DPC + DpcCap.CTL,
                (int) (DpcCap.TRIGGER_ENABLE.prep(triggers) | DpcCap.INT_EN.mask()));
    }

    int dpcStatus() {
        return left.config().read16(DPC + DpcCap.STATUS);
    }

    void slotEvents(long events) {
        left.config().write16(SLOT + ExpressCap.SLTCTL, (int) (events | ExpressCap.HPIE.mask()));
    }

    int slotStatus() {
        return left.config().read16(SLOT + ExpressCap.SLTSTA);
    }

    boolean linkActive() {
        return ExpressCap.DLLLA.test(left.config().read16(SLOT + ExpressCap.LNKSTA));
    }

    void settle() {
        new Alone(machine).settle();
    }

    void pass(long us) {
        var alarm = machine.clock().alarm("test");
        alarm.arm(us);
        new Alone(machine).await(alarm::due);
        settle();
    }

    boolean logged(String text) {
        return log.stream().anyMatch(entry -> entry.text().contains(text));
    }
}
