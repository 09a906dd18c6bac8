// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import java.util.List;
import lazaret.machine.Condition;
import lazaret.machine.Footprint;
import lazaret.machine.Machine;
import lazaret.machine.Strand;
import lazaret.machine.Trace;

/**
 * Where every strand stands, what it looks at there, and what {@link Sharing} learns and {@link Persistent}
 * is told of it. Without a {@code sharing} nothing is learnt.
 */
final class Positions {
    private final Machine machine;
    private final Trace trace;
    private final Names names;
    private final Sharing sharing;
    private final Persistent persistent;

    Positions(Machine machine, Names names, Sharing sharing, Persistent persistent) {
        this.machine = machine;
        this.names = names;
        this.sharing = sharing;
        this.persistent = persistent;
        trace = machine.undo().trace();
    }

    /** What it depends on whether this one may step. */
    Footprint asked(int code) {
        return looked(names.strand(code)::enabled);
    }

    private Footprint looked(Condition question) {
        trace.record();
        int mode = trace.unseen();
        question.holds();
        Footprint asked = trace.footprint();
        trace.back(mode);
        return asked;
    }

    /** Its label. */
    long of(int code) {
        return names.strand(code) instanceof Task task ? task.label() : Sharing.home(names.kin(code));
    }

    /** The label of a step of hardware: what it looked at says what it will do. */
    long step(int code, Footprint asked) {
        long kin = names.kin(code);
        Footprint own = own(code, asked);
        long step = Sharing.label(kin, own);
        sharing.follows(Sharing.home(kin), step);
        sharing.touched(kin, step, own);
        return step;
    }

    /** Is it nobody else's business that this hardware steps? */
    boolean isAlone(int code, Footprint asked) {
        return !sharing.isShared(Sharing.label(names.kin(code), own(code, asked)));
    }

    /** What its step depends on. That time waits for others is not counted, see {@link Persistent}. */
    private Footprint own(int code, Footprint asked) {
        return names.strand(code) == machine.clock() ? looked(machine.clock()::ahead) : asked;
    }

    /** Has the step behind {@code label} added hardware? */
    void learnHardware(long label) {
        int mode = trace.aside();
        List<Strand> all = machine.hardware();
        for (int i = names.hardware().size() - 1; i < all.size(); i++) {
            long home = Sharing.home(names.kin(names.hardware(all.get(i))));
            if (sharing != null) {
                sharing.follows(label, home);
            }
        }
        trace.back(mode);
    }

    /** Tells what is learnt of {@code code}, and {@link Persistent} of it. */
    void tell(int code, Footprint asked, boolean enabled) {
        long kin = names.kin(code);
        long home = Sharing.home(kin);
        if (names.strand(code) instanceof Task task) {
            sharing.touched(kin, task.isWaiting() ? task.label() : home, asked);
            persistent.add(code, task.label(), home, asked);
            if (enabled) {
                persistent.enabled(task.label());
            }
        } else {
            sharing.touched(kin, home, asked);
            persistent.add(code, home, 0, asked);
            tellHardware(code, kin, asked, enabled);
        }
    }

    private void tellHardware(int code, long kin, Footprint asked, boolean enabled) {
        Strand strand = names.strand(code);
        if (enabled) {
            persistent.enabled(Sharing.label(kin, own(code, asked)));
        }
        if (strand == machine.clock()) {
            persistent.time();
        } else if (strand.prompt()) {
            persistent.prompt();
        }
    }
}
