// SPDX-License-Identifier: Apache-2.0
package lazaret.pcie;

/** What the root sees downwards: one PCIe function behind its link. */
public interface Function {
    /** See {@link Bdf#rid}. */
    int rid();

    /**
     * Takes one TLP; never sends from inside this call. Whether a function that is broken, in reset or no
     * longer there acts on it is its own affair: the sender learns nothing.
     */
    void receive(DownTlp tlp);

    /** Is there a link with a function at its end? A function in reset is; a removed one is not. */
    boolean listening();
}
