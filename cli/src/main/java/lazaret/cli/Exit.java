// SPDX-License-Identifier: Apache-2.0
package lazaret.cli;

/** Exit codes, as docs and scripts know them. */
final class Exit {
    /** No property broken within the stated bound. */
    static final int UPHELD = 0;
    /** A property was broken. */
    static final int FINDING = 1;
    /** The run asked for something that is not modelled, or a budget ended first. */
    static final int INCONCLUSIVE = 2;
    /** Wrong arguments or unusable files (EX_USAGE). */
    static final int USAGE = 64;
    /** A bug of Lazaret (EX_SOFTWARE). */
    static final int CRASH = 70;

    private Exit() { }
}
