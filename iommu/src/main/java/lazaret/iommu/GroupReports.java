// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu;

import java.util.List;
import lazaret.kernel.Held;
import lazaret.kernel.Kernel;
import lazaret.kernel.SharedRef;
import lazaret.kernel.Work;
import lazaret.kernel.Workqueue;

/** The members of a group for those who may not take its mutex, and the work that blocks who is reported. */
final class GroupReports {
    private final Kernel kernel;
    /** Written under group.mutex, read under RCU. */
    private final SharedRef<List<GroupDevice>> members;
    private final Work work;

    GroupReports(Kernel kernel, String group, Runnable body) {
        this.kernel = kernel;
        members = new SharedRef<>(kernel, group + " devices", List.of());
        work = new Work(kernel, "group report", body);
    }

    void publish(List<GroupDevice> next) {
        members.rcuAssign(next);
    }

    /** Nothing keeps the group alive until the work has run. */
    void report(Device dev, Workqueue worker) {
        try (Held _ = kernel.rcu().readLock()) {
            for (GroupDevice gdev : members.rcuDereference()) {
                if (gdev.is(dev)) {
                    worker.queue(work);
                }
            }
        }
    }
}
