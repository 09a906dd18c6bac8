// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.oracle;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import lazaret.iommu.IommuEntry;
import lazaret.kernel.Errno;

/**
 * P13. When a run has come to rest with a device fenced or blocked, the device is made well and an operator
 * resets it, once: the reset must succeed and the device must have ATS again.
 */
record Recoverability(Hardware hardware, Devices devices, Sticky sticky, AtsState ats,
        Consumer<Violation> report) implements Watch {
    /** Streams that somebody has to do something about. */
    List<Integer> waiting() {
        var all = new ArrayList<Integer>();
        for (IommuEntry.Chosen c : devices.all()) {
            for (int sid : c.sids()) {
                if (sticky.fenced(sid) || devices.isBlocked(c.device())) {
                    all.add(sid);
                }
            }
        }
        return all;
    }

    /** How the operator's reset of the device with this stream ended. */
    void tried(int sid, Errno result) {
        boolean translates = devices.all().stream()
                .anyMatch(c -> c.sids().contains(sid) && c.translates());
        boolean well = !waiting().contains(sid)
                && (!translates || !ats.ever(sid) || ats.isOn(sid) && !hardware.refusesAts(sid));
        if (result.failed() || !well) {
            broken(sid, "came to " + result + " and it is " + (well ? "as before" : "still out of service"));
        }
    }

    /** The operator's reset of the device with this stream did not end: this escaped it. */
    void failed(int sid, Throwable escaped) {
        broken(sid, "does not end: " + escaped);
    }

    private void broken(int sid, String how) {
        report.accept(new Violation(Property.P13, "sid 0x" + Integer.toHexString(sid),
                "the device is well again, its reset " + how, null, null));
    }
}
