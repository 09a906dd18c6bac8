// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu;

import java.util.List;

/** What holds a driver's report that a device does not answer, until a worker comes round to it. */
public enum Reporting {
    /** Nobody reports. */
    NONE(List.of(), List.of()),
    /** The group: devices are looked up under RCU, and nothing keeps the group while a report waits. */
    IN_GROUP(List.of(Report.class, GroupReports.class), List.of("RCU list", "group work")),
    /** The device's dev_iommu: release waits until the worker is through with it. */
    IN_DEV_IOMMU(List.of(Report.class), List.of("dev_iommu work")),
    /** Whoever was reported is kept by a reference; release does not wait. */
    HELD(List.of(Report.class), List.of("work"));

    private final List<Class<?>> parts;
    private final List<String> locks;

    Reporting(List<Class<?>> parts, List<String> locks) {
        this.parts = parts;
        this.locks = locks;
    }

    /** The classes that are there for its sake. */
    public List<Class<?>> parts() {
        return parts;
    }

    /** What keeps whom from whom, for its sake. */
    public List<String> locks() {
        return locks;
    }
}
