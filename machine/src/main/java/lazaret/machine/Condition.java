// SPDX-License-Identifier: Apache-2.0
package lazaret.machine;

/** Something a strand may wait for. Evaluated often and by others: no side effects, no scheduling points. */
@FunctionalInterface
public interface Condition {
    Condition ALWAYS = () -> true;

    boolean holds();
}
