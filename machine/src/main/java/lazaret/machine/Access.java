// SPDX-License-Identifier: Apache-2.0
package lazaret.machine;

/** What software announces at a scheduling point. Reductions live on telling reads from writes. */
public enum Access {
    READ, WRITE, UPDATE, LOAD, STORE, MMIO_READ, MMIO_WRITE, ACQUIRE, RELEASE, WAIT, START, YIELD
}
