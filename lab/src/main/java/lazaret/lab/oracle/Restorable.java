// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.oracle;

import java.util.List;
import java.util.function.Consumer;
import lazaret.iommu.BlockReason;
import lazaret.iommu.IommuEntry;
import lazaret.machine.Entry;

/**
 * P6. At the moment the core lets a device out again the hardware points at the domain where it belongs, and
 * if that translates and the device ever had ATS it has it on and the hardware serves it; unless it failed to
 * answer again since the reset.
 */
record Restorable(Hardware hardware, Attachments attachments, Devices devices, Guilt guilt, AtsState ats,
        Consumer<Violation> report) implements Watch {
    @Override
    public List<Ear<?>> ears() {
        return List.of(Ear.of(IommuEntry.BlockedChanged.class, this::changed));
    }

    private void changed(IommuEntry.BlockedChanged b) {
        if (b.to() == BlockReason.NONE) {
            IommuEntry.Chosen home = devices.home(b.device());
            if (home != null) {
                home.sids().forEach(sid -> judge(sid, home, b));
            }
        }
    }

    private void judge(int sid, IommuEntry.Chosen home, Entry entry) {
        if (!home.domain().equals(attachments.home(sid))) {
            broken(sid, "it came out of quarantine on " + attachments.home(sid) + ", it belongs to "
                    + home.domain(), entry);
        } else if (home.translates() && ats.ever(sid) && !guilt.suspect(sid)) {
            String what = hardware.refusesAts(sid) ? "the hardware still refuses its ATS traffic"
                    : "its ATS is still off";
            if (!ats.isOn(sid) || hardware.refusesAts(sid)) {
                broken(sid, "it came out of quarantine and " + what, entry);
            }
        }
    }

    private void broken(int sid, String what, Entry entry) {
        report.accept(new Violation(Property.P6, "sid 0x" + Integer.toHexString(sid), what, null, entry));
    }
}
