// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

import java.util.List;
import lazaret.smmuv3.Command;

/** Slots reserved in the command queue, as a design is handed them: two steps whose order matters. */
public final class Insertion {
    private final Cmdq cmdq;
    private final int from;
    private final List<Command> commands;
    private final boolean sync;

    /** @param sync does a SYNC end it? */
    Insertion(Cmdq cmdq, int from, List<Command> commands, boolean sync) {
        this.cmdq = cmdq;
        this.from = from;
        this.commands = commands;
        this.sync = sync;
    }

    /** Stores the commands into their slots. */
    public void write() {
        cmdq.write(from, commands, sync);
    }

    /** Lets an owner publish the slots to hardware. */
    public void announce() {
        cmdq.announce(from, commands.size() + (sync ? 1 : 0));
    }
}
