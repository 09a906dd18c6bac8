// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.pci;

import lazaret.kernel.Held;
import lazaret.kernel.Lifetime;
import lazaret.kernel.Shared;

/**
 * A function from when it was found until it is removed and nobody refers to it any more. Found again in the
 * same place it is another one.
 *
 * @kernel pci_dev_get pci_dev_put
 */
final class Presence implements Held {
    private final PciDev dev;
    private final Lifetime life;
    private final Shared references;

    /** The list of its bus has the first reference. */
    Presence(PciDev dev) {
        this.dev = dev;
        life = new Lifetime(dev.kernel(), dev.name() + " pci_dev");
        references = new Shared(dev.kernel(), dev.name() + " references", 1);
    }

    PciDev dev() {
        return dev;
    }

    /** One reference more, until closed. Somebody else must have one. */
    Presence get() {
        life.touch();
        references.fetchAdd(1);
        return this;
    }

    /** Somebody uses what it stands for. */
    void touch() {
        life.touch();
    }

    /** One reference less; the last one frees. */
    @Override
    public void close() {
        if (references.addReturn(-1) == 0) {
            life.free();
        }
    }
}
