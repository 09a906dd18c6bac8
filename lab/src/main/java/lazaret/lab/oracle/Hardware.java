// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.oracle;

import java.util.List;
import lazaret.pcie.Pasid;

/** What the oracle may ask beside the log: hardware and memory, never the driver. */
public interface Hardware {
    /** Stream ids of all functions of the stage, in the order in which they were built. */
    List<Integer> streams();

    /** Is no translated transaction of the stream past the check, and can none pass? */
    boolean refusesAts(int sid);

    /** ATC invalidations sent to the stream, neither answered nor given up. */
    int outstanding(int sid);

    /**
     * Where an untranslated access would go by the tables in memory now; -1 where it would not go anywhere.
     */
    default long walk(int sid, long iova, boolean write) {
        return walk(sid, Pasid.NONE, iova, write);
    }

    /** The same under a PASID, or {@link Pasid#NONE}. */
    long walk(int sid, int pasid, long iova, boolean write);

    /** Physical address of the stream's STE, -1 when no table leads to one. */
    long ste(int sid);

    /** How many CPUs the actors of the stage have. */
    int cpus();

    /** Physical address of the command queue, where a command takes 16 bytes. */
    long cmdqBase();

    /** How many commands the queue holds. */
    int cmdqSize();

    /** Slot of the command that is being executed, or is next. */
    int cmdqSlot();
}
