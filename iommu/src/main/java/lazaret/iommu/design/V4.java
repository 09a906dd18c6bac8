// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.design;

import lazaret.iommu.Reporting;

/**
 * The fourth version on the list, May 2026: the flush fences, then reports to the core, which looks the
 * device up in its group under RCU and has a worker of the group block it. Until the worker has run, the
 * next attach writes a new STE. The flag of the driver that v4 had besides is left out: it is that of {@link
 * MinimumX}, and what the report is worth shows without it.
 */
public class V4 extends MinimumY {
    public V4() {
        this(Axes.USUAL);
    }

    protected V4(Axes axes) {
        super(axes);
    }

    @Override
    protected Contained under(Axes other) {
        return new V4(other);
    }

    @Override
    protected String plainName() {
        return "v4";
    }

    @Override
    public String inOneLine() {
        return "fence inside the flush, report to the core, a worker of the group blocks the device later";
    }

    @Override
    public Reporting reporting() {
        return Reporting.IN_GROUP;
    }
}
