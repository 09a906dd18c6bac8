// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.oracle;

import java.util.ArrayList;
import java.util.List;
import lazaret.iommu.BlockReason;
import lazaret.iommu.IommuEntry;
import lazaret.machine.Machine;

/** What the core says of its devices: where each belongs, and why it is not there. */
final class Devices implements Watch {
    private static final int PAGES = 64;

    private final Book<String, IommuEntry.Chosen> chosen;
    private final Book<String, String> blocked;

    Devices(Machine machine) {
        chosen = new Book<>(machine, PAGES);
        blocked = new Book<>(machine, PAGES);
    }

    /** After all watches have heard of it: those who judge it see what was before. */
    @Override
    public List<Ear<?>> ears() {
        return List.of(Ear.of(IommuEntry.Chosen.class, c -> chosen.put(c.device(), c)),
                Ear.of(IommuEntry.BlockedChanged.class, this::blocked),
                Ear.of(IommuEntry.Released.class, this::released));
    }

    private void blocked(IommuEntry.BlockedChanged b) {
        if (b.to() == BlockReason.NONE) {
            blocked.remove(b.device());
        } else {
            blocked.put(b.device(), b.to().name());
        }
    }

    private void released(IommuEntry.Released r) {
        chosen.remove(r.device());
        blocked.remove(r.device());
    }

    /** Where a device belongs, or null. */
    IommuEntry.Chosen home(String device) {
        return chosen.get(device, null);
    }

    boolean isBlocked(String device) {
        return blocked.has(device);
    }

    /** All that the core knows. */
    List<IommuEntry.Chosen> all() {
        var all = new ArrayList<IommuEntry.Chosen>();
        chosen.lines().forEach(line -> all.add(line.value()));
        return all;
    }
}
