// SPDX-License-Identifier: Apache-2.0
/**
 * The Arm SMMUv3. Public: its registers, tables, queues, commands, events and the translation walk as pure
 * functions, for drivers and tools. The hardware model itself is for those who wire a machine.
 */
module lazaret.smmuv3 {
    requires transitive lazaret.machine;
    requires transitive lazaret.pcie;

    exports lazaret.smmuv3;
    exports lazaret.smmuv3.hw to lazaret.lab, lazaret.bench;

    opens lazaret.smmuv3 to lazaret.machine;
    opens lazaret.smmuv3.hw to lazaret.machine;
}
