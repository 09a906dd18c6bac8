// SPDX-License-Identifier: Apache-2.0
package lazaret.pcie.hw;

import lazaret.pcie.ConfigSpace;

/** Configuration space for which a write, however wide, is one of some bits of a register. */
interface Lanes extends ConfigSpace {
    /** Software writes the bits {@code lanes} of the register at {@code offset}. */
    void write(int offset, long value, long lanes);

    @Override
    default void write32(int offset, int value) {
        RegisterRow.check(offset, 4);
        write(offset, Integer.toUnsignedLong(value), 0xffff_ffffL);
    }

    @Override
    default void write16(int offset, int value) {
        RegisterRow.check(offset, 2);
        int shift = (offset & 2) * 8;
        write(offset & ~3, (value & 0xffffL) << shift, 0xffffL << shift);
    }
}
