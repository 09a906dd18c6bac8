// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

/**
 * The translation regime that a stream's stage 1 belongs to; TLB entries of different worlds never meet.
 *
 * @spec IHI0070 3.3.4
 */
public enum StreamWorld {
    /** An operating system's: ASIDs, two halves, tagged with a VMID where there is a stage 2. */
    NS_EL1,
    /** A hypervisor's of the old kind: one half, no ASIDs, everything privileged. */
    NS_EL2,
    /** A hypervisor's that is an operating system too: ASIDs, two halves. */
    NS_EL2_E2H;

    /** The world of a stream whose STE translates. */
    public static StreamWorld of(Ste ste, Idr idr, boolean e2h) {
        boolean strw = ste.config() == Ste.Config.S1_TRANS && idr.has(Idr0.HYP) && idr.has(Idr0.S1P);
        if (!strw || ste.get(Ste.STRW) != Ste.Strw.EL2.code()) {
            return NS_EL1;
        }
        return e2h ? NS_EL2_E2H : NS_EL2;
    }

    /** Do its TLB entries carry an ASID, and is there an upper half of the address space? */
    public boolean asids() {
        return this != NS_EL2;
    }
}
