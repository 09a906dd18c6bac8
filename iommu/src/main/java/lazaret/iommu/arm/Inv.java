// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

import java.util.Comparator;
import java.util.List;
import lazaret.kernel.Kernel;
import lazaret.kernel.Shared;

/**
 * One thing that a flush of a domain must invalidate, and how many attachments ask for it. The arrays of a
 * domain that succeed one another share their entries.
 *
 * @kernel arm_smmu_inv
 * @req R59
 */
final class Inv {
    /** What is invalidated; all of one kind stand together, TLBs first. */
    enum Kind {
        /** TLB entries of an address space. @kernel INV_TYPE_S1_ASID */
        S1_ASID,
        /** TLB entries of a VM, and what was made from them. @kernel INV_TYPE_S2_VMID */
        S2_VMID,
        /** What a device's ATC holds. @kernel INV_TYPE_ATS */
        ATS,
        /** All of that: a guest's stage 1 has given it other addresses. @kernel INV_TYPE_ATS_FULL */
        ATS_FULL;

        boolean isAtc() {
            return switch (this) {
                case S1_ASID, S2_VMID -> false;
                case ATS, ATS_FULL -> true;
            };
        }
    }

    /**
     * @param id     ASID, VMID or stream id
     * @param ssid   the PASID for which the device asked, {@link Cds#NO_PASID} for none
     * @param master whose ATC; null for a TLB
     */
    record Key(Kind kind, int id, int ssid, Master master) implements Comparable<Key> {
        private static final Comparator<Key> ORDER = Comparator.comparing(Key::kind)
                .thenComparing(Key::id, Integer::compareUnsigned).thenComparingInt(Key::ssid);

        static Key asid(int asid) {
            return new Key(Kind.S1_ASID, asid, Cds.NO_PASID, null);
        }

        static Key vmid(int vmid) {
            return new Key(Kind.S2_VMID, vmid, Cds.NO_PASID, null);
        }

        static Key ats(Master master, int ssid) {
            return new Key(Kind.ATS, master.sid(), ssid, master);
        }

        static Key atsFull(Master master) {
            return new Key(Kind.ATS_FULL, master.sid(), Cds.NO_PASID, master);
        }

        /** Whatever has to forget about {@code domain} on behalf of that PASID. */
        static List<Key> of(SmmuDomain domain, Master master, int ssid, boolean ats) {
            return ats ? List.of(domain.tag(), ats(master, ssid)) : List.of(domain.tag());
        }

        @Override
        public int compareTo(Key other) {
            return ORDER.compare(this, other);
        }
    }

    private final Key key;
    /** Of itself; changed under attachLock. Nobody: the entry is trash, readers skip it. */
    private final Shared users;

    Inv(Kernel kernel, String domain, Key key) {
        this.key = key;
        users = new Shared(kernel, domain + " inv " + key.kind() + " users", 0);
    }

    Key key() {
        return key;
    }

    /** Whom to ask, of an ATC. */
    AtcTarget target() {
        return new AtcTarget(key.master(), key.ssid(), key.kind() == Kind.ATS_FULL);
    }

    boolean inUse() {
        return users.readOnce() != 0;
    }

    void get() {
        users.fetchAdd(1);
    }

    /** Says whether that was the last user. */
    boolean put() {
        return users.addReturn(-1) == 0;
    }
}
