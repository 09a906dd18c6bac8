// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

import lazaret.smmuv3.AtcSpan;
import lazaret.smmuv3.Command;

/**
 * What one device got under one PASID.
 *
 * @param ssid {@link Cds#NO_PASID}: without PASID. Whoever is asked to forget that forgets the range under
 *             every PASID besides: ATS has no request for the one without the others.
 */
record AtcTarget(Master master, int ssid) {
    /** @kernel arm_smmu_atc_inv_to_cmd */
    Command forget(AtcSpan span) {
        boolean ssv = ssid != Cds.NO_PASID;
        return new Command.AtcInv(master.sid(), ssv, ssid, false, span.address(), span.size());
    }
}
