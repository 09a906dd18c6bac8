// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.pci;

import java.util.ArrayList;
import java.util.List;
import lazaret.kernel.Cpu;
import lazaret.kernel.IrqThread;
import lazaret.kernel.Kernel;
import lazaret.machine.Irq;
import lazaret.pcie.Config.AerCap;
import lazaret.pcie.Config.DpcCap;
import lazaret.pcie.Config.ExpressCap;

/**
 * The driver of a port: what it tells of errors, containment and its slot comes by one interrupt, and each
 * kind is handled by a thread of its own.
 *
 * @kernel pcie_portdriver
 */
public final class PortDriver {
    private record Handler(PortService service, IrqThread thread) { }

    private final PciBridge port;
    private final PciReset reset;
    private final PciTree tree;
    private final List<Handler> handlers;   // wiring

    /** What the port has, all of it. Part of the wiring. */
    public PortDriver(PciBridge port, PciReset reset, PciTree tree, Irq irq, Cpu cpu) {
        this.port = port;
        this.reset = reset;
        this.tree = tree;
        Kernel kernel = port.kernel();
        handlers = services().stream().map(one -> new Handler(one,
                new IrqThread(kernel, irq.name() + "-" + one.name(), cpu, one::handle))).toList();
        kernel.requestIrq(irq, cpu, irq.name(), this::interrupt);
    }

    private List<PortService> services() {
        List<PortService> all = new ArrayList<>();
        int express = Capabilities.find(port.config(), ExpressCap.ID);
        int contains = Capabilities.findExt(port.config(), DpcCap.ID);
        Dpc dpc = contains == 0 ? null : new Dpc(port, reset, contains, express);
        if (dpc != null) {
            all.add(dpc);
        }
        int errors = Capabilities.findExt(port.config(), AerCap.ID);
        if (errors != 0) {
            all.add(new Aer(port, reset, errors));
        }
        all.add(new Pciehp(port, tree, express, dpc));
        return List.copyOf(all);
    }

    private void interrupt() {
        for (int i = 0; i < handlers.size(); i++) {
            if (handlers.get(i).service().noted()) {
                handlers.get(i).thread().wake();
            }
        }
    }
}
