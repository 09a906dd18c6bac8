// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.compare;

import lazaret.explore.Explorer;

/** How much time a comparison takes itself. May be asked by several threads. */
@FunctionalInterface
public interface Pace {
    /** @param all scenarios, over all designs: so often this is asked */
    Explorer.Watch next(int all);
}
