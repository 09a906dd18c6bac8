// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import java.util.Arrays;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import lazaret.machine.Access;
import lazaret.machine.Chance;
import lazaret.machine.Condition;
import lazaret.machine.Machine;
import lazaret.machine.Strand;
import lazaret.machine.Strands;
import lazaret.machine.Trace;
import lazaret.machine.Unmodelled;

/**
 * One execution of a program on a machine.
 *
 * <p>The decision who steps next is taken inside the running strand: at a point it collects the strands that
 * may step, asks the {@link Chance}, runs chosen hardware right there, and suspends itself only when other
 * software was chosen. So a step costs nanoseconds and a switch about a hundred, and both happen on one
 * thread.
 *
 * <p>Who is to blame is kept apart. What escapes software's own code is an {@link Ending}. What fails in
 * hardware, in a {@link Chance} or in a listener ends the run too, even when it happens on software's stack,
 * and comes out of {@link #execute}: software cannot catch it.
 */
public final class Run implements Strands {
    private static final long MIX = 0x9E3779B97F4A7C15L;
    private static final int WHO = 1 << 16;
    private static final int WHAT = 2 << 16;
    private static final int POINT = 3 << 16;
    /** No strand goes on for so many steps, alone, and ends by itself. */
    private static final int SPINNING = 50_000;
    private static final Ending STOPPED = new Ending.Stopped();

    private final Machine machine;
    private final Trace trace;
    private final Chance chance;
    private final Onlooker onlooker;
    private final int limit;
    private final Coroutine.Maker maker;
    private final Guide guide;              // or null
    private final Live live = new Live();
    private Strand[] enabled = new Strand[32];
    private Strand lone;                    // the one that could step when that was asked last, or null
    private int count;                      // how many could step then
    private Strand boot;
    private Strand current;
    private Task chosen;
    private Ending ending;
    private Throwable failure;
    private Task victim;
    private int steps;
    private int since;                      // the step at which somebody else stepped last
    private Task spinner;                   // does not stop by itself: steps when nobody else can; or null
    private int switches;
    private long digest = MIX;

    /**
     * @param machine rolled back to where the program starts
     * @param chance  decides everything; it sees a choice only where there are two alternatives, and every
     *                step if it is a {@link Onlooker}
     * @param limit   after so many steps the run ends as {@link Ending.OutOfSteps}
     */
    public Run(Machine machine, Chance chance, int limit) {
        this(machine, chance, limit, OnContinuation::new);
    }

    Run(Machine machine, Chance chance, int limit, Coroutine.Maker maker) {
        this(machine, chance, limit, maker, null);
    }

    /** A run that {@code guide} steers; nobody else decides anything. */
    Run(Machine machine, Guide guide, int limit) {
        this(machine, Chance.FIRST, limit, OnContinuation::new, guide);
    }

    private Run(Machine machine, Chance chance, int limit, Coroutine.Maker maker, Guide guide) {
        this.machine = machine;
        trace = machine.undo().trace();
        this.chance = chance;
        onlooker = chance instanceof Onlooker told ? told : null;
        this.limit = limit;
        this.maker = maker;
        this.guide = guide;
    }

    /**
     * Starts the program's software by {@code actors} and runs to the end, once. The machine belongs to this
     * run meanwhile; {@code actors} itself runs as boot, where points are nothing.
     *
     * @throws RuntimeException when hardware, the chance or a listener fails: that is a bug of Lazaret, not a
     * finding
     */
    public Ending execute(Runnable actors) {
        if (boot != null) {
            throw new IllegalStateException("a run executes once");
        }
        boot = machine.strands().current();
        current = boot;
        machine.enter(this, guide == null ? this::choose : guide::pick);
        try {
            if (guide != null) {
                guide.begins();
            }
            actors.run();
            Task next = decide(null);
            while (next != null) {
                next = carry(next);
            }
        } catch (RuntimeException | Error bug) {
            fail(bug, null);
        } finally {
            abandon();
            machine.leave();
        }
        return verdict();
    }

    /** Ends the run before its next step, unless it has ended. For listeners that have seen enough. */
    public void stop() {
        end(STOPPED);
    }

    /** Steps taken so far: scheduling points passed by software plus steps of hardware. */
    public int steps() {
        return steps;
    }

    /** How often one software strand was suspended and another one resumed. */
    public int switches() {
        return switches;
    }

    /**
     * A hash of all decisions, of what they were taken among, of who stepped and of what software announced
     * at its points: equal for equal runs, in every JVM.
     */
    public long digest() {
        return digest;
    }

    @Override
    public Strand current() {
        return current;
    }

    @Override
    public void point(Access access, long resource) {
        mix(POINT | access.ordinal());
        mix(resource);
        if (current instanceof Task self) {
            announce(self, access, resource);
            boolean goesOn = guide == null ? goesOn(self) : guide.passes(self, access, resource);
            if (!goesOn) {
                pass(self, decide(self));
            }
        } else {
            refuseHardware();
        }
    }

    @Override
    public void await(Condition condition) {
        mix(POINT | Access.WAIT.ordinal());
        if (current instanceof Task self) {
            if (guide != null) {
                guide.waits(self, condition);
            }
            self.awaiting(condition);
            machine.changed(self.slot());
            announce(self, Access.WAIT, 0);
            pass(self, decide(self));
            self.awaiting(null);
        } else {
            refuseHardware();
            if (!condition.holds()) {
                throw new IllegalStateException(current.name() + " cannot wait before the run has begun");
            }
        }
    }

    /**
     * May be called by boot, by software and by hardware; what is started here takes part from the next step
     * on.
     */
    @Override
    public Strand start(String name, String lane, Condition mayRun, Runnable body) {
        if (live.has(name)) {
            throw new IllegalArgumentException("two strands are named " + name);
        }
        Task task = new Task(this, name, lane, mayRun, live.freeSlot(), body, maker);
        live.add(task);
        machine.changed(task.slot());
        lone = null;
        if (guide != null) {
            guide.started(task);
        }
        if (onlooker != null) {
            onlooker.starts(task);
        }
        return task;
    }

    @Override
    public void retryUntil(BooleanSupplier attempt) {
        if (guide != null && current instanceof Task self) {
            guide.tries(self, attempt);
        } else {
            Strands.super.retryUntil(attempt);
        }
    }

    @Override
    public RuntimeException broken(Throwable bug) {
        if (current instanceof Task self) {
            note(bug, self);
            while (true) {
                self.coroutine().pause();
            }
        }
        return Strands.super.broken(bug);
    }

    /** The body of a task: what escapes it ends the run. */
    void guard(Task task, Runnable body) {
        try {
            body.run();
        } catch (Unmodelled refusal) {
            end(new Ending.Unknown(refusal.getMessage()));
        } catch (RuntimeException | AssertionError | StackOverflowError escaped) {
            end(new Ending.Oops(task, escaped));
        }
    }

    /** Runs {@code task} until it pauses or ends; returns who is next, null when the run is over. */
    private Task carry(Task task) {
        current = task;
        chosen = null;
        task.coroutine().resume();
        if (!task.coroutine().done()) {
            return chosen;
        }
        current = boot;
        live.remove(task);
        return decide(null);
    }

    private void pass(Task self, Task next) {
        if (next != self) {
            suspend(self, next);
        }
        current = self;
    }

    private void announce(Task self, Access access, long resource) {
        if (onlooker != null) {
            onlooker.announces(self, access, resource);
        }
    }

    private void suspend(Task self, Task next) {
        chosen = next;
        if (next != null) {
            switches++;
        }
        try {
            self.coroutine().pause();
        } catch (IllegalStateException pinned) {
            fail(pinned, null);
            throw pinned;
        }
    }

    /** Who steps next: {@link #next}, whose failures are Lazaret's. */
    private Task decide(Task self) {
        try {
            return next(self);
        } catch (RuntimeException | Error bug) {
            note(bug, self);
            return null;
        }
    }

    /**
     * Runs hardware as long as hardware is chosen. Returns the software that is next, null when the run is
     * over.
     */
    private Task next(Task self) {
        while (ending == null) {
            Strand next = guide == null ? elect(self) : guide.elect(self);
            if (next instanceof Task task) {
                return task;
            }
            if (next != null) {
                current = next;
                next.step();
            }
        }
        return null;
    }

    private Strand elect(Task self) {
        int mode = trace.aside();       // to be asked is nobody's step
        boolean over = !isAloneStill(self) && !ask(self);
        trace.back(mode);
        if (over) {
            return null;
        }
        steps++;
        Strand next = lone == null ? who(count) : lone;
        if (next == self && steps - since > SPINNING) {
            spinner = self;
            if (lone != null) {
                end(new Ending.Spins(self.name()));
                return null;
            }
        }
        if (next == spinner && lone == null) {
            next = enabled[enabled[0] == spinner ? 1 : 0];
        }
        if (next != self) {
            since = steps;
        }
        mix(next instanceof Task task ? task.hash() : next.name().hashCode());
        if (onlooker != null) {
            onlooker.steps(next);
        }
        return next;
    }

    /** Takes the next step of the running software if it alone may, as it might before. */
    private boolean goesOn(Task self) {
        boolean goesOn = self == lone && onlooker == null && ending == null && steps != limit
                && steps - since < SPINNING && machine.settled(live.slots()) && live.haveSlots();
        if (goesOn) {
            steps++;
            mix(self.hash());
        }
        return goesOn;
    }

    /** Has nothing happened, since all were asked, that could let another one step? */
    private boolean isAloneStill(Task self) {
        return self != null && self == lone && steps != limit && machine.settled(live.slotsBut(self))
                && live.haveSlots() && mayGo(self);
    }

    /** Who may step? False when the run is over. */
    private boolean ask(Task self) {
        count = candidates(self);
        lone = count == 1 ? enabled[0] : null;
        return count > 0;
    }

    /** How many may step, into {@link #enabled}; 0 when the run has been ended because none can or may. */
    int candidates(Task self) {
        int n = collect(self);
        if (n == 0) {
            end(rest());
        } else if (steps == limit) {
            end(new Ending.OutOfSteps(limit));
        }
        return ending == null ? n : 0;
    }

    /** A guide chose a step. */
    void counts() {
        steps++;
    }

    Strand[] enabled() {
        return enabled;
    }

    Live live() {
        return live;
    }

    private Strand who(int n) {
        int picked = Objects.checkIndex(chance.who(enabled, n), n);
        mix(WHO | n);
        mix(picked);
        return enabled[picked];
    }

    private int choose(int n, String why) {
        try {
            int picked = Objects.checkIndex(chance.pick(n, why), n);
            mix(WHAT | n);
            mix(why.hashCode());
            mix(picked);
            return picked;
        } catch (RuntimeException | AssertionError bug) {
            throw broken(bug);
        }
    }

    /**
     * Fills {@link #enabled}: the running strand first, other software in order of its start, hardware, time
     * last.
     */
    private int collect(Task self) {
        int room = live.size() + machine.hardware().size() + 1;
        if (room > enabled.length) {
            enabled = Arrays.copyOf(enabled, room * 2);
        }
        int n = 0;
        if (self != null && mayGo(self)) {
            enabled[n++] = self;
        }
        for (int i = 0; i < live.size(); i++) {
            Task task = live.get(i);
            if (task != self && mayGo(task)) {
                enabled[n++] = task;
            }
        }
        return machine.enabled(enabled, n);
    }

    /** Is the task enabled? What it waits for is its own code, so what escapes that is its own fault. */
    private boolean mayGo(Task task) {
        try {
            return task.slot() >= 0 ? machine.enabled(task.slot(), task) : task.enabled();
        } catch (Unmodelled refusal) {
            end(new Ending.Unknown(refusal.getMessage()));
        } catch (RuntimeException | AssertionError escaped) {
            end(new Ending.Oops(task, escaped));
        }
        return false;
    }

    private Ending rest() {
        return live.size() == 0 ? new Ending.Rest() : new Ending.Stuck(live.names());
    }

    /** The first ending is the one. */
    private void end(Ending how) {
        if (ending == null) {
            ending = how;
        }
    }

    private void note(Throwable bug, Task onStackOf) {
        if (bug instanceof Unmodelled refusal) {
            end(new Ending.Unknown(refusal.getMessage()));
        } else {
            fail(bug, onStackOf);
        }
    }

    /** Nothing but stores: the stack may be full. */
    private void fail(Throwable bug, Task onStackOf) {
        if (failure == null) {
            failure = bug;
            victim = onStackOf;
        }
        ending = STOPPED;
    }

    private Ending verdict() {
        if (failure == null) {
            return ending;
        }
        if (victim != null && failure instanceof StackOverflowError && filledBySoftware(failure)) {
            return new Ending.Oops(victim, failure);
        }
        throw Strands.super.broken(failure);
    }

    /** The innermost frames: hardware that recursed by itself leaves none for the decision to run it. */
    private static boolean filledBySoftware(Throwable overflow) {
        String here = Run.class.getName();
        return Arrays.stream(overflow.getStackTrace())
                .anyMatch(f -> f.getMethodName().equals("decide") && f.getClassName().equals(here));
    }

    private void refuseHardware() {
        if (current != boot) {
            throw new IllegalStateException(current.name() + " is hardware: it has no scheduling points");
        }
    }

    private void abandon() {
        long seen = digest;
        for (int i = 0; i < live.size(); i++) {
            current = live.get(i);      // a twin unwinds: what it passes on its way out is no part of the run
            live.get(i).coroutine().abandon();
        }
        digest = seen;
    }

    private void mix(long value) {
        digest = Long.rotateLeft((digest ^ value) * MIX, 29);
    }
}
