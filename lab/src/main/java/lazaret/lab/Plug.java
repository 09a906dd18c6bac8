// SPDX-License-Identifier: Apache-2.0
package lazaret.lab;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import lazaret.iommu.Fwspec;
import lazaret.iommu.IommuOps;
import lazaret.iommu.pci.PciDev;
import lazaret.iommu.pci.ResetMethod;
import lazaret.iommu.pci.Sriov;
import lazaret.pcie.Bdf;
import lazaret.pcie.hw.Endpoint;
import lazaret.pcie.hw.EndpointFaults;
import lazaret.pcie.hw.EndpointParams;

/** How functions get into the machine: wired, known to the stack, found, bound to a driver. */
final class Plug {
    private final Lab lab;
    private final Silicon silicon;
    private final List<Fn> functions = new ArrayList<>();   // wiring

    Plug(Lab lab, Silicon silicon) {
        this.lab = lab;
        this.silicon = silicon;
    }

    /** All of them, in the order in which they came. */
    List<Fn> functions() {
        return Collections.unmodifiableList(functions);
    }

    /** @param slot null: it is part of the root complex */
    Fn function(String name, String bdf, Fwspec fwspec, Slot slot) {
        Bdf place = Bdf.parse(bdf);
        var endpoint = new Endpoint(lab.machine(), name, place, EndpointParams.USUAL, EndpointFaults.NONE);
        if (slot == null) {
            endpoint.connect(silicon.chip().connect(endpoint, place.rid()));
        } else {
            slot.port().plug(endpoint, function -> silicon.chip().connect(function, place.rid()));
        }
        PciDev dev = known(endpoint, fwspec, null);
        if (slot != null) {
            dev.below(slot.bridge());
        }
        return found(endpoint, dev);
    }

    /** A function that works with ATS only. */
    Fn demanding(String name, String bdf, IommuOps driver) {
        var endpoint = new Endpoint(lab.machine(), name, Bdf.parse(bdf), EndpointParams.USUAL,
                EndpointFaults.NONE);
        endpoint.connect(silicon.chip().connect(endpoint, endpoint.rid()));
        PciDev dev = known(endpoint, own(driver, endpoint), null);
        dev.demandsAts();
        return found(endpoint, dev);
    }

    /** A function with room for one virtual one. */
    Fn physical(String name, String bdf, IommuOps driver) {
        var endpoint = new Endpoint(lab.machine(), name, Bdf.parse(bdf),
                EndpointParams.USUAL.virtualFunctions(1), EndpointFaults.NONE);
        endpoint.connect(silicon.chip().connect(endpoint, endpoint.rid()));
        Fn fn = found(endpoint, known(endpoint, own(driver, endpoint), null));
        fn.has(new Sriov(fn.dev(), lab.tree()));
        return fn;
    }

    /** That one; switched on, found and bound. */
    Fn virtual(String name, String bdf, IommuOps driver, Fn of) {
        Endpoint endpoint = Endpoint.virtual(lab.machine(), name, Bdf.parse(bdf), of.endpoint());
        endpoint.connect(silicon.chip().connect(endpoint, endpoint.rid()));
        PciDev dev = known(endpoint, own(driver, endpoint), of.dev());
        of.sriov().add(dev);
        functions.add(new Fn(lab, endpoint, dev).wantsCarefulDriver());
        Lab.must(of.enablesVirtual(), "enable " + name);
        return functions.getLast();
    }

    /** A group of its own. */
    private static Fwspec own(IommuOps driver, Endpoint endpoint) {
        return new Fwspec(driver, List.of(endpoint.rid()), endpoint.bdf().toString());
    }

    private PciDev known(Endpoint endpoint, Fwspec fwspec, PciDev physical) {
        silicon.knows(endpoint.rid());
        var dev = new PciDev(lab.core(), endpoint.bdf(), endpoint.config(), fwspec, physical);
        dev.resetMethods(ResetMethod.FLR);
        return dev;
    }

    private Fn found(Endpoint endpoint, PciDev dev) {
        var fn = new Fn(lab, endpoint, dev);
        Lab.must(dev.add(), "probe " + fn.name());
        Lab.must(fn.bind(), "bind " + fn.name());
        functions.add(fn);
        return fn;
    }
}
