// SPDX-License-Identifier: Apache-2.0
package lazaret.pcie;

import lazaret.machine.Coded;

/** How a non-posted request ended. */
public enum CplStatus implements Coded {
    /** Successful. */
    SC(0),
    /** Unsupported request. */
    UR(1),
    /** Completer abort. */
    CA(4);

    private final int code;

    CplStatus(int code) {
        this.code = code;
    }

    @Override
    public int code() {
        return code;
    }
}
