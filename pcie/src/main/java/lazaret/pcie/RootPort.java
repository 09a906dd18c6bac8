// SPDX-License-Identifier: Apache-2.0
package lazaret.pcie;

/** What a function sees upwards. What it sent is on its way, in order, whatever becomes of the function. */
public interface RootPort {
    /** Takes one TLP; never refuses, never answers from inside this call. */
    void send(Tlp tlp);

    /** The function has come out of a reset. A root that still waits for its answers need not any more. */
    default void functionReset() { }
}
