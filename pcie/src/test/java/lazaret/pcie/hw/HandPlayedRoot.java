// SPDX-License-Identifier: Apache-2.0
package lazaret.pcie.hw;

import java.util.ArrayDeque;
import java.util.Deque;
import lazaret.pcie.RootPort;
import lazaret.pcie.Tlp;

/** A root port whose other side is the test: keeps what was sent, in order. */
final class HandPlayedRoot implements RootPort {
    private final Deque<Tlp> sent = new ArrayDeque<>();
    private int resets;

    @Override
    public void send(Tlp tlp) {
        sent.add(tlp);
    }

    @Override
    public void functionReset() {
        resets++;
    }

    /** How often it was told that the function came out of a reset. */
    int resets() {
        return resets;
    }

    boolean isEmpty() {
        return sent.isEmpty();
    }

    /** The oldest TLP not taken yet, which must be a {@code type}. */
    <T extends Tlp> T take(Class<T> type) {
        return type.cast(sent.remove());
    }

    Tlp take() {
        return sent.remove();
    }

    void clear() {
        sent.clear();
    }
}
