// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.design;

import java.util.ArrayList;
import java.util.List;
import lazaret.iommu.arm.SmmuDesign;

/** The designs by name, the default first. */
public final class Designs {
    private Designs() { }

    /** Design objects hold no state: each call makes new ones. */
    public static List<SmmuDesign> all() {
        return List.of(new MinimumX(), new MinimumY(), new Mainline(), new DevIommuWorker(), new V4(),
                new V1(), new Xen());
    }

    /** What runs when nobody chooses. */
    public static SmmuDesign standard() {
        return new MinimumX();
    }

    /**
     * The default, once with each other answer to a question of {@link Axes}.
     */
    public static List<SmmuDesign> variants() {
        return List.of(new MinimumX(Axes.USUAL.with(Axes.Isolate.WHOLE_BATCH)),
                new MinimumX(Axes.USUAL.with(Axes.Isolate.ONE_DEVICE_PER_BATCH)),
                new MinimumX(Axes.USUAL.with(Axes.Mute.BY_UNREF)),
                new MinimumX(Axes.USUAL.with(Axes.Mute.NONE)),
                new MinimumX(Axes.USUAL.with(Axes.Done.RESULT_BLIND)),
                new MinimumX(Axes.USUAL.with(Axes.Block.PER_GROUP)));
    }

    /** The default, once with each answer to what happens when the command queue stands still. */
    public static List<SmmuDesign> escalating() {
        List<SmmuDesign> all = new ArrayList<>();
        for (Axes.Escalate how : Axes.Escalate.values()) {
            all.add(new MinimumX(Axes.USUAL.with(how)));
        }
        return all;
    }

    /**
     * Null when there is no design of that name.
     *
     * @param name {@code minimumX}, with answers behind it where it takes any: {@link Axes}
     */
    public static SmmuDesign named(String name) {
        String[] parts = name.split(",");
        for (SmmuDesign design : all()) {
            if (design.name().equalsIgnoreCase(parts[0])) {
                return parts.length == 1 ? design : answering(design, parts);
            }
        }
        return null;
    }

    private static SmmuDesign answering(SmmuDesign design, String[] parts) {
        if (!(design instanceof Contained contained)) {
            return null;
        }
        Axes axes = contained.axes();
        for (int i = 1; i < parts.length && axes != null; i++) {
            axes = axes.with(parts[i]);
        }
        return axes == null ? null : contained.under(axes);
    }
}
