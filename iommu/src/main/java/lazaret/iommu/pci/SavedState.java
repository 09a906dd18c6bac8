// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.pci;

import java.util.ArrayList;
import java.util.List;
import lazaret.pcie.Config;
import lazaret.pcie.Config.ExpressCap;
import lazaret.pcie.Config.PasidCap;
import lazaret.pcie.Config.PriCap;
import lazaret.pcie.ConfigSpace;

/**
 * What of config space a reset destroys and software puts back. ATS is not here: software knows what it
 * switched.
 *
 * @param header  the sixteen words of the type 0 header
 * @param devctl  device control of the express capability
 * @param pasid   PASID control
 * @param pri     page request control
 * @param priReqs page requests that were allowed
 * @req R53 R108
 */
record SavedState(List<Integer> header, int devctl, int pasid, int pri, int priReqs) {
    private static final int HEADER_WORDS = 16;

    static SavedState of(ConfigSpace config, Capabilities caps) {
        List<Integer> header = new ArrayList<>(HEADER_WORDS);
        for (int i = 0; i < HEADER_WORDS; i++) {
            header.add(config.read32(i * 4));
        }
        return new SavedState(List.copyOf(header),
                caps.express() == 0 ? 0 : config.read16(caps.express() + ExpressCap.DEVCTL),
                caps.pasid() == 0 ? 0 : config.read16(caps.pasid() + PasidCap.CTRL),
                caps.pri() == 0 ? 0 : config.read16(caps.pri() + PriCap.CTRL),
                caps.pri() == 0 ? 0 : config.read32(caps.pri() + PriCap.ALLOC_REQ));
    }

    /** @kernel pci_restore_pcie_state */
    void restoreExpress(ConfigSpace config, Capabilities caps) {
        if (caps.express() != 0) {
            config.write16(caps.express() + ExpressCap.DEVCTL, (int) ExpressCap.BCR_FLR.put(devctl, 0));
        }
    }

    /** @kernel pci_restore_pasid_state */
    void restorePasid(ConfigSpace config, Capabilities caps) {
        if (PasidCap.ENABLE.test(pasid)) {
            config.write16(caps.pasid() + PasidCap.CTRL, pasid);
        }
    }

    /** @kernel pci_restore_pri_state */
    void restorePri(ConfigSpace config, Capabilities caps) {
        if (PriCap.ENABLE.test(pri)) {
            config.write32(caps.pri() + PriCap.ALLOC_REQ, priReqs);
            config.write16(caps.pri() + PriCap.CTRL, (int) PriCap.ENABLE.prep(true));
        }
    }

    /** From the last word to the first; command last, because with it the function may use all the rest. */
    void restoreHeader(ConfigSpace config) {
        for (int i = HEADER_WORDS - 1; i * 4 > Config.COMMAND; i--) {
            if (config.read32(i * 4) != header.get(i)) {
                config.write32(i * 4, header.get(i));
            }
        }
        config.write16(Config.COMMAND, header.get(Config.COMMAND / 4) & 0xffff);
    }
}
