// SPDX-License-Identifier: Apache-2.0
package lazaret.inspect.log;

import java.util.ArrayList;
import java.util.List;

/** When one thing happened, again and again. */
final class Times {
    private static final int KEPT = 64;
    private static final int REGULAR = 3;

    private final List<Long> gaps = new ArrayList<>();
    private Line last;
    private long count;

    void add(Line line) {
        count++;
        if (last != null && last.timed() && line.timed() && gaps.size() < KEPT) {
            gaps.add(line.time() - last.time());
        }
        last = line;
    }

    void say(Incident incident) {
        if (gaps.size() + 1 < REGULAR) {
            return;
        }
        var sorted = new ArrayList<>(gaps);
        sorted.sort(null);
        long median = sorted.get(sorted.size() / 2);
        long regular = gaps.stream().filter(g -> Math.abs(g - median) * 5 <= median).count();
        if (median >= 1_000_000 && regular * 3 >= gaps.size() * 2L) {
            incident.note("the same " + count + " times, every ~" + Line.span(median)
                    + ": a device that retries");
        }
    }
}
