// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

import lazaret.kernel.GuardedWord;
import lazaret.kernel.Lifetime;

/**
 * Numbers of one kind: ASIDs, VMIDs. Under attachLock. One that is given back must be out of all TLBs.
 *
 * @kernel arm_smmu_asid_xa
 */
final class Tags {
    /** One bit each; 0 is never handed out. */
    private final GuardedWord used;

    Tags(SmmuDevice smmu, String name, Lifetime life) {
        used = new GuardedWord(smmu.kernel(), name, smmu.attachLock(), life, 1);
    }

    /** 0 when there is none left. */
    int alloc() {
        int tag = Long.numberOfTrailingZeros(~used.get());
        if (tag == Long.SIZE) {
            return 0;
        }
        used.set(used.get() | 1L << tag);
        return tag;
    }

    void free(int tag) {
        used.set(used.get() & ~(1L << tag));
    }
}
