// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.oracle;

import java.util.List;
import lazaret.iommu.IommuEntry;
import lazaret.machine.Machine;
import lazaret.machine.Word;
import lazaret.smmuv3.hw.SmmuEntry;

/**
 * No property: what containment costs devices that answered whatever they were asked. An SMMU that has
 * failed harms them all, and no design can help it.
 */
final class Harm implements Watch {
    private final Hardware hardware;
    private final Devices devices;
    private final Guilt guilt;
    private final AtsState ats;
    private final Word failed;

    Harm(Machine machine, Hardware hardware, Devices devices, Guilt guilt, AtsState ats) {
        this.hardware = hardware;
        this.devices = devices;
        this.guilt = guilt;
        this.ats = ats;
        failed = new Word(machine.undo());
    }

    @Override
    public List<Ear<?>> ears() {
        return List.of(Ear.of(SmmuEntry.Failed.class, _ -> failed.set(1)));
    }

    /** Streams of devices that belong to a domain that translates, had ATS, and are refused it now. */
    List<Integer> now() {
        return devices.all().stream().filter(IommuEntry.Chosen::translates)
                .flatMap(c -> c.sids().stream()).filter(this::refused).distinct().toList();
    }

    private boolean refused(int sid) {
        return !failed.test() && ats.ever(sid) && hardware.refusesAts(sid) && !guilt.proved(sid)
                && hardware.outstanding(sid) == 0;
    }
}
