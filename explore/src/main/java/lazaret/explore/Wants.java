// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import lazaret.machine.Footprint;

/** What the cells held, going back in a run, on which it depends whether a step is enabled. */
final class Wants {
    private Footprint asked;
    private long[] held = new long[16];
    private int different;

    /** @param print what was read when the step was asked whether it is enabled */
    void begin(Footprint print) {
        asked = print;
        different = 0;
        if (held.length < print.reads()) {
            held = new long[print.reads() * 2];
        }
        for (int i = 0; i < print.reads(); i++) {
            held[i] = print.valueRead(i);
        }
    }

    /** Now before {@code step}. */
    void back(Footprint step) {
        if (!step.mayChange(asked)) {
            return;
        }
        for (int i = 0; i < asked.reads(); i++) {
            int at = step.written(asked.read(i));
            if (at >= 0) {
                different += differs(i, step.valueReplaced(at)) - differs(i, held[i]);
                held[i] = step.valueReplaced(at);
            }
        }
    }

    private int differs(int i, long value) {
        return value == asked.valueRead(i) ? 0 : 1;
    }

    /** Do they all hold what they held when the step was enabled? Then it is enabled here too. */
    boolean same() {
        return different == 0;
    }
}
