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
        if (flushes.held() != null) {
            return;
        }
        if (ending instanceof Ending.Stuck stuck) {
            broken(String.join(", ", stuck.waiting()), "waits for ever");
        } else if (ending instanceof Ending.Spins spins) {
            broken(spins.strand(), "goes on for ever without waiting for anything");
        }
    }

    private void broken(String who, String what) {
        report.accept(new Violation(Property.P9, who, what, null, null));
    }
}
