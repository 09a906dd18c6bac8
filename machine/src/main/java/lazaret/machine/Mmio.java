// SPDX-License-Identifier: Apache-2.0
package lazaret.machine;

/**
 * A window of device registers as the CPU sees it. Offsets are bytes from the window's start, naturally
 * aligned.
 */
public interface Mmio {
    int read32(int offset);

    void write32(int offset, int value);

    long read64(int offset);

    void write64(int offset, long value);
}
