// SPDX-License-Identifier: Apache-2.0
/**
 * PCI Express as far as address translation services need it: identities, messages and configuration space
 * for all; endpoints with an address translation cache, and what may be wrong with them, for those who wire
 * a machine.
 */
module lazaret.pcie {
    requires transitive lazaret.machine;

    exports lazaret.pcie;
    exports lazaret.pcie.hw to lazaret.lab, lazaret.bench;

    opens lazaret.pcie to lazaret.machine;
    opens lazaret.pcie.hw to lazaret.machine;
}
