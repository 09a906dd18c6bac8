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
    private static final long WAITS = Mix.of(Access.WAIT.ordinal());

    private final Program program;
    private final Engine engine;
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
    private Run run;
    /** What a plain run would be told to do the same; null unless somebody wants to know. */
    private List<Choice> telling;

    Search(Program program, Engine engine, Names names, Tally tally, int limit) {
        this.program = program;
        this.engine = engine;
        this.names = names;
        this.tally = tally;
        this.limit = limit;
        machine = program.machine();
        trace = machine.undo().trace();
    }

    /** One run; false when it was the last one. */
    boolean next() {
        known = path.length();
        cut = false;
        Ending ending = execute();
        finishStep();
        tally.ran(run.steps(), cursor, known);
        if (cut) {
            tally.cut();
        } else {
            tally.ended(ending, trace.hash());
        }
        judge(ending);
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

    /** A run that was cut may have broken a rule before it came to where another one had been. */
    private void judge(Ending ending) {
        for (String kind : program.judge(ending)) {
            if (tally.isNew(kind)) {
                tally.found(new Found(kind, ending, retell(), run.steps()));
            }
        }
    }

    /** The run just made once more, with its decisions written down as a plain run would take them. */
    private List<Choice> retell() {
        known = cursor;
        telling = new ArrayList<>();
        execute();
        if (cursor != known) {
            throw new IllegalStateException("not determined by its choices: told, the run was another one");
        }
        List<Choice> told = List.copyOf(telling);
        telling = null;
        return told;
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
    }

    @Override
    public boolean passes(Task self, Access access, long resource) {
        trace.observe(Mix.of(access.ordinal(), resource));
        return false;
    }

    @Override
    public void waits(Task self, Condition condition) {
        trace.observe(WAITS);
    }

    @Override
    public int pick(int n, String why) {
        int picked = path.get(cursor - 1).pick(n);
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
            tell(node, self);
        }
        boolean fresh = cursor == known - 1;
        if (fresh) {
            trace.settle();
            node.load(run, trace);
        }
        return enter(node, fresh && telling == null);
    }

    private void tell(Node node, Task self) {
        int mode = trace.aside();
        int n = run.candidates(self);
        trace.back(mode);
        Strand chosen = names.strand(node.chosen);
        for (int i = 0; i < n && n > 1; i++) {
            if (run.enabled()[i] == chosen) {
                telling.add(new Choice(true, n, i, chosen.name()));
            }
        }
    }

    /** The step that ends here is over: what did it touch? */
    private void finishStep() {
        if (cursor < known || !engine.wantsFootprints()) {
            return;
        }
        Footprint print = trace.footprint();
        if (cursor > 1) {
            Node node = path.last();
            node.touched(node.asked.with(print));
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
        if (engine.wantsBlocked()) {
            tellBlocked(node);
        }
        return n == 0 ? null : choose(path.push());
    }

    private void tellBlocked(Node node) {
        for (int i = 0; i < run.live(); i++) {
            tellBlocked(node, run.live(i).code());
        }
        for (int code : names.hardware()) {
            tellBlocked(node, code);
        }
    }

    private void tellBlocked(Node node, int code) {
        if (node.placeOf(code) < 0) {
            trace.record();
            int mode = trace.unseen();
            names.strand(code).enabled();
            trace.back(mode);
            engine.blocked(path, code, trace.footprint());
        }
    }

    private Node choose(Node node) {
        node.save(run, trace.hash());
        if (engine.wantsKeys()) {
            node.key = key();
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

    private long key() {
        long key = trace.hash();
        for (int i = 0; i < run.live(); i++) {
            Witness task = run.live(i).witness();
            key += Mix.of(task.name(), task.history());
        }
        return key;
    }

    private Strand enter(Node node, boolean fresh) {
        cursor++;
        run.counts();
        node.executes();
        Strand strand = names.strand(node.chosen);
        if (fresh && engine.wantsFootprints()) {
            trace.record();
            int mode = trace.unseen();
            strand.enabled();                   // what that depends on is part of the step
            node.asked = trace.footprint();
            trace.back(mode);
        }
        if (strand instanceof Task task) {
            trace.enter(task.witness());
        } else {
            trace.enterAfresh(names.witness(node.chosen));
        }
        return strand;
    }
}
