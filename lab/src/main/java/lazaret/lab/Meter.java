// SPDX-License-Identifier: Apache-2.0
package lazaret.lab;

import java.util.Map;
import java.util.TreeMap;
import lazaret.iommu.IommuEntry;
import lazaret.machine.Entry;
import lazaret.machine.Log;
import lazaret.machine.Machine;
import lazaret.smmuv3.hw.SmmuEntry;

/** Counts what flushes cost in one run. It listens and knows nothing of the runs before. */
final class Meter implements Log.Listener {
    /** An open flush. @param moments at which ATC invalidations timed out, however many at one */
    private record Open(int moments, long last) {
        Open timedOut(long now) {
            return now == last ? this : new Open(moments + 1, now);
        }
    }

    private final Machine machine;
    private final Map<String, Open> open = new TreeMap<>();
    private int longest;
    private int commands;

    Meter(Machine machine) {
        this.machine = machine;
    }

    @Override
    public void on(Entry entry) {
        switch (entry) {
            case IommuEntry.FlushBegin _ -> open.put(strand(), new Open(0, -1));
            case IommuEntry.FlushEnd _ -> open.remove(strand());
            case SmmuEntry.Fetched _ -> commands += open.isEmpty() ? 0 : 1;
            case SmmuEntry.AtcInvTimedOut _ -> {
                open.replaceAll((_, flush) -> flush.timedOut(machine.clock().now()));
                open.values().forEach(flush -> longest = Math.max(longest, flush.moments()));
            }
            case Entry _ -> { }
        }
    }

    /** The most time-outs of hardware that one flush sat through. */
    int longest() {
        return longest;
    }

    /** Commands that were fetched while a flush was under way. */
    int commands() {
        return commands;
    }

    private String strand() {
        return machine.strands().current().name();
    }
}
