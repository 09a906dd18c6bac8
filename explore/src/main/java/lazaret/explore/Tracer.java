// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lazaret.machine.Access;
import lazaret.machine.Chance;
import lazaret.machine.Footprint;
import lazaret.machine.Machine;
import lazaret.machine.Strand;
import lazaret.machine.Trace;

/** Passes decisions on and writes down what each step touched: the material of {@link Causes}. */
public final class Tracer implements Chance, Onlooker {
    private final Chance inner;
    private final Trace trace;
    private final List<Causes.Step> steps = new ArrayList<>();
    private final Map<String, Integer> started = new LinkedHashMap<>();
    private Strand now;
    private Footprint asked = Footprint.NOTHING;

    private Tracer(Chance inner, Trace trace) {
        this.inner = inner;
        this.trace = trace;
    }

    /**
     * Makes one run and tells what caused what in it.
     *
     * @param machine rolled back
     * @param run     makes the run by the chance it is given
     */
    public static Causes causes(Machine machine, Chance chance, java.util.function.Consumer<Chance> run) {
        Trace trace = machine.undo().trace();
        var tracer = new Tracer(chance, trace);
        trace.begin(Trace.fresh("boot"));
        try {
            run.accept(tracer);
            tracer.finish();
        } finally {
            trace.end();
        }
        return new Causes(tracer.steps);
    }

    @Override
    public int pick(int n, String why) {
        return inner.pick(n, why);
    }

    @Override
    public int who(Strand[] enabled, int n) {
        return inner.who(enabled, n);
    }

    @Override
    public void starts(Strand who) {
        started.put(who.name(), now == null ? -1 : steps.size());
        if (inner instanceof Onlooker onlooker) {
            onlooker.starts(who);
        }
    }

    @Override
    public void announces(Strand who, Access access, long resource) {
        if (inner instanceof Onlooker onlooker) {
            onlooker.announces(who, access, resource);
        }
    }

    @Override
    public void steps(Strand who) {
        if (inner instanceof Onlooker onlooker) {
            onlooker.steps(who);
        }
        finish();
        now = who;
        trace.record();
        who.enabled();      // what that depends on is part of the step
        asked = trace.footprint();
    }

    private void finish() {
        if (now != null) {
            steps.add(new Causes.Step(now.name(), now.lane(), asked.with(trace.footprint()),
                    started.getOrDefault(now.name(), -1)));
        }
    }
}
