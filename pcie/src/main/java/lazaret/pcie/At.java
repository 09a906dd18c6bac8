// SPDX-License-Identifier: Apache-2.0
package lazaret.pcie;

import lazaret.machine.Coded;

/** The address type in the header of a request. */
public enum At implements Coded {
    /** The address is an IOVA; also everything a function with ATS off sends. */
    UNTRANSLATED,
    /** Asks what an IOVA translates to. */
    TRANSLATION_REQUEST,
    /** The address came from the function's ATC. */
    TRANSLATED;

    @Override
    public int code() {
        return ordinal();
    }
}
