// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import java.util.List;
import lazaret.machine.Strand;

/** How a run ended. */
public sealed interface Ending {
    /** All software returned and no hardware has anything left to do. */
    record Rest() implements Ending { }

    /** Software waits for something that nobody will ever do. */
    record Stuck(List<String> waiting) implements Ending {
        public Stuck {
            waiting = List.copyOf(waiting);
        }
    }

    /**
     * A strand goes on and on without ever waiting, when nobody else can do anything any more. Where all that
     * software waits for is waited for by {@link lazaret.machine.Strands#await}, it never ends.
     */
    record Spins(String strand) implements Ending { }

    /** The bound on steps ended the run: nothing is known about what would have come. */
    record OutOfSteps(int limit) implements Ending { }

    /** An exception escaped software under test. */
    record Oops(Strand strand, Throwable cause) implements Ending { }

    /** The run asked for something that is not modelled. */
    record Unknown(String what) implements Ending { }

    /** A listener had seen enough. */
    record Stopped() implements Ending { }
}
