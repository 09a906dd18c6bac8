// SPDX-License-Identifier: Apache-2.0
/**
 * Somebody else's hardware: a QEMU process whose memory, SMMUv3 registers, interrupts and DMA engines are
 * reached through the qtest protocol.
 */
module lazaret.qemu {
    requires transitive lazaret.machine;

    exports lazaret.qemu;
}
