// SPDX-License-Identifier: Apache-2.0
package lazaret.pcie;

/**
 * A function's 4 KiB of configuration registers, little-endian, offsets naturally aligned. A function that
 * is absent or not ready reads as all ones and ignores writes. See {@link Config} for what is where.
 */
public interface ConfigSpace {
    int read32(int offset);

    void write32(int offset, int value);

    /**
     * Writes only these 16 bits. Not the same as reading 32, changing half of them and writing them back:
     * the other half may hold bits that a 1 clears.
     */
    void write16(int offset, int value);

    /** Zero-extended. */
    default int read16(int offset) {
        return read32(offset & ~3) >>> (offset & 2) * 8 & 0xffff;
    }

    /** Zero-extended. */
    default int read8(int offset) {
        return read32(offset & ~3) >>> (offset & 3) * 8 & 0xff;
    }
}
