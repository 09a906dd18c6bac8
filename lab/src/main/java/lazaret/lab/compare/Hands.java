// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.compare;

import java.util.List;
import java.util.function.Supplier;

/** Does pieces of work that do not touch each other, one after the other or at once. */
public interface Hands {
    /** One after the other. */
    Hands ONE = new Hands() {
        @Override
        public <T> List<T> all(List<Supplier<T>> pieces) {
            return pieces.stream().map(Supplier::get).toList();
        }
    };

    /**
     * What came of each, in the order of the pieces.
     *
     * @throws RuntimeException what a piece threw
     */
    <T> List<T> all(List<Supplier<T>> pieces);
}
