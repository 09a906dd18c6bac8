// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.oracle;

import java.util.List;
import java.util.function.Consumer;
import lazaret.iommu.IommuEntry;

/**
 * P3. A fence needs a time-out of that very stream since its last reset, or an invalidation it has not
 * answered.
 */
record Precision(Guilt guilt, Consumer<Violation> report) implements Watch {
    @Override
    public List<Ear<?>> ears() {
        return List.of(Ear.of(IommuEntry.Fenced.class, this::fenced));
    }

    private void fenced(IommuEntry.Fenced fenced) {
        if (!guilt.suspect(fenced.sid())) {
            report.accept(new Violation(Property.P3, "sid 0x" + Integer.toHexString(fenced.sid()),
                    "it was fenced although it answered every ATC invalidation", null, fenced));
        }
    }
}
