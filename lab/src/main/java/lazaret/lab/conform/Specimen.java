// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.conform;

import lazaret.smmuv3.Idr;
import lazaret.smmuv3.Reg;

/**
 * An SMMUv3 that can be examined: memory, registers, interrupts, and one function that does DMA through it.
 * This is all that somebody else's model has to offer to be compared with ours; docs/conform.md says it for
 * those who would rather speak the qtest protocol.
 */
public interface Specimen extends AutoCloseable {
    /** The stream of the function. */
    int SID = 0x10;
    /** Memory is from here … */
    long RAM = 0x4000_0000L;
    /** … to here. Below {@link #FREE} it may hold what belongs to the specimen. */
    long RAM_END = 0x9000_0000L;
    /** First byte that is the examiner's. */
    long FREE = 0x4100_0000L;

    /** Who it is, for people: {@code QEMU 7.2.22}. */
    String name();

    /** Of QEMU, for what is known of that version: {@code 7.2.22}. Empty: whatever differs is news. */
    String version();

    /** What its identification registers say. */
    Idr idr();

    /** As after power-on: it is off, it has cached nothing, all memory that was touched is zero. */
    void reset();

    /** Stores words from {@code pa} on. */
    void store(long pa, long... words);

    /** The words at these places, after everything that was asked for before. */
    long[] load(long... places);

    /** Writes a register, both of its words at once if it has two. */
    void write(Reg reg, long value);

    /** The value of a 32-bit register, after everything that was asked for before. */
    int read(Reg reg);

    /**
     * The function tries to write four bytes or more, untranslated.
     *
     * @return the lower half of the word that is where it landed, if it landed; not the same twice in a row
     */
    int dmaWrite(long iova);

    /** The function tries to read four bytes or more, untranslated. */
    void dmaRead(long iova);

    /** Why the last access left no trace, if it knows. */
    String lost();

    /** Interrupts since they were last asked for, one bit each by {@link Line}. */
    boolean takeInterrupt(Line line);

    /** The interrupts that matter. */
    enum Line { EVENTQ, CMD_SYNC, GERROR }

    @Override
    void close();
}
