// SPDX-License-Identifier: Apache-2.0
package lazaret.pcie.hw;

import lazaret.machine.Undo;
import lazaret.machine.Words;
import lazaret.pcie.Config;

/**
 * A row of 32-bit registers and, beside it, what a reset makes of them, which bits software may write and
 * which a 1 clears. Registers are named by their offset; behind the row everything reads as zero and keeps
 * nothing.
 */
final class RegisterRow {
    private final int size;
    private final Words values;
    private final Words initial;
    private final Words writable;
    private final Words clearable;

    /** @param size bytes */
    RegisterRow(Undo undo, int size) {
        this.size = size;
        values = new Words(undo, size / 4);
        initial = new Words(undo, size / 4);
        writable = new Words(undo, size / 4);
        clearable = new Words(undo, size / 4);
    }

    /** While it is wired; then {@link #reset}. */
    void define(int offset, long value, long mayWrite) {
        initial.set(offset / 4, value);
        writable.set(offset / 4, mayWrite);
    }

    /** What the register is after a reset. */
    long initial(int offset) {
        return initial.get(offset / 4);
    }

    /** These bits are cleared by a 1. */
    void clearedByOne(int offset, long bits) {
        clearable.set(offset / 4, bits);
    }

    /** Every register as after power-up. */
    void reset() {
        for (int i = 0; i < values.length(); i++) {
            values.set(i, initial.get(i));
        }
    }

    long get(int offset) {
        return offset < size ? values.get(offset / 4) : 0;
    }

    void set(int offset, long value) {
        values.set(offset / 4, value);
    }

    /** Software writes the bits {@code lanes}. Returns what was there before. */
    long write(int offset, long value, long lanes) {
        if (offset >= size) {
            return 0;
        }
        int at = offset / 4;
        long old = values.get(at);
        long kept = old & ~(writable.get(at) & lanes) & ~(clearable.get(at) & lanes & value);
        values.set(at, kept | value & writable.get(at) & lanes);
        return old;
    }

    /** Is this an offset that a function can have? */
    static void check(int offset, int bytes) {
        if (offset < 0 || offset >= Config.SIZE || offset % bytes != 0) {
            throw new IllegalArgumentException(bytes + " bytes at 0x" + Integer.toHexString(offset));
        }
    }
}
