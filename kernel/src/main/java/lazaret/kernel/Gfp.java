// SPDX-License-Identifier: Apache-2.0
package lazaret.kernel;

/** What an allocation may do to get memory. */
public enum Gfp {
    /** May sleep: only where sleeping is allowed. */
    KERNEL,
    /** May not sleep: allowed everywhere, fails sooner. */
    ATOMIC
}
