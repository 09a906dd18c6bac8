// SPDX-License-Identifier: Apache-2.0
package lazaret.lab;

import lazaret.iommu.Fwspec;
import lazaret.iommu.pci.PciDev;
import lazaret.iommu.pci.ResetMethod;
import lazaret.pcie.Bdf;
import lazaret.pcie.hw.Endpoint;
import lazaret.pcie.hw.EndpointFaults;
import lazaret.pcie.hw.EndpointParams;

/** How functions get into the machine: wired, known to the stack, found, bound to a driver. */
final class Plug {
    private final Lab lab;
    private final Silicon silicon;

    Plug(Lab lab, Silicon silicon) {
        this.lab = lab;
        this.silicon = silicon;
    }

    /** @param slot null: it is part of the root complex */
    Fn function(String name, Bdf place, Fwspec fwspec, Slot slot) {
        var endpoint = new Endpoint(lab.machine(), name, place, EndpointParams.USUAL, EndpointFaults.NONE);
        if (slot == null) {
            endpoint.connect(silicon.chip().connect(endpoint, place.rid()));
        } else {
            slot.port().plug(endpoint, function -> silicon.chip().connect(function, place.rid()));
        }
        silicon.knows(place.rid());
        var dev = new PciDev(lab.core(), place, endpoint.config(), fwspec);
        if (slot != null) {
            dev.below(slot.bridge());
        }
        return ready(new Fn(lab, endpoint, dev));
    }

    private Fn ready(Fn fn) {
        fn.dev().resetMethods(ResetMethod.FLR);
        Lab.must(fn.dev().add(), "probe " + fn.name());
        Lab.must(fn.bind(), "bind " + fn.name());
        return fn;
    }
}
