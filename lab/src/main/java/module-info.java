// SPDX-License-Identifier: Apache-2.0
/**
 * Wires a machine, its hardware, the IOMMU stack under one design and the actors of a scenario; runs them;
 * judges every run against the properties; tells what happened.
 */
module lazaret.lab {
    requires transitive lazaret.explore;
    requires transitive lazaret.iommu;
    requires transitive lazaret.qemu;

    exports lazaret.lab;
    exports lazaret.lab.compare;
    exports lazaret.lab.conform;
    exports lazaret.lab.oracle;
    exports lazaret.lab.qemu;
    exports lazaret.lab.scenario;
    exports lazaret.lab.story;

    opens lazaret.lab to lazaret.machine;
    opens lazaret.lab.oracle to lazaret.machine;
    opens lazaret.lab.scenario to lazaret.machine;
}
