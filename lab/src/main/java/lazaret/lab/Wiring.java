// SPDX-License-Identifier: Apache-2.0
package lazaret.lab;

import lazaret.iommu.arm.SmmuSetup;
import lazaret.kernel.Cpu;
import lazaret.smmuv3.hw.SmmuParams;

/** What a scenario says of its SMMU and of who drives it, before the first endpoint; see the verbs of Lab. */
final class Wiring {
    long atcTimeoutUs = SmmuParams.USUAL.atcTimeoutUs();
    int chunk = 16;
    int slotsLog2 = 6;
    int pasidBits;
    /** 0: page requests are not taken. */
    int requestsLog2;
    boolean polled;
    boolean afterCrash;

    /** What of it {@code smmu} does not have, or null. */
    String lacks(Chip smmu) {
        if (pasidBits > smmu.pasidBits()) {
            return "PASIDs of " + pasidBits + " bits";
        }
        return requestsLog2 > 0 && smmu.priqIrq() == null ? "page requests" : null;
    }

    SmmuSetup setup(Chip smmu, Cpu irqCpu) {
        SmmuSetup setup = SmmuSetup.of("smmu3.0", smmu.mmio(), polled ? null : smmu.gerrorIrq(),
                smmu.evtqIrq(), irqCpu).withCmdq(slotsLog2, chunk).withPasids(pasidBits);
        setup = afterCrash ? setup.withDeferredAttach() : setup;
        return requestsLog2 == 0 ? setup : setup.withPageRequests(smmu.priqIrq(), requestsLog2);
    }
}
