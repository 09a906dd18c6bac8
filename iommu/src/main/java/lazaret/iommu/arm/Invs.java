// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

import java.util.ArrayList;
import java.util.List;
import lazaret.kernel.Kernel;
import lazaret.kernel.Lifetime;

/**
 * What a flush of a domain must invalidate, sorted, never changed: a domain publishes another array instead.
 * A reader holds the RCU read lock from the moment it has seen the array until it is done with it.
 *
 * @kernel arm_smmu_invs
 * @req R59
 */
public final class Invs implements Runnable {
    private final Kernel kernel;
    private final String domain;
    private final List<Inv> entries;
    private final Lifetime life;

    private Invs(Kernel kernel, String domain, List<Inv> entries) {
        this.kernel = kernel;
        this.domain = domain;
        this.entries = List.copyOf(entries);
        life = new Lifetime(kernel, domain + " invs");
    }

    static Invs empty(Kernel kernel, String domain) {
        return new Invs(kernel, domain, List.of());
    }

    int size() {
        life.touch();
        return entries.size();
    }

    Inv get(int index) {
        life.touch();
        return entries.get(index);
    }

    /** Does the array name an ATC? */
    boolean hasAts() {
        life.touch();
        return !entries.isEmpty() && entries.getLast().key().kind().isAtc();
    }

    /**
     * The array with entries for all of {@code keys}; those that are new have no user yet.
     *
     * @kernel arm_smmu_invs_merge
     */
    Invs merge(List<Inv.Key> keys) {
        life.touch();
        List<Inv> more = new ArrayList<>(entries);
        for (Inv.Key key : keys) {
            int at = position(more, key);
            if (at == more.size() || !more.get(at).key().equals(key)) {
                more.add(at, new Inv(kernel, domain, key));
            }
        }
        return new Invs(kernel, domain, more);
    }

    /** The array without entries that nobody uses; this one if there are none. @kernel arm_smmu_invs_purge */
    Invs purge() {
        List<Inv> rest = new ArrayList<>();
        for (int i = 0; i < size(); i++) {
            if (get(i).inUse()) {
                rest.add(get(i));
            }
        }
        return rest.size() == entries.size() ? this : new Invs(kernel, domain, rest);
    }

    /** Is the ATC of {@code master} named, and in use? */
    boolean asks(Master master) {
        for (int i = 0; i < size(); i++) {
            if (get(i).key().kind().isAtc() && get(i).key().master() == master && get(i).inUse()) {
                return true;
            }
        }
        return false;
    }

    /** The entry of {@code key}, which must be there. */
    Inv find(Inv.Key key) {
        life.touch();
        int at = position(entries, key);
        if (at == entries.size() || !entries.get(at).key().equals(key)) {
            throw new IllegalStateException(domain + " has no entry for " + key);
        }
        return entries.get(at);
    }

    /** Whoever still reads it afterwards reads freed memory. */
    public void free() {
        life.free();
    }

    /** After a grace period. */
    @Override
    public void run() {
        free();
    }

    private static int position(List<Inv> sorted, Inv.Key key) {
        int at = 0;
        while (at < sorted.size() && sorted.get(at).key().compareTo(key) < 0) {
            at++;
        }
        return at;
    }
}
