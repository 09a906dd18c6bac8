// SPDX-License-Identifier: Apache-2.0
package lazaret.qemu;

import java.util.List;

/**
 * Somebody who answers requests of the qtest protocol, one line each: {@code readl 0x9050000}, {@code write
 * 0x44000000 0x2 0xcafe}. A QEMU process, a recording, or a model that pretends to be either.
 */
public interface Wire extends AutoCloseable {
    /**
     * What came back.
     *
     * @param value  what stands behind {@code OK}, empty if nothing does
     * @param raised interrupt lines that went up before this answer, in order
     */
    record Answer(String value, List<Integer> raised) {
        public Answer {
            raised = List.copyOf(raised);
        }
    }

    /**
     * Sends all of them, then gives the answers in their order.
     *
     * @throws QemuFailure when one is refused, or no answer comes within a bound
     */
    List<Answer> ask(List<String> requests);

    /**
     * What was asked up to here is what {@link #rewind} goes back to, if this is the first mark; at a later
     * one it works only as long as nothing was asked since.
     */
    default void mark() { }

    /** As it was at the mark. */
    default void rewind() {
        throw new UnsupportedOperationException("there is no way back");
    }

    @Override
    void close();
}
