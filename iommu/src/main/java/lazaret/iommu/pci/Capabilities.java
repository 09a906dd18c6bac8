// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.pci;

import lazaret.pcie.Config;
import lazaret.pcie.Config.AfCap;
import lazaret.pcie.Config.AtsCap;
import lazaret.pcie.Config.CapHeader;
import lazaret.pcie.Config.DvsecCap;
import lazaret.pcie.Config.ExpressCap;
import lazaret.pcie.Config.ExtCapHeader;
import lazaret.pcie.Config.PasidCap;
import lazaret.pcie.Config.PmCap;
import lazaret.pcie.Config.PriCap;
import lazaret.pcie.Config.Status;
import lazaret.pcie.ConfigSpace;

/**
 * Where a function keeps its capabilities; 0 for one it has not. Looked up once, while the function is known
 * to answer: asking later must not depend on it.
 *
 * @param flr can it do a function level reset?
 * @param af  0 also where the advanced features have no such reset
 * @param pm  0 also where waking up is no reset
 */
record Capabilities(int express, int ats, int pri, int pasid, boolean flr, int af, int pm) {
    static final Capabilities NONE = new Capabilities(0, 0, 0, 0, false, 0, 0);

    /** More steps than capabilities fit: the list is a loop. */
    private static final int CAPS = (Config.EXT_CAPS - 0x40) / 4;
    private static final int EXT_CAPS = (Config.SIZE - Config.EXT_CAPS) / 8;

    static Capabilities of(ConfigSpace config) {
        int express = find(config, ExpressCap.ID);
        boolean flr = express != 0 && ExpressCap.FLR.test(config.read32(express + ExpressCap.DEVCAP));
        return new Capabilities(express, findExt(config, AtsCap.ID), findExt(config, PriCap.ID),
                findExt(config, PasidCap.ID), flr, af(config), pm(config));
    }

    private static int af(ConfigSpace config) {
        int at = find(config, AfCap.ID);
        int cap = at == 0 ? 0 : config.read8(at + AfCap.CAP);
        return AfCap.CAP_TP.test(cap) && AfCap.CAP_FLR.test(cap) ? at : 0;
    }

    private static int pm(ConfigSpace config) {
        int at = find(config, PmCap.ID);
        return at == 0 || PmCap.NO_SOFT_RESET.test(config.read16(at + PmCap.PMCSR)) ? 0 : at;
    }

    /** @kernel pci_find_capability */
    static int find(ConfigSpace config, int id) {
        int status = config.read16(Config.STATUS);
        if (status == 0xffff || !Status.CAP_LIST.test(status)) {
            return 0;
        }
        int pos = config.read8(Config.CAP_POINTER) & ~3;
        for (int steps = 0; pos >= 0x40 && steps < CAPS; steps++) {
            int header = config.read16(pos);
            if (header == 0xffff) {
                return 0;
            }
            if (CapHeader.ID.get(header) == id) {
                return pos;
            }
            pos = CapHeader.NEXT.getInt(header) & ~3;
        }
        return 0;
    }

    /** @kernel pci_find_ext_capability */
    static int findExt(ConfigSpace config, int id) {
        int pos = Config.EXT_CAPS;
        for (int steps = 0; pos >= Config.EXT_CAPS && steps < EXT_CAPS; steps++) {
            int header = config.read32(pos);
            if (header == 0 || header == -1) {
                return 0;
            }
            if (ExtCapHeader.ID.get(header) == id) {
                return pos;
            }
            pos = ExtCapHeader.NEXT.getInt(header) & ~3;
        }
        return 0;
    }

    /** @kernel pci_find_dvsec_capability */
    static int findDvsec(ConfigSpace config, int vendor, int id) {
        int at = findExt(config, DvsecCap.ID);
        boolean it = at != 0 && config.read16(at + DvsecCap.VENDOR) == vendor
                && config.read16(at + DvsecCap.DVSEC_ID) == id;
        return it ? at : 0;
    }
}
