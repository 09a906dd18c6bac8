// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.pci;

import java.util.List;
import lazaret.iommu.Bench;
import lazaret.iommu.Fwspec;
import lazaret.pcie.Bdf;

/** A bench with one PCI function, found and probed. */
final class PciBench {
    final Bench bench;
    final ToyFunction function;
    final PciDev dev;
    final PciReset reset;

    PciBench() {
        this(new Bench());
    }

    PciBench(Bench bench) {
        this.bench = bench;
        function = new ToyFunction(bench.machine);
        Fwspec fwspec = new Fwspec(bench.toy, List.of(0x100), "u");
        dev = new PciDev(bench.iommu, Bdf.parse("01:00.0"), function, fwspec);
        reset = new PciReset(bench.iommu);
        if (dev.add().failed()) {
            throw new IllegalStateException("no device");
        }
        bench.log.clear();
        bench.toy.forget();
    }
}
