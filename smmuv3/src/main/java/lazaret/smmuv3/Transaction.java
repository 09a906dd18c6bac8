// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

import lazaret.pcie.At;
import lazaret.pcie.Pasid;

/**
 * What arrives at the SMMU, as far as translation is concerned.
 *
 * @param ssid the PASID or {@link Pasid#NONE}
 * @param iova the address as sent; of a translated transaction it is what the ATC said
 */
public record Transaction(int sid, int ssid, At at, AccessType type, long iova) {
    /** An untranslated access without PASID. */
    public static Transaction untranslated(int sid, AccessType type, long iova) {
        return new Transaction(sid, Pasid.NONE, At.UNTRANSLATED, type, iova);
    }

    public boolean hasSsid() {
        return ssid != Pasid.NONE;
    }

    Event.Origin origin() {
        return new Event.Origin(sid, hasSsid(), hasSsid() ? ssid : 0);
    }
}
