// SPDX-License-Identifier: Apache-2.0
package lazaret.lab;

import lazaret.machine.Irq;
import lazaret.machine.Machine;
import lazaret.machine.Mmio;
import lazaret.pcie.Function;
import lazaret.pcie.RootPort;
import lazaret.smmuv3.Reg;
import lazaret.smmuv3.Regs;

/** An SMMUv3 with the root complex in front of it: our model, or somebody else's. */
public interface Chip {
    /** Puts one into a machine. */
    @FunctionalInterface
    interface Maker {
        /** @param atcTimeoutUs how long it waits for the answer to an ATC invalidation */
        Chip make(Machine machine, long atcTimeoutUs);
    }

    /** Its registers, as software reaches them. */
    Mmio mmio();

    Irq gerrorIrq();

    Irq evtqIrq();

    /** Null: it takes no page requests. */
    default Irq priqIrq() {
        return null;
    }

    /** From now on it takes what {@code function} sends. */
    RootPort connect(Function function, int sid);

    boolean hasAts();

    /** How many bits of PASID it takes. */
    int pasidBits();

    /** See {@link lazaret.lab.oracle.Hardware#refusesAts}. */
    boolean refusesAts(int sid);

    /** See {@link lazaret.lab.oracle.Hardware#outstanding}. */
    int outstanding(int sid);

    /** What a register holds, as far as the log has told what the SMMU did. */
    long register(Reg reg);

    /** What translation sees of its registers. */
    Regs regs();

    /** It executes no command any more, and says nothing. */
    void freeze();

    /** It takes commands again. */
    void thaw();

    /** It enters service failure mode. */
    void fail();

    /** Wiring is over: every run begins here. */
    void mark();

    /** Back to the mark, with the cells of the machine already there. */
    void rewind();
}
