// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.oracle;

import java.util.List;
import java.util.function.Consumer;
import lazaret.iommu.IommuEntry;

/**
 * P3. A fence or a report needs a time-out of that very stream since its last reset, or an invalidation it
 * has not answered.
 */
record Precision(Guilt guilt, Consumer<Violation> report) implements Watch {
    @Override
    public List<Ear<?>> ears() {
        return List.of(Ear.of(IommuEntry.Fenced.class, this::fenced),
                Ear.of(IommuEntry.Condemned.class, c -> c.sids().forEach(sid -> condemned(sid, c))));
    }

    private void condemned(int sid, IommuEntry.Condemned c) {
        if (!guilt.suspect(sid)) {
            report.accept(new Violation(Property.P3, "sid 0x" + Integer.toHexString(sid),
                    "it was reported as broken although it answered every ATC invalidation", null, c));
        }
    }

    private void fenced(IommuEntry.Fenced fenced) {
        if (!guilt.suspect(fenced.sid())) {
            report.accept(new Violation(Property.P3, "sid 0x" + Integer.toHexString(fenced.sid()),
                    "it was fenced although it answered every ATC invalidation", null, fenced));
        }
    }
}
