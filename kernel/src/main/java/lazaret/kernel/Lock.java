// SPDX-License-Identifier: Apache-2.0
package lazaret.kernel;

/** What guards something: see {@link Guarded}. */
public sealed interface Lock permits Spinlock, Mutex, RwLock {
    String name();

    /** Does the running code hold it, so that it may read what the lock guards? */
    boolean held();

    /** Does the running code hold it so that it may change what the lock guards? */
    boolean heldForWrite();

    /** Reports if the running code does not hold it. */
    void assertHeld();
}
