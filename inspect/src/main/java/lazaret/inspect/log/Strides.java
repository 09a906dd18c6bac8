// SPDX-License-Identifier: Apache-2.0
package lazaret.inspect.log;

import java.util.Map;
import java.util.TreeMap;

/** Addresses of faults, as far as they march. */
final class Strides {
    private static final int KEPT = 32;
    private static final long NEAR = 1L << 24;

    private final Map<Long, Long> steps = new TreeMap<>();
    private Line lastLine;
    private long last;
    private long between;
    private long count;

    void add(Line line, long address) {
        count++;
        if (lastLine != null) {
            long step = address - last;
            if (step != 0 && Math.abs(step) < NEAR && (steps.size() < KEPT || steps.containsKey(step))) {
                steps.merge(step, 1L, Long::sum);
            }
            if (lastLine.timed() && line.timed()) {
                between = line.time() - lastLine.time();
            }
        }
        lastLine = line;
        last = address;
    }

    void say(Incident incident) {
        steps.forEach((step, times) -> {
            if (times >= 2 && times * 3 >= count - 1) {
                incident.note((Math.abs(step) == 0x1000 ? "consecutive pages: addresses"
                        : "contiguous addresses that")
                        + " go on by " + (step < 0 ? "-" : "") + Text.hex(Math.abs(step))
                        + (between > 0 ? ", " + Line.span(between) + " apart" : ""));
            }
        });
    }
}
