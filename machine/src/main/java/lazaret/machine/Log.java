// SPDX-License-Identifier: Apache-2.0
package lazaret.machine;

import java.util.ArrayList;
import java.util.List;

/**
 * What happened, for whoever listens. Costs nothing when nobody does: makers ask {@link #hears} (facts that
 * the oracle needs) or {@link #narrates} (detail that only a story needs) before they make an entry.
 */
public final class Log {
    /** Hears each entry at the moment it happens, on the strand that made it. */
    public interface Listener {
        void on(Entry entry);
    }

    private final Machine machine;
    /** The observers', not the machine's: no cell. */
    private final List<Listener> listeners = new ArrayList<>();
    private boolean narrated;

    Log(Machine machine) {
        this.machine = machine;
    }

    /** Someone wants facts. */
    public boolean hears() {
        return !listeners.isEmpty();
    }

    /** Someone wants detail too. */
    public boolean narrates() {
        return narrated;
    }

    /** Tells everybody. A listener that fails is Lazaret's failure, see {@link Strands#broken}. */
    public void add(Entry entry) {
        Trace trace = machine.undo().trace();
        int before = trace.unseen();
        try {
            for (int i = 0; i < listeners.size(); i++) {
                listeners.get(i).on(entry);
            }
        } catch (RuntimeException | AssertionError bug) {
            throw machine.strands().broken(bug);
        } finally {
            trace.back(before);
        }
    }

    /** @param detail whether this listener also wants what only a story needs */
    public void listen(Listener listener, boolean detail) {
        listeners.add(listener);
        narrated |= detail;
    }

    /** Nobody listens any more, except those added after. */
    public void silence() {
        listeners.clear();
        narrated = false;
    }
}
