// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.oracle;

import java.util.List;
import java.util.function.Consumer;
import lazaret.iommu.IommuEntry;
import lazaret.machine.Entry;
import lazaret.pcie.Pasid;

/**
 * P10. When a domain is freed no stream is attached to it and no device belongs to it; when a device moves on
 * its hardware does not stay behind; when a device is released the hardware refuses whatever it sends.
 */
record Teardown(Hardware hardware, Attachments attachments, Devices devices, Containment containment,
        Consumer<Violation> report) implements Watch {
    @Override
    public List<Ear<?>> ears() {
        return List.of(Ear.of(IommuEntry.DomainFreed.class, this::freed),
                Ear.of(IommuEntry.Chosen.class, this::moved),
                Ear.of(IommuEntry.Released.class, gone -> gone.sids().forEach(sid -> released(sid, gone))));
    }

    private void freed(IommuEntry.DomainFreed freed) {
        for (int sid : attachments.of(freed.domain())) {
            broken(freed.domain(), "it is freed while sid 0x" + Integer.toHexString(sid) + " is attached",
                    freed);
        }
        for (IommuEntry.Chosen c : devices.all()) {
            if (c.domain().equals(freed.domain())) {
                broken(freed.domain(), "it is freed while " + c.device() + " belongs to it", freed);
            }
        }
    }

    /** A blocked device may move away from the blocking domain and still be on it. */
    private void moved(IommuEntry.Chosen next) {
        IommuEntry.Chosen before = devices.home(next.device());
        if (before == null || before.domain().equals(next.domain()) || keptOn(before)) {
            return;
        }
        for (int sid : next.sids()) {
            if (before.domain().equals(attachments.home(sid))) {
                broken(next.device(), "it was moved to " + next.domain() + " and its hardware is still on "
                        + before.domain(), next);
            }
        }
    }

    private boolean keptOn(IommuEntry.Chosen home) {
        return home.kind() == IommuEntry.Chosen.Kind.REFUSES && devices.isBlocked(home.device());
    }

    private void released(int sid, IommuEntry.Released gone) {
        boolean reaches = containment.all().stream().anyMatch(m -> reaches(sid, m));
        if (reaches || !hardware.refusesAts(sid)) {
            broken(gone.device(), "it was released and the hardware still lets it through", gone);
        }
    }

    private boolean reaches(int sid, Mapping m) {
        return reaches(sid, Pasid.NONE, m)
                || attachments.used(sid).stream().anyMatch(pasid -> reaches(sid, pasid, m));
    }

    private boolean reaches(int sid, int pasid, Mapping m) {
        return hardware.walk(sid, pasid, m.place().iova(), false) == m.pa();
    }

    private void broken(String resource, String what, Entry entry) {
        report.accept(new Violation(Property.P10, resource, what, null, entry));
    }
}
