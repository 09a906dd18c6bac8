// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import lazaret.machine.Access;
import lazaret.machine.Condition;
import lazaret.machine.Footprint;
import lazaret.machine.Machine;
import lazaret.machine.Mix;
import lazaret.machine.Strand;
import lazaret.machine.Trace;
import lazaret.machine.Witness;

/**
 * Makes one run after the other, each a new end of an old path, as an {@link Engine} wants them: depth first,
 * by executing the common beginning again. What is known of that beginning is not computed a second time.
 */
final class Search implements Guide {
    private static final Ending CUT = new Ending.Stopped();
    private static final long WAITS = Mix.of(Access.WAIT.ordinal());

    private final Program program;
    private final Engine engine;
    private final Sharing sharing;          // or null: every point is a decision
    private final Tally tally;
    private final int limit;
    private final Machine machine;
    private final Trace trace;
    private final Names names;
    private final Path path = new Path();
    /** How many nodes of the path this run has passed, and how many it only repeats. */
    private int cursor;
    private int known;
    private boolean cut;
    /** Is what the present step touches being recorded? Then here is that of its parts that are over. */
    private boolean recording;
    private Footprint parts = Footprint.NOTHING;
    private long label;
    private final Persistent persistent = new Persistent();
    private final Positions positions;
    private Run run;
    /** What a plain run would be told to do the same; null unless somebody wants to know. */
    private List<Choice> telling;
    private boolean tailing;

    Search(Program program, Engine engine, Names names, Sharing sharing, Tally tally, int limit) {
        this.program = program;
        this.engine = engine;
        this.names = names;
        this.sharing = sharing;
        this.tally = tally;
        this.limit = limit;
        machine = program.machine();
        trace = machine.undo().trace();
        positions = new Positions(machine, names, sharing, persistent);
    }

    /** Goes on where another search has written down what is left to do, or begins if that is empty. */
    void take(byte[] work) {
        if (work.length > 0) {
            path.read(work, names);
        } else {
            path.begin();
        }
    }

    /** What is left to do. */
    byte[] rest() {
        return path.write(names);
    }

    /** Some of what is left to do; null when there is too little. */
    byte[] share() {
        return path.give(names);
    }

    /** One run; false when it was the last one. */
    boolean next() {
        known = path.length();
        cut = false;
        Ending ending = execute();
        finishStep();
        tally.ran(run.steps(), cursor, known);
        end(cut ? CUT : ending);
        return backtrack();
    }

    private Ending execute() {
        machine.undo().rollback();
        program.begin();
        cursor = 1;
        run = new Run(machine, this, limit);
        try {
            Ending ending = run.execute(program::start);
            if (cursor < known) {
                throw new IllegalStateException("not determined by its choices: it ended early");
            }
            return ending;
        } finally {
            trace.end();
        }
    }

    private void end(Ending ending) {
        List<String> broken = program.judge(ending);
        if (cut) {
            tally.cut();
        } else {
            tally.ended(ending, trace.hash());
        }
        for (String kind : broken) {
            if (tally.isNew(kind)) {
                int steps = run.steps();
                tally.found(new Found(kind, ending.toString(), retell(), steps));
            }
        }
    }

    /**
     * The run just made once more, with its decisions written down as a plain run would take them. One that
     * was cut goes on in the plainest way.
     */
    private List<Choice> retell() {
        known = cursor;
        tailing = false;
        telling = new ArrayList<>();
        execute();
        List<Choice> told = List.copyOf(telling);
        telling = null;
        tailing = false;
        return told;
    }

    /** Behind the end of what was explored: whoever runs goes on. */
    private Strand tail(Task self) {
        tailing = true;
        int n = run.candidates(self);
        if (n == 0) {
            return null;
        }
        Strand next = run.enabled()[0];
        if (n > 1) {
            telling.add(new Choice(true, n, 0, next.name()));
        }
        run.counts();
        return next;
    }

    private boolean backtrack() {
        while (path.length() > 1) {
            Node node = path.last();
            if (node.nextPicks()) {
                return true;
            }
            node.sleep.add(node.chosen, node.print);
            int place = engine.again(path, node);
            if (place >= 0) {
                node.choose(place);
                return true;
            }
            path.cut(path.length() - 1);
        }
        return path.last().nextPicks();
    }

    // ---- the run asks

    @Override
    public void begins() {
        trace.begin(Trace.fresh("boot"));
        names.begin(machine.hardware(), machine.clock());
        path.get(0).executes();
        if (known > 1) {
            trace.sleep();
        }
    }

    @Override
    public void started(Task task) {
        int code = names.code(task.name());
        Witness witness = trace.witness(task.name());
        task.known(code, witness);
        names.present(code, task, witness);
        names.bornAt(code, cursor - 1);
        task.passes(Sharing.begin(names.kin(code)));
        if (isNews() && cursor > 1) {
            sharing.follows(positions.of(path.get(cursor - 1).chosen), task.label());
        }
    }

    /** Is this more than the repetition of a known beginning? */
    private boolean isNews() {
        return sharing != null && cursor >= known;
    }

    @Override
    public boolean passes(Task self, Access access, long resource) {
        trace.observe(Mix.of(access.ordinal(), resource));
        if (sharing == null) {
            return false;
        }
        long before = self.label();
        long next = Sharing.label(names.kin(self.code()), access.ordinal(), resource);
        if (isNews()) {
            sharing.follows(before, next);
        }
        self.passes(next);
        if (tailing || sharing.isShared(next) || engine.everyPoint() || run.steps() >= limit
                || !goesOn(self)) {
            return false;
        }
        run.counts();
        if (telling != null) {
            tell(self, self);
        }
        finishPart();
        label = next;
        return true;
    }

    /** Does its CPU let it? */
    private boolean goesOn(Task self) {
        int mode = trace.aside();
        boolean yes = self.consent().holds();
        trace.back(mode);
        return yes;
    }

    @Override
    public void waits(Task self, Condition condition) {
        trace.observe(WAITS);
        long place = Sharing.waits(self.point(), Access.WAIT.ordinal());
        if (isNews()) {
            sharing.follows(self.label(), place);
        }
        self.waits(place);
    }

    @Override
    public int pick(int n, String why) {
        int picked = telling != null && tailing ? 0 : path.get(cursor - 1).pick(n, engine.first(n));
        if (telling != null) {
            telling.add(new Choice(false, n, picked, why));
        }
        trace.observe(picked);
        return picked;
    }

    @Override
    public void tries(Task self, BooleanSupplier attempt) {
        trace.open();
        long changes = self.witness().changes();
        while (!attempt.getAsBoolean()) {
            if (self.witness().changes() != changes) {
                throw run.broken(new IllegalStateException(
                        self + " tries again after an attempt that changed something"));
            }
            trace.again();
            if (engine.prunesRetries()) {
                cut = true;
            }
        }
        trace.keep();
    }

    @Override
    public Strand elect(Task self) {
        if (cursor < known) {
            return repeat(self);
        }
        if (telling != null) {
            return tail(self);
        }
        finishStep();
        trace.settle();
        if (cut) {
            run.stop();
            return null;
        }
        Node node = arrive(self);
        return node == null ? null : enter(node, true);
    }

    private Strand repeat(Task self) {
        Node node = path.get(cursor);
        if (telling != null) {
            tell(self, names.strand(node.chosen));
        }
        boolean fresh = cursor == known - 1;
        if (fresh) {
            trace.settle();
            node.load(run, trace);
        }
        return enter(node, fresh && telling == null);
    }

    /** A plain run would be asked here, if there is a choice. */
    private void tell(Task self, Strand chosen) {
        int mode = trace.aside();
        int n = run.candidates(self);
        trace.back(mode);
        for (int i = 0; i < n && n > 1; i++) {
            if (run.enabled()[i] == chosen) {
                telling.add(new Choice(true, n, i, chosen.name()));
            }
        }
    }

    /** What ran since the last point is over: what did it touch? */
    private void finishPart() {
        if (recording) {
            Footprint print = trace.footprint();
            parts = parts.with(print);
            if (sharing != null) {
                sharing.touched(names.kin(path.last().chosen), label, print);
            }
        }
    }

    /** The step that ends here is over. */
    private void finishStep() {
        if (recording) {
            finishPart();
            Node node = path.last();
            node.touched(node.asked.with(parts));
            recording = false;
            engine.stepped(path);
        }
    }

    private Node arrive(Task self) {
        int mode = trace.aside();
        int n = run.candidates(self);
        trace.back(mode);
        Node node = path.push();
        node.begin(n);
        for (int i = 0; i < n; i++) {
            node.enabled[i] = code(run.enabled()[i]);
        }
        path.cut(path.length() - 1);
        engine.enabled(path, node);
        if (engine.wantsBlocked() || sharing != null) {
            ask(node);
        }
        return n == 0 ? null : choose(path.push());
    }

    /** What does it depend on whether each strand may step? */
    private void ask(Node node) {
        Node last = path.last();
        node.blocked.inherit(last.blocked, last.chosen, last.latest);
        if (sharing != null) {
            persistent.begin(sharing.reach());
        }
        for (int i = 0; i < run.live().size(); i++) {
            ask(node, run.live().get(i).code());
        }
        positions.learnHardware(label);
        int alone = -1;
        for (int code : names.hardware()) {
            Footprint asked = ask(node, code);
            if (sharing != null && alone < 0 && node.placeOf(code) >= 0 && positions.isAlone(code, asked)) {
                alone = code;
            }
        }
        if (alone >= 0 && !engine.wantsPersistent() && !engine.everyPoint()) {
            node.only(alone);
        }
    }

    /** What it depends on whether this one may step; null where nobody wants to know. */
    private Footprint ask(Node node, int code) {
        boolean enabled = node.placeOf(code) >= 0;
        boolean news = engine.wantsBlocked() && !enabled && !node.blocked.has(code);
        if (sharing == null && !news) {
            return null;
        }
        Footprint asked = positions.asked(code);
        if (news) {
            node.blocked.add(code, asked);
            engine.blocked(path, code, asked);
        }
        if (sharing != null) {
            positions.tell(code, asked, enabled);
        }
        return asked;
    }

    private Node choose(Node node) {
        node.save(run, trace.hash());
        if (engine.wantsKeys()) {
            node.sort(names);
        }
        if (engine.wantsPersistent()) {
            node.need = sharing == null ? -1 : persistent.at(node);
        }
        if (engine.wantsKeys()) {
            node.identify(run);
        }
        int place = engine.arrive(path, node);
        if (place >= 0) {
            node.choose(place);
            return node;
        }
        path.cut(path.length() - 1);
        cut = true;
        run.stop();
        return null;
    }

    private int code(Strand strand) {
        return strand instanceof Task task ? task.code() : names.hardware(strand);
    }

    private Strand enter(Node node, boolean fresh) {
        cursor++;
        run.counts();
        node.executes();
        Strand strand = names.strand(node.chosen);
        recording = fresh && (engine.wantsFootprints() || sharing != null);
        if (recording) {
            parts = Footprint.NOTHING;
            node.asked = positions.asked(node.chosen);        // what that depends on is part of the step
            label = strand instanceof Task task ? task.label()
                    : sharing == null ? 0 : positions.step(node.chosen, node.asked);
        }
        if (strand instanceof Task task) {
            trace.enter(task.witness());
        } else {
            trace.enterAfresh(names.witness(node.chosen));
        }
        return strand;
    }
}
