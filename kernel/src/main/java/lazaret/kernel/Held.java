// SPDX-License-Identifier: Apache-2.0
package lazaret.kernel;

/** Something held until closed: a lock, a read section, interrupts off. Made for try-with-resources. */
@FunctionalInterface
public interface Held extends AutoCloseable {
    /** Holds nothing; what a refused acquisition returns. */
    Held NOTHING = () -> { };

    @Override
    void close();
}
