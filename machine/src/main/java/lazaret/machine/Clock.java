// SPDX-License-Identifier: Apache-2.0
package lazaret.machine;

import java.util.ArrayList;
import java.util.List;

/**
 * Virtual time, in microseconds, and a strand like any other: its step is "time passes until the next alarm is due". It is
 * enabled only while some alarm is armed and no prompt strand could act, because healthy hardware acts before any time-out.
 * Nothing else moves time, so a run's times are those of its time-outs and say how long somebody was held up.
 */
public final class Clock implements Strand {
    private final Undo undo;
    private final Word now;
    private final List<Alarm> alarms = new ArrayList<>();
    private final List<Strand> prompt = new ArrayList<>();

    Clock(Undo undo) {
        this.undo = undo;
        now = new Word(undo);
    }

    /** Microseconds since the machine was built. */
    public long now() {
        return now.get();
    }

    /** A new alarm, not armed. Alarms are part of the wiring: made before the first run, never during one. */
    public Alarm alarm(String name) {
        Alarm alarm = new Alarm(undo, this, name);
        alarms.add(alarm);
        return alarm;
    }

    void waitsFor(Strand strand) {
        prompt.add(strand);
    }

    @Override
    public String name() {
        return "time";
    }

    @Override
    public boolean enabled() {
        return next() != Long.MAX_VALUE && !busy();
    }

    @Override
    public void step() {
        now.set(next());
    }

    @Override
    public boolean prompt() {
        return false;
    }

    /** The earliest deadline still ahead, or {@code Long.MAX_VALUE}. */
    private long next() {
        long earliest = Long.MAX_VALUE;
        for (int i = 0; i < alarms.size(); i++) {
            Alarm alarm = alarms.get(i);
            if (alarm.armed() && alarm.deadline() > now.get()) {
                earliest = Math.min(earliest, alarm.deadline());
            }
        }
        return earliest;
    }

    private boolean busy() {
        for (int i = 0; i < prompt.size(); i++) {
            if (prompt.get(i).enabled()) {
                return true;
            }
        }
        return false;
    }
}
