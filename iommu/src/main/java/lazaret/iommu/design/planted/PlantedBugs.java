// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.design.planted;

import java.util.List;

/** The planted bugs, in the order of the properties they break first. */
public final class PlantedBugs {
    private PlantedBugs() { }

    public static List<Planted> all() {
        return List.of(
                new AtcBeforeTlb(), new TrustsLateAnswers(), new BelievesFirstAnswer(),
                new ForgetsConfigSync(), new MutesBeforeFence(), new AcknowledgesFirst(), new TrustsExpiry(),
                new ClosesLastChunkOnly(), new IgnoresGerror(),
                new FencesWholeBatch(),
                new NeverMutes(), new MutesFlushesOnly(),
                new AttachReopens(), new NoLastLook(), new LiftsAtStore(),
                new NeverLifts(), new ComesBackToDefault(),
                new LiftsFenceOnly(), new FencesAtAttach(),
                new FreesArrayAtOnce(),
                new AllocatesInFlush(), new SleepsInFence(),
                new HoldsBack(), new RefusesDetach(),
                new BlamesEverybody(),
                new AnnouncesFirst(), new ReclaimsGivenUp(),
                new RefusesSecondReset(),
                new SwitchesDeviceFirst(),
                new OmitsFlushBarrier(), new OmitsCommandBarrier());
    }

    /** Null when there is none of that name. */
    public static Planted named(String name) {
        for (Planted bug : all()) {
            if (bug.name().equalsIgnoreCase(name)) {
                return bug;
            }
        }
        return null;
    }
}
