// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.oracle;

import java.util.List;
import java.util.function.Consumer;
import lazaret.explore.Ending;
import lazaret.kernel.KernelEntry;

/** P8. Poisoned objects and frames, and exceptions that escape software. */
record MemorySafety(Consumer<Violation> report) implements Watch {
    @Override
    public List<Ear<?>> ears() {
        return List.of(Ear.of(KernelEntry.UseAfterFree.class,
                        u -> report.accept(new Violation(Property.P8, u.object(), u.text(), null, u))));
    }

    @Override
    public void end(Ending ending) {
        if (ending instanceof Ending.Oops oops) {
            StackTraceElement at = oops.cause().getStackTrace().length == 0 ? null : oops.cause()
                    .getStackTrace()[0];
            report.accept(new Violation(Property.P8, oops.strand().name(),
                    "oops: " + oops.cause() + (at == null ? "" : " at " + at), null, null));
        }
    }
}
