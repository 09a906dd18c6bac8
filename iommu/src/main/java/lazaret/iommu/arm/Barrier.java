// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

/** The barriers of the driver that scenarios with store buffers fail without; each names one that does. */
public enum Barrier {
    /**
     * A descriptor is seen cleared before the array is read that says who has to forget it. Pairs with the
     * exchange in {@link SmmuDomain#publish}: either the flush sees the newcomer, or the newcomer sees the
     * cleared descriptor. Before either of the two looks at it. (unmap-races-with-attach)
     */
    DESCRIPTOR_BEFORE_ARRAY,
    /** Commands are in memory before their slots are called finished. (unmap-with-store-buffer) */
    COMMANDS_BEFORE_VALID
}
