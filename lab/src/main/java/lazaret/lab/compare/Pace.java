// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.compare;

import lazaret.explore.Explorer;

/** How much time a comparison takes itself. */
@FunctionalInterface
public interface Pace {
    /** @param left scenarios, over all designs, that are still to be explored, this one among them */
    Explorer.Watch next(int left);
}
