// SPDX-License-Identifier: Apache-2.0
package lazaret.pcie.hw;

import java.util.ArrayList;
import java.util.List;

/**
 * A physical function with its virtual ones, or a function alone. They share one queue of invalidate requests
 * and the smallest translation unit; ATS is on or off for each.
 */
final class Family {
    /** The physical one first. */
    private final List<Endpoint> members = new ArrayList<>();   // wiring
    private final int depth;

    /** @param depth invalidate requests that fit into the queue */
    Family(int depth) {
        this.depth = depth;
    }

    void join(Endpoint member) {
        members.add(member);
    }

    Endpoint physical() {
        return members.getFirst();
    }

    /** Has the queue no room for one more? */
    boolean full() {
        int queued = 0;
        for (int i = 0; i < members.size(); i++) {
            queued += members.get(i).queued();
        }
        return queued >= depth;
    }

    /** A request has left the queue. */
    void madeRoom() {
        for (int i = 0; i < members.size(); i++) {
            members.get(i).admit();
        }
    }

    /** Virtual functions come, or go. */
    void virtual(boolean there) {
        for (int i = 1; i < members.size(); i++) {
            members.get(i).appears(there);
        }
    }
}
