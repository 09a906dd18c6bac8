// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.oracle;

import java.util.List;
import lazaret.machine.Machine;
import lazaret.machine.Word;
import lazaret.pcie.PcieEntry;
import lazaret.smmuv3.hw.SmmuEntry;

/** Which streams let an ATC invalidation time out since they were last reset, as far as software knows. */
final class Guilt implements Watch {
    private static final int PAGES = 64;

    private final Hardware hardware;
    private final Announced announced;
    private final Book<Integer, Boolean> guilty;
    private final Word halted;

    Guilt(Machine machine, Hardware hardware, Announced announced) {
        this.hardware = hardware;
        this.announced = announced;
        guilty = new Book<>(machine, PAGES);
        halted = new Word(machine.undo());
    }

    @Override
    public List<Ear<?>> ears() {
        return List.of(Ear.of(SmmuEntry.AtcInvTimedOut.class, t -> guilty.put(t.sid(), true)),
                Ear.of(SmmuEntry.Frozen.class, _ -> halted.set(1)),
                Ear.of(SmmuEntry.Failed.class, _ -> halted.set(1)),
                Ear.of(PcieEntry.FunctionReset.class, this::reset));
    }

    private void reset(PcieEntry.FunctionReset r) {
        if (r.ready() && announced.reset(r.rid())) {
            guilty.remove(r.rid());
        }
    }

    boolean proved(int sid) {
        return guilty.has(sid);
    }

    /** Has the command engine stopped for good, without a CMDQ error? Then nobody can be asked anything. */
    boolean halted() {
        return halted.test();
    }

    /** Proved, or it has yet to answer something, or nobody can be asked. */
    boolean suspect(int sid) {
        return halted() || proved(sid) || hardware.outstanding(sid) != 0;
    }
}
