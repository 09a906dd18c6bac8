// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.oracle;

import java.util.List;
import java.util.function.Consumer;
import lazaret.explore.Ending;
import lazaret.kernel.KernelEntry;

/** P9. What the kernel's own checks found, and software that waits for ever outside a flush. */
record ContextRules(Flushes flushes, Consumer<Violation> report) implements Watch {
    @Override
    public List<Ear<?>> ears() {
        return List.of(Ear.of(KernelEntry.BrokenContext.class,
                        b -> report.accept(new Violation(Property.P9, b.rule(), b.text(), null, b))));
    }

    @Override
    public void end(Ending ending) {
        if (ending instanceof Ending.Stuck stuck && flushes.held() == null) {
            report.accept(new Violation(Property.P9, String.join(", ", stuck.waiting()), "waits for ever",
                    null, null));
        }
    }
}
