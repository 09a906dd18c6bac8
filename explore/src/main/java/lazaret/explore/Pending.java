// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import lazaret.machine.Access;

/**
 * What a strand has announced that it will do next. Software does; nobody knows it of hardware, of software
 * that begins, and of software that waits.
 */
record Pending(Access access, long resource) {
    static final Pending UNKNOWN = new Pending(Access.YIELD, -1);

    static Pending of(Access access, long resource) {
        return switch (access) {
            case WAIT, START, YIELD -> UNKNOWN;
            case READ, WRITE, UPDATE, LOAD, STORE, MMIO_READ, MMIO_WRITE, ACQUIRE, RELEASE ->
                new Pending(access, resource);
        };
    }

    boolean changes() {
        return switch (access) {
            case READ, LOAD, MMIO_READ, WAIT, START, YIELD -> false;
            case WRITE, UPDATE, STORE, MMIO_WRITE, ACQUIRE, RELEASE -> true;
        };
    }

    /** Are both about the same thing, and one changes it? */
    boolean races(Pending other) {
        return this != UNKNOWN && other != UNKNOWN && resource == other.resource
                && (changes() || other.changes());
    }
}
