// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.oracle;

import java.util.function.Consumer;
import lazaret.kernel.KernelEntry;

/** P7, as far as the stack notices itself: a warning is a disagreement. */
record Agreement(Consumer<Violation> report) implements Watch {
    @Override
    public void on(KernelEntry entry) {
        if (entry instanceof KernelEntry.Warned w) {
            report.accept(new Violation(Property.P7, "the stack", w.text(), null, w));
        }
    }
}
