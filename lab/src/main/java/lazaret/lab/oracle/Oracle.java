// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.oracle;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import lazaret.explore.Ending;
import lazaret.kernel.Errno;
import lazaret.kernel.KernelEntry;
import lazaret.machine.Entry;
import lazaret.machine.Log;
import lazaret.machine.Machine;

/**
 * Judges a run by its log. Listens from boot on, so that it knows what was mapped and attached before the
 * run; its state rolls back with the machine. A run goes on after a violation: what
 * follows from it belongs to the story.
 */
public final class Oracle implements Log.Listener {
    private final Map<Class<?>, Ear<?>[]> ears;
    /** In the order in which they hear of an entry. */
    private final List<Watch> watches;
    private final Stores stores;
    private final Recoverability recoverability;
    private final Harm harm;
    private final List<Violation> violations = new ArrayList<>();

    public Oracle(Machine machine, Hardware hardware) {
        var attachments = new Attachments(machine);
        var issuers = new Issuers(machine, hardware);
        var announced = new Announced(machine);
        var guilt = new Guilt(machine, hardware, announced);
        var flushes = new Flushes(machine, attachments);
        var containment = new Containment(machine, hardware, flushes, attachments, this::report);
        var sticky = new Sticky(machine, hardware, this::report);
        var ats = new AtsState(machine);
        var devices = new Devices(machine);
        var integrity = new QueueIntegrity(machine, hardware, guilt, this::report);
        var ordering = new Ordering(machine, hardware, flushes, attachments, issuers, containment, guilt, ats,
                this::report);
        recoverability = new Recoverability(hardware, devices, sticky, ats, this::report);
        harm = new Harm(machine, hardware, devices, guilt, ats);
        var fences = new FenceBeforeReturn(machine, hardware, flushes, attachments, this::report);
        var bounded = new Bounded(machine, hardware, flushes, attachments, issuers, this::report);
        var attribution = new Attribution(machine, hardware, flushes, issuers, guilt, announced,
                this::report);
        var agreement = new Agreement(machine, hardware, attachments, devices, containment, guilt, sticky,
                ats, this::report);
        var context = new ContextRules(flushes, this::report);
        var memory = new MemorySafety(this::report);
        var precision = new Precision(guilt, this::report);
        var restorable = new Restorable(hardware, attachments, devices, guilt, ats, this::report);
        var teardown = new Teardown(hardware, attachments, devices, containment, this::report);
        watches = List.of(announced, attachments, guilt, ats, containment, fences, precision, bounded,
                sticky, restorable, agreement, teardown, attribution, memory, context, integrity, ordering,
                devices, harm, new Floods(machine, this::report));
        stores = new Stores(issuers, integrity, ordering, sticky);
        var all = Stream.<Ear<?>>of(flushes.begins());
        all = Stream.concat(all, watches.stream().flatMap(watch -> watch.ears().stream()));
        ears = Ear.of(Stream.concat(all, Stream.of(flushes.ends())).toList());
    }

    @Override
    public void on(Entry entry) {
        if (entry instanceof KernelEntry.Stored store) {    // the commonest entry; only they hear of it
            stores.stored(store);
            return;
        }
        Ear<?>[] hearing = ears.get(entry.getClass());
        if (hearing != null) {
            for (Ear<?> ear : hearing) {
                ear.tell(entry);
            }
        }
    }

    /** Before a run: forgets the violations of the one before. */
    public void begin() {
        violations.clear();
    }

    /** After a run: judges how it ended. */
    public void end(Ending ending) {
        watches.forEach(watch -> watch.end(ending));
    }

    /**
     * How many streams were fenced or reported in this run, or are refused ATS now, although their devices
     * answered whatever they were asked.
     */
    public int harmed() {
        Stream<String> before = violations.stream().filter(v -> v.property() == Property.P3)
                .map(Violation::resource);
        return (int) Stream.concat(before, harm.now().stream().map(sid -> "sid 0x"
                + Integer.toHexString(sid))).distinct().count();
    }

    /** Streams that are fenced or whose devices are blocked. */
    public List<Integer> outOfService() {
        return recoverability.waiting();
    }

    /** After {@link #end}: the device with this stream was made well and reset; judges how it is now. */
    public void operated(int sid, Errno result) {
        recoverability.tried(sid, result);
    }

    /** As {@link #operated(int, Errno)}, when this escaped the reset. */
    public void operated(int sid, Throwable escaped) {
        recoverability.failed(sid, escaped);
    }

    /** What was broken, in order. */
    public List<Violation> violations() {
        return List.copyOf(violations);
    }

    private void report(Violation violation) {
        violations.add(violation);
    }
}
