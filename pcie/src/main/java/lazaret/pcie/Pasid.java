// SPDX-License-Identifier: Apache-2.0
package lazaret.pcie;

/** Process address space ids are plain ints of 20 bits; this is the one that stands for "no PASID prefix". */
public final class Pasid {
    /** No PASID prefix on this transaction. */
    public static final int NONE = -1;

    private Pasid() { }

    /** For log lines: empty without a PASID, else {@code " pasid=0x5"} with its leading blank. */
    public static String text(int pasid) {
        return pasid == NONE ? "" : " pasid=0x" + Integer.toHexString(pasid);
    }
}
