// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.pci;

/** What a driver thinks of its function during error recovery. @kernel pci_ers_result_t */
public enum ErsResult {
    /** There was nothing to ask. */
    NONE,
    /** It can go on without a reset of the link. */
    CAN_RECOVER,
    NEED_RESET,
    /** It is lost. */
    DISCONNECT,
    RECOVERED,
    /** Its driver knows nothing of recovery, or it has none. */
    NO_AER_DRIVER;

    /**
     * What all functions together need, when one more says this: the worst counts, only that a function which
     * needs a reset may get it although another one is lost.
     *
     * @kernel merge_result
     */
    ErsResult and(ErsResult more) {
        if (more == NONE) {
            return this;
        }
        if (more == NO_AER_DRIVER) {
            return more;
        }
        return switch (this) {
            case NONE, CAN_RECOVER, RECOVERED -> more;
            case DISCONNECT -> more == NEED_RESET ? more : this;
            case NEED_RESET, NO_AER_DRIVER -> this;
        };
    }
}
