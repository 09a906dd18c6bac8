// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

/** How far the fence of a stream has got: EATS=0 in the STE, then CFGI_STE, then a consumed SYNC. */
public enum FenceState {
    /** There is none. */
    NONE,
    /** The STE in memory says so; hardware may still act on a cached copy. */
    ORDERED,
    /** Hardware refuses ATS traffic of the stream. */
    HOLDS,
    /** The queue did not consume the SYNC, however often it was asked: hardware may act on a cached copy. */
    UNCONFIRMED
}
