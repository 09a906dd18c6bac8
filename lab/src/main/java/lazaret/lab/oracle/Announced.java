// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.oracle;

import java.util.List;
import lazaret.iommu.IommuEntry;
import lazaret.machine.Machine;
import lazaret.pcie.Bdf;

/**
 * Which functions the IOMMU was told are being reset. A reset of which it was not told (of a bus, by a link
 * that came up again) is no news to software: what a function owes it owes still.
 */
final class Announced implements Watch {
    private static final int PAGES = 16;

    private final Book<String, Integer> brackets;

    Announced(Machine machine) {
        brackets = new Book<>(machine, PAGES);
    }

    @Override
    public List<Ear<?>> ears() {
        return List.of(Ear.of(IommuEntry.ResetPrepared.class, r -> count(r.device(), 1)),
                Ear.of(IommuEntry.ResetDone.class, r -> count(r.device(), -1)));
    }

    private void count(String device, int more) {
        int open = brackets.get(device, 0) + more;
        if (open > 0) {
            brackets.put(device, open);
        } else {
            brackets.remove(device);
        }
    }

    /** Is a reset of that function announced and not over? */
    boolean reset(int rid) {
        return brackets.has("0000:" + new Bdf(rid));
    }
}
