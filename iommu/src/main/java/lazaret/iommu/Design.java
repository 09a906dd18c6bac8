// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu;

/** The steps of the core on which containment designs differ. A driver's design adds its own steps. */
public interface Design {
    /** As on the command line. */
    String name();

    /** Does the end of a reset look at whether the reset worked, before it lets the device out again? */
    boolean doneLooksAtResult();

    /**
     * Does a domain change that must succeed pass while a device of the group is in recovery? The fix of
     * CVE-2026-52952.
     */
    default boolean mustSucceedPassesRecovery() {
        return true;
    }

    /** May a device be reset that is blocked because its last reset failed? */
    default boolean resetsBlocked() {
        return true;
    }

    /** Where a device goes when its reset has worked; null: nowhere yet. Called with group.mutex held. */
    default Domain afterReset(Group group) {
        return group.domain();
    }

    /** Is a device taken for blocked while any device of its group is? Or while it is itself? */
    default boolean blocksPerGroup() {
        return false;
    }

    /** What holds reports about devices that do not answer. */
    default Reporting reporting() {
        return Reporting.NONE;
    }

    /** What the worker does about a device that was reported. May sleep. */
    default void onReported(Device dev) {
        dev.core().blockReported(dev);
    }

    /** While a device is blocked, is a driver that asks what is attached told the blocking domain? */
    default boolean tellsPhysicalDomain() {
        return true;
    }
}
