// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.oracle;

import java.util.ArrayList;
import java.util.List;
import lazaret.explore.Ending;
import lazaret.machine.Entry;
import lazaret.machine.Log;
import lazaret.machine.Machine;

/**
 * Judges a run by its log. Listens from boot on, so that it knows what was mapped and attached before the run; its state rolls
 * back with the machine. The first violation that matters ends the run.
 */
public final class Oracle implements Log.Listener {
    private final List<Watch> watches;
    private final List<Violation> violations = new ArrayList<>();

    public Oracle(Machine machine, Hardware hardware) {
        var flushes = new Flushes(machine);
        var attachments = new Attachments(machine, flushes);
        var issuers = new Issuers(machine, hardware);
        watches = List.of(flushes, attachments, issuers,
                new Containment(machine, hardware, flushes, this::report),
                new FenceBeforeReturn(machine, hardware, flushes, attachments, this::report),
                new Precision(machine, hardware, this::report),
                new Bounded(machine, flushes, attachments, issuers, this::report),
                new Sticky(machine, hardware, this::report),
                new Agreement(this::report),
                new MemorySafety(this::report),
                new ContextRules(flushes, this::report));
    }

    @Override
    public void on(Entry entry) {
        for (int i = 0; i < watches.size(); i++) {
            watches.get(i).on(entry);
        }
    }

    /** Before a run: forgets the violations of the one before. */
    public void begin() {
        violations.clear();
    }

    /** After a run: judges how it ended. */
    public void end(Ending ending) {
        watches.forEach(w -> w.end(ending));
    }

    /** What was broken, in order. */
    public List<Violation> violations() {
        return List.copyOf(violations);
    }

    private void report(Violation violation) {
        violations.add(violation);
    }
}
