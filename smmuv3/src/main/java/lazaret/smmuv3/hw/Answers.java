// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3.hw;

import lazaret.machine.Strand;
import lazaret.pcie.Tlp.InvalidateCompletion;

/**
 * The way of invalidate completions through a port. It is that of memory accesses, in the same order, so one
 * arrives after the writes that the function sent before it; but nothing is checked, so it is a strand of its
 * own: where a function has nothing to answer, its accesses concern nobody who waits for an answer.
 *
 * @spec IHI0070 3.9.1
 */
final class Answers implements Strand {
    private final String name;
    private final Inbox inbox;
    private final Port port;

    Answers(Port port) {
        name = "smmu answers 0x" + Integer.toHexString(port.sid());
        inbox = port.inbox();
        this.port = port;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String lane() {
        return Smmu.LANE;
    }

    @Override
    public boolean enabled() {
        return inbox.answerArrived() || inbox.answerLanding() != null;
    }

    @Override
    public void step() {
        InvalidateCompletion answer = inbox.answerLanding();
        if (answer == null) {
            inbox.pass();
            return;
        }
        inbox.land();
        port.left();
        port.invalidations().answered(answer.itagVector(), answer.cc());
    }
}
