// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu;

import lazaret.kernel.Errno;
import lazaret.kernel.Level;
import lazaret.machine.Log;

/**
 * The two ends of a reset, both under group.mutex, which is free while the reset itself runs.
 *
 * <p>prepare: (1) count the level; inner levels end here. (2) get the blocking domain. (3) point the hardware
 * at it. (4) say so: from here on the device is physically blocked, attaches to its group are refused. A step
 * that fails undoes (1) and nothing else has happened.
 *
 * <p>done: (1) uncount; inner levels end here. (2) a failed reset leaves the device where it is. (3) tell the
 * driver. (4) point the hardware back at the logical domain. (5) say so.
 */
final class Reset {
    private Reset() { }

    /** @req R21 R27 */
    static Errno prepare(Group group, GroupDevice gdev, Design design) {
        if (gdev.enterReset() > 1) {
            return Errno.OK;
        }
        boolean may = !gdev.isBlocked() || design.resetsBlocked();
        Errno err = may ? goBlocking(group, gdev) : Errno.EBUSY;
        if (err.failed()) {
            gdev.leaveReset();
            return err;
        }
        gdev.shut(BlockReason.RESET);
        log(group, new IommuEntry.ResetPrepared(gdev.dev().name()));
        return Errno.OK;
    }

    /** For a while that is right for a device with reserved mappings, too. @req R8 R18 */
    private static Errno goBlocking(Group group, GroupDevice gdev) {
        Domain blocking = group.makeBlockingDomain(gdev.dev());
        if (blocking == null) {
            return Errno.ENOMEM;
        }
        Domain old = gdev.physical();
        return old == blocking ? Errno.OK : gdev.attach(blocking, old);
    }

    /** @req R24 R25 R26 R28 */
    static void done(Group group, GroupDevice gdev, Errno result, Design design) {
        if (group.kernel().warnOn(gdev.resetDepth() == 0, gdev + " reset done without prepare")) {
            return;
        }
        if (gdev.leaveReset() > 0) {
            return;
        }
        log(group, new IommuEntry.ResetDone(gdev.dev().name(), result));
        if (result.failed() && design.doneLooksAtResult()) {
            gdev.block(BlockReason.RESET_FAILED);
            return;
        }
        gdev.dev().iommu().dropReport();
        gdev.dev().iommu().ops().resetDeviceDone(gdev.dev());
        comeBack(group, gdev, design.afterReset(group));
    }

    /** @req R16 R29 */
    private static void comeBack(Group group, GroupDevice gdev, Domain home) {
        Domain blocking = group.blockingDomain();
        Errno err = home == null || home == blocking ? Errno.OK : gdev.attach(home, blocking);
        if (err.failed()) {
            gdev.dev().printk(Level.ERR, "cannot attach after reset, error " + err + "; still blocked");
        }
        gdev.block(err.ok() ? BlockReason.NONE : BlockReason.ATTACH_FAILED);
        if (err.ok() && group.pasids().open(gdev).failed()) {
            shutAgain(group, gdev);
        }
    }

    /** Without one of its PASIDs it is not what it was before the reset, so it stays out. */
    private static void shutAgain(Group group, GroupDevice gdev) {
        Domain blocking = group.blockingDomain();
        Domain home = gdev.physical();
        boolean out = home == blocking || gdev.attach(blocking, home).ok();
        group.kernel().warnOn(!out, gdev + " can be neither restored nor blocked");
        gdev.block(BlockReason.ATTACH_FAILED);
    }

    private static void log(Group group, IommuEntry entry) {
        Log log = group.kernel().machine().log();
        if (log.hears()) {
            log.add(entry);
        }
    }
}
