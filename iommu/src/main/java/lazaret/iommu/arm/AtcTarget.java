// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

import lazaret.smmuv3.AtcSpan;
import lazaret.smmuv3.Command;

/**
 * What one device got under one PASID.
 *
 * @param ssid {@link Cds#NO_PASID}: without PASID. Whoever is asked to forget that forgets the range under
 *             every PASID besides: ATS has no request for the one without the others.
 * @param whole whatever range is to be forgotten, it is asked to forget all: the range is not in addresses
 *             that it knows
 */
record AtcTarget(Master master, int ssid, boolean whole) {
    AtcTarget(Master master, int ssid) {
        this(master, ssid, false);
    }

    /** @kernel arm_smmu_atc_inv_to_cmd */
    Command forget(AtcSpan range) {
        AtcSpan span = whole ? AtcSpan.EVERYTHING : range;
        boolean ssv = ssid != Cds.NO_PASID;
        return new Command.AtcInv(master.sid(), ssv, ssid, false, span.address(), span.size());
    }
}
