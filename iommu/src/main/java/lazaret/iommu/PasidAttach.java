// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu;

import java.util.List;
import lazaret.kernel.Errno;
import lazaret.kernel.Kernel;
import lazaret.kernel.Level;

/**
 * Domains for single PASIDs of a group, beside the one for DMA without PASID. All with group.mutex held.
 * Members without PASIDs have no part in it; a blocked one has nothing in its hardware, and gets what the
 * array says when it comes out.
 */
record PasidAttach(Group group, Pasids pasids) {
    /**
     * Reserves the PASID, attaches device by device, and commits; if one refuses, those before it go back and
     * the PASID is free again.
     *
     * @kernel iommu_attach_device_pasid
     * @req R11 R13
     */
    Errno attach(Domain next, int pasid) {
        Errno err = allowed(next, pasid);
        if (err.failed()) {
            return err;
        }
        if (pasids.find(pasid) != null) {
            return Errno.EBUSY;
        }
        if (!pasids.reserve(pasid)) {
            return Errno.ENOMEM;
        }
        err = attachAll(next, pasid, null);
        if (err.ok()) {
            pasids.commit(pasid, next);
        } else {
            pasids.erase(pasid);
        }
        return err;
    }

    /**
     * Another domain for a PASID that has one; if a device refuses, all keep the old one.
     *
     * @kernel iommu_replace_device_pasid
     * @req R11 R13
     */
    Errno replace(Domain next, int pasid) {
        Errno err = allowed(next, pasid);
        Domain old = pasids.find(pasid);
        if (err.failed() || old == next) {
            return err;
        }
        if (old == null) {
            return Errno.EINVAL;
        }
        err = attachAll(next, pasid, old);
        if (err.ok()) {
            pasids.commit(pasid, next);
            drain();
        }
        return err;
    }

    /**
     * Cannot fail. A blocked device has let go of it already.
     *
     * @kernel iommu_detach_device_pasid
     * @req R14
     */
    void detach(int pasid) {
        Domain old = pasids.find(pasid);
        if (kernel().warnOn(old == null, group + " has nothing at PASID " + pasid)) {
            return;
        }
        List<GroupDevice> all = group.devices();
        for (int i = 0; i < all.size(); i++) {
            if (concerned(all.get(i)) && !all.get(i).isBlocked()) {
                all.get(i).removePasid(pasid, old);
            }
        }
        pasids.erase(pasid);
        drain();
    }

    /** The array does not name the old domain any more; nor does, now, any page request. @req R90 */
    private void drain() {
        List<GroupDevice> all = group.devices();
        for (int i = 0; i < all.size(); i++) {
            drain(all.get(i));
        }
    }

    private static void drain(GroupDevice gdev) {
        Iopf iopf = gdev.dev().core().iopf();
        if (iopf != null && concerned(gdev)) {
            iopf.drain(gdev.dev());
        }
    }

    private Errno allowed(Domain next, int pasid) {
        if (group.recoveryCnt() > 0) {
            return Errno.EBUSY;
        }
        boolean any = false;
        List<GroupDevice> all = group.devices();
        for (int i = 0; i < all.size(); i++) {
            int limit = all.get(i).dev().iommu().maxPasids();
            boolean foreign = all.get(i).dev().fwspec().ops() != next.owner();
            if (limit > 0 && (pasid <= 0 || pasid >= limit || foreign)) {
                return Errno.EINVAL;
            }
            any |= limit > 0;
        }
        return any ? Errno.OK : Errno.EOPNOTSUPP;
    }

    /** @param old null if there was none */
    private Errno attachAll(Domain next, int pasid, Domain old) {
        List<GroupDevice> all = group.devices();
        for (int i = 0; i < all.size(); i++) {
            Errno err = concerned(all.get(i)) ? all.get(i).attachPasid(next, pasid, old) : Errno.OK;
            if (err.failed()) {
                goBack(all.subList(0, i), next, pasid, old);
                return err;
            }
        }
        return Errno.OK;
    }

    private static void goBack(List<GroupDevice> moved, Domain from, int pasid, Domain to) {
        for (int i = moved.size() - 1; i >= 0; i--) {
            GroupDevice gdev = moved.get(i);
            if (concerned(gdev) && (to == null || gdev.attachPasid(to, pasid, from).failed())) {
                gdev.removePasid(pasid, from);
            }
        }
    }

    // ---- one device goes out and comes back

    /**
     * Everything out of its hardware; the array stays.
     *
     * @kernel iommu_remove_dev_pasid
     * @req R21 R22 R34
     */
    void close(GroupDevice gdev) {
        List<Pasids.Slot> all = pasids.all();
        for (int i = 0; concerned(gdev) && i < all.size(); i++) {
            gdev.removePasid(all.get(i).pasid(), all.get(i).domain());
        }
        drain(gdev);
    }

    /**
     * What the array says goes into its hardware; all or nothing.
     *
     * @req R28
     */
    Errno open(GroupDevice gdev) {
        List<Pasids.Slot> all = pasids.all();
        for (int i = 0; concerned(gdev) && i < all.size(); i++) {
            Errno err = gdev.attachPasid(all.get(i).domain(), all.get(i).pasid(), null);
            if (err.failed()) {
                gdev.dev().printk(Level.ERR, "cannot attach PASID " + all.get(i).pasid() + ", error " + err);
                for (int done = 0; done < i; done++) {
                    gdev.removePasid(all.get(done).pasid(), all.get(done).domain());
                }
                return err;
            }
        }
        return Errno.OK;
    }

    private static boolean concerned(GroupDevice gdev) {
        return gdev.dev().iommu().maxPasids() > 0;
    }

    private Kernel kernel() {
        return group.kernel();
    }
}
