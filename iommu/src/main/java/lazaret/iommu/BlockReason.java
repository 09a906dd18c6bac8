// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu;

/**
 * Why a device sits on the blocking domain although its group has another one.
 *
 * @kernel group_device.blocked
 * @req R36
 */
public enum BlockReason {
    /** It does not. */
    NONE,
    /** A reset was announced and has not ended. */
    RESET,
    /** The last reset failed: nobody knows what its ATC holds. */
    RESET_FAILED,
    /** It could not be attached where it belongs. */
    ATTACH_FAILED,
    /** Its driver reported that it does not answer. */
    REPORTED
}
