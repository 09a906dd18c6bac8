// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

import java.util.ArrayList;
import java.util.List;
import lazaret.kernel.Guarded;
import lazaret.kernel.Kernel;
import lazaret.kernel.Lifetime;
import lazaret.kernel.Mutex;

/** The PASIDs of a master that have a domain. Under attachLock. @kernel arm_smmu_master_domain @req R67 */
final class Spaces {
    /** @param ats do flushes of the domain ask the device? */
    record Space(int ssid, SmmuDomain domain, boolean ats) {
        List<Inv.Key> keys(Master master) {
            return Inv.Key.of(domain, master, ssid, ats);
        }
    }

    private final Guarded<List<Space>> all;

    Spaces(Kernel kernel, Mutex attachLock, Lifetime life) {
        all = new Guarded<>(kernel, "master.spaces", attachLock, life, List.of());
    }

    boolean inUse() {
        return !all.get().isEmpty();
    }

    List<Space> all() {
        return all.get();
    }

    /** Is one of them left out when flushes ask the device? */
    boolean anyWithoutAts() {
        return all.get().stream().anyMatch(space -> !space.ats());
    }

    /** Null if it has no domain. */
    Space find(int ssid) {
        List<Space> now = all.get();
        for (int i = 0; i < now.size(); i++) {
            if (now.get(i).ssid() == ssid) {
                return now.get(i);
            }
        }
        return null;
    }

    void put(Space space) {
        remove(space.ssid());
        List<Space> more = new ArrayList<>(all.get());
        more.add(space);
        all.set(List.copyOf(more));
    }

    void remove(int ssid) {
        List<Space> fewer = new ArrayList<>(all.get());
        fewer.removeIf(space -> space.ssid() == ssid);
        all.set(List.copyOf(fewer));
    }
}
