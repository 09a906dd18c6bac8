// SPDX-License-Identifier: Apache-2.0
package lazaret.machine;

/**
 * The run asked for something Lazaret does not model. It ends inconclusive; it never continues with a guess.
 */
public final class Unmodelled extends RuntimeException {
    /** @param what the thing, named as the manual names it */
    public Unmodelled(String what) {
        super("not modelled: " + what);
    }
}
