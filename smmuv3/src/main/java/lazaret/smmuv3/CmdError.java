// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

import lazaret.machine.Coded;

/**
 * Why the command queue stopped: CMDQ_CONS.ERR, meaningful while GERROR.CMDQ_ERR is active.
 *
 * @spec IHI0070 7.1
 * @kernel arm_smmu_cmdq_skip_err
 */
public enum CmdError implements Coded {
    /** Never reported. */
    NONE("No error"),
    /** CONS is at a command that cannot be executed. */
    ILL("Illegal command"),
    /** The command at CONS could not be fetched. */
    ABT("Abort on command fetch"),
    /**
     * CONS is at a CMD_SYNC; an unknown subset of the ATC invalidations before it was not answered in time.
     */
    ATC_INV_SYNC("ATC invalidate timeout");

    private final String text;

    CmdError(String text) {
        this.text = text;
    }

    @Override
    public int code() {
        return ordinal();
    }

    /** What the kernel prints. */
    public String text() {
        return text;
    }

    /** The error in a value of CMDQ_CONS; null for a code that nobody defined. */
    public static CmdError of(long cons) {
        int code = CmdqCons.ERR.getInt(cons);
        return code < values().length ? values()[code] : null;
    }
}
