// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

import lazaret.machine.Field;

/**
 * Size of a translation table and of the smallest page.
 *
 * @spec DDI0487 D8.2
 */
enum Granule {
    G4K(12, Idr5.GRAN4K), G16K(14, Idr5.GRAN16K), G64K(16, Idr5.GRAN64K);

    private static final Granule[] TG0 = {G4K, G64K, G16K, null};
    private static final Granule[] TG1 = {null, G16K, G4K, G64K};

    private final int shift;
    private final Field supported;

    Granule(int shift, Field supported) {
        this.shift = shift;
        this.supported = supported;
    }

    /** CD.TG0 and STE.S2TG; null for the reserved code. */
    static Granule tg0(int code) {
        return TG0[code];
    }

    /** CD.TG1; null for the reserved code. */
    static Granule tg1(int code) {
        return TG1[code];
    }

    boolean in(Idr idr) {
        return idr.has(supported);
    }

    /** Fewest bits that an input address may lack to 64. */
    int minTxsz(boolean wide) {
        return wide ? 12 : 16;
    }

    /** Most bits that an input address may lack to 64. */
    int maxTxsz(Idr idr) {
        if (!idr.has(Idr3.STT)) {
            return 39;
        }
        return this == G64K ? 47 : 48;
    }

    /** log2 of the bytes of a page. */
    int shift() {
        return shift;
    }
}
