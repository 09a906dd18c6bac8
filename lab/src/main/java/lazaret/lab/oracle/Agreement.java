// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.oracle;

import java.util.List;
import java.util.function.Consumer;
import lazaret.explore.Ending;
import lazaret.iommu.IommuEntry;
import lazaret.kernel.KernelEntry;
import lazaret.machine.Machine;
import lazaret.pcie.Pasid;

/**
 * P7. What the stack warns of, at any time; and at rest, for each stream that the core knows:
 * <ol>
 * <li>who is muted is refused by the hardware;
 * <li>the device has ATS on if and only if the hardware serves it, unless the stream is fenced, suspected or
 *     gone;
 * <li>the tables lead where its domain's mappings say, without PASID and under each.
 * </ol>
 * And when a reset has been announced, nothing of the device passes under any PASID.
 */
final class Agreement implements Watch {
    private static final int PAGES = 64;

    private final Hardware hardware;
    private final Attachments attachments;
    private final Devices devices;
    private final Containment containment;
    private final Guilt guilt;
    private final Sticky sticky;
    private final AtsState ats;
    private final Consumer<Violation> report;
    private final Book<Integer, Boolean> muted;

    Agreement(Machine machine, Hardware hardware, Attachments attachments, Devices devices,
            Containment containment, Guilt guilt, Sticky sticky, AtsState ats, Consumer<Violation> report) {
        this.hardware = hardware;
        this.attachments = attachments;
        this.devices = devices;
        this.containment = containment;
        this.guilt = guilt;
        this.sticky = sticky;
        this.ats = ats;
        this.report = report;
        muted = new Book<>(machine, PAGES);
    }

    @Override
    public List<Ear<?>> ears() {
        return List.of(Ear.of(KernelEntry.Warned.class,
                        w -> report.accept(new Violation(Property.P7, "the stack", w.text(), null, w))),
                Ear.of(IommuEntry.ResetPrepared.class, this::prepared),
                Ear.of(IommuEntry.Muted.class, m -> muted.put(m.sid(), true)),
                Ear.of(IommuEntry.Unmuted.class, u -> muted.remove(u.sid())),
                Ear.of(IommuEntry.Released.class, r -> r.sids().forEach(muted::remove)));
    }

    @Override
    public void end(Ending ending) {
        if (!(ending instanceof Ending.Rest)) {
            return;
        }
        List<Mapping> mappings = containment.all();
        for (int sid : hardware.streams()) {
            if (attachments.home(sid) != null) {
                judge(sid, hardware.refusesAts(sid), mappings);
            }
        }
    }

    private void judge(int sid, boolean refused, List<Mapping> mappings) {
        boolean excused = guilt.suspect(sid) || sticky.fenced(sid) || ats.isGone(sid);
        if (muted.has(sid) && !refused) {
            broken(sid, "it is muted, and the hardware serves its ATS traffic");
        } else if (ats.isOn(sid) && refused && !excused) {
            broken(sid, "it has ATS on, and the hardware refuses it");
        } else if (!ats.isOn(sid) && !refused) {
            broken(sid, "its ATS is off, and the hardware would serve it");
        }
        for (Attachments.Space space : attachments.of(sid)) {
            for (Mapping m : mappings) {
                if (space.direct() && m.place().domain().equals(space.domain())
                        && !leads(sid, space.pasid(), m)) {
                    broken(sid, "the tables do not lead" + under(space.pasid()) + " where "
                            + m.place().domain() + " maps 0x" + Long.toHexString(m.place().iova()));
                }
            }
        }
    }

    private boolean leads(int sid, int pasid, Mapping m) {
        return hardware.walk(sid, pasid, m.place().iova(), false) == m.pa();
    }

    private static String under(int pasid) {
        return pasid == Pasid.NONE ? "" : " under" + Pasid.text(pasid);
    }

    private void prepared(IommuEntry.ResetPrepared reset) {
        IommuEntry.Chosen home = devices.home(reset.device());
        if (home == null) {
            return;
        }
        for (int sid : home.sids()) {
            for (int pasid : attachments.used(sid)) {
                if (containment.all().stream().anyMatch(m -> leads(sid, pasid, m))) {
                    report.accept(new Violation(Property.P7, "sid 0x" + Integer.toHexString(sid),
                            "it is blocked for a reset and the tables let it through" + under(pasid), null,
                            reset));
                }
            }
        }
    }

    private void broken(int sid, String what) {
        report.accept(new Violation(Property.P7, "sid 0x" + Integer.toHexString(sid), "at rest " + what, null,
                null));
    }
}
