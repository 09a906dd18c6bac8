// SPDX-License-Identifier: Apache-2.0
package lazaret.qemu;

/**
 * QEMU's teaching device as an engine for DMA of four bytes. What it writes comes out of a buffer of its own
 * that only DMA can fill, so it is filled once, while no SMMU is in the way, with numbers that stand nowhere
 * else; by them one sees where a write went. What it reads it keeps to itself.
 */
public final class Edu {
    /** So many writes in a row have numbers of their own. */
    public static final int MARKS = 512;

    private static final int SRC = 0x80;
    private static final int DST = 0x88;
    private static final int COUNT = 0x90;
    private static final int COMMAND = 0x98;
    private static final int RUN = 1;
    private static final int TO_MEMORY = 2;
    private static final long BUFFER = 0x40000;
    private static final int BYTES = 4;
    /** Behind the marks: what was read lands here. */
    private static final long SINK = BUFFER + MARKS * BYTES;
    private static final int POLLS = 10_000;
    private static final int MARK = 0x6d61_0000;

    private final Qtest qtest;
    private final int rid;
    private final long bar;
    private int next;

    Edu(Qtest qtest, int rid, long bar) {
        this.qtest = qtest;
        this.rid = rid;
        this.bar = bar;
    }

    /** Requester id, also the stream id. */
    public int rid() {
        return rid;
    }

    /** Fills the buffer from memory at {@code pa}, while there is nothing in the way. */
    void learn(long pa) {
        for (int i = 0; i < MARKS; i++) {
            qtest.store32(pa + (long) i * BYTES, mark(i));
        }
        run(pa, BUFFER, MARKS * BYTES, RUN);
    }

    /** Even, so that a walk that comes upon one takes it for no descriptor. */
    private int mark(int index) {
        return MARK + (rid << 10) + 2 * index;
    }

    /** Tries to write four bytes to {@code iova}. @return what was written, if it went anywhere */
    public int write(long iova) {
        int index = next;
        next = (next + 1) % MARKS;
        run(BUFFER + (long) index * BYTES, iova, BYTES, RUN | TO_MEMORY);
        return mark(index);
    }

    /** Tries to read four bytes from {@code iova}. */
    public void read(long iova) {
        run(iova, SINK, BYTES, RUN);
    }

    private void run(long from, long to, int bytes, int command) {
        qtest.store(bar + SRC, from);
        qtest.store(bar + DST, to);
        qtest.store(bar + COUNT, bytes);
        qtest.store(bar + COMMAND, command);
        for (int i = 0; i < POLLS; i++) {
            if ((qtest.load(bar + COMMAND) & RUN) == 0) {
                return;
            }
        }
        throw new QemuFailure("the DMA of edu at 0x" + Integer.toHexString(rid) + " does not end");
    }
}
