// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

import lazaret.kernel.GuardedWord;
import lazaret.kernel.Lifetime;

/** Tags of address spaces. Under attachLock. A tag that is given back must be out of all TLBs. */
final class Asids {
    /** One bit each; 0 is never handed out. */
    private final GuardedWord used;

    Asids(SmmuDevice smmu, Lifetime life) {
        used = new GuardedWord(smmu.kernel(), "asids", smmu.attachLock(), life, 1);
    }

    /** 0 when there is none left. */
    int alloc() {
        int asid = Long.numberOfTrailingZeros(~used.get());
        if (asid == Long.SIZE) {
            return 0;
        }
        used.set(used.get() | 1L << asid);
        return asid;
    }

    void free(int asid) {
        used.set(used.get() & ~(1L << asid));
    }
}
