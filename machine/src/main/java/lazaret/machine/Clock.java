// SPDX-License-Identifier: Apache-2.0
package lazaret.machine;

/**
 * Virtual time, in microseconds, and a strand like any other: its step is "time passes until the next alarm
 * is due". It is enabled only while some alarm is armed and no prompt strand could act, because healthy
 * hardware acts before any time-out. Nothing else moves time, so a run's times are those of its time-outs and
 * say how long somebody was held up.
 */
public final class Clock implements Strand {
    private final Undo undo;
    private final Word now;
    private final Growing<Alarm> alarms;
    private final Growing<Strand> prompt;
    /** Where an alarm was ahead when somebody asked last: a place to look first, no state. */
    private int latest;

    Clock(Undo undo) {
        this.undo = undo;
        now = new Word(undo);
        alarms = new Growing<>(undo);
        prompt = new Growing<>(undo);
    }

    /** Microseconds since the machine was built. */
    public long now() {
        return now.get();
    }

    /**
     * A new alarm, not armed. Best made while wiring: each costs a little at every step for as long as it
     * exists. One made after the mark is gone with the roll-back.
     */
    public Alarm alarm(String name) {
        Alarm alarm = new Alarm(undo, this, name);
        alarms.append(alarm);
        return alarm;
    }

    /** Is an alarm still ahead, so that time could pass were nothing prompt in the way? */
    public boolean ahead() {
        long present = now.get();
        int count = alarms.size();
        for (int i = 0; i < count; i++) {
            if (alarms.at(i).ahead(present)) {
                return true;
            }
        }
        return false;
    }

    /** As {@link #ahead}, and mostly answered by a look at one alarm. */
    boolean stillAhead() {
        int count = alarms.size();
        if (latest < count && alarms.at(latest).ahead(now.get())) {
            return true;
        }
        long present = now.get();
        for (int i = 0; i < count; i++) {
            if (alarms.at(i).ahead(present)) {
                latest = i;
                return true;
            }
        }
        return false;
    }

    void waitsFor(Strand strand) {
        prompt.append(strand);
    }

    @Override
    public String name() {
        return "time";
    }

    @Override
    public boolean enabled() {
        return ahead() && !busy();
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
        long present = now.get();
        int count = alarms.size();
        for (int i = 0; i < count; i++) {
            Alarm alarm = alarms.get(i);
            long deadline = alarm.deadline();
            if (deadline > present && deadline < earliest && !alarm.moot()) {
                earliest = deadline;
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
