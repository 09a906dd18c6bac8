// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.pci;

/** What became of the way to a function. @kernel pci_channel_state_t */
public enum ChannelState {
    /** Nothing was lost but what the error says. */
    NORMAL,
    /** Nothing passes: the link is reset, or will be. */
    FROZEN,
    /** For ever. */
    PERM_FAILURE
}
