// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import java.util.List;
import lazaret.iommu.design.planted.Planted;
import lazaret.iommu.design.planted.PlantedBugs;
import lazaret.lab.Scenario;

/** A planted bug and the scenario in which it shows. No scenario is tuned to a schedule. @req R128 */
public record Exhibit(Planted bug, Scenario scenario) {
    private static final List<Exhibit> ALL = List.of(
            of("atcBeforeTlb", "asks-again-during-flush"),
            of("trustsLateAnswers", "late-completion-after-timeout"),
            of("believesFirstAnswer", "late-answer-among-several"),
            of("forgetsConfigSync", "flush-returns-ok-after-atc-timeout"),
            of("mutesBeforeFence", "second-flush-skips-muted"),
            of("acknowledgesFirst", "error-handled-by-interrupt"),
            of("trustsExpiry", "software-limit-first"),
            of("closesLastChunkOnly", "flush-in-softirq-between-chunks"),
            of("ignoresGerror", "error-interrupt-pends-on-waiter"),
            of("fencesWholeBatch", "cerror-on-next-sync-mixed-batch"),
            of("neverMutes", "three-batches-keep-hitting-dead-device"),
            of("mutesFlushesOnly", "rmmod-flr-insmod-restores"),
            of("attachReopens", "attach-stores-over-fence"),
            of("noLastLook", "flush-in-softirq-meets-attach"),
            of("liftsAtStore", "restore-overwrites-newer-quarantine"),
            of("neverLifts", "flr-fails-then-attach"),
            of("comesBackToDefault", "flush-returns-ok-after-atc-timeout"),
            of("liftsFenceOnly", "rmmod-flr-insmod-restores"),
            of("fencesAtAttach", "rmmod-flr-insmod-restores"),
            of("freesArrayAtOnce", "rmmod-flr-insmod-restores"),
            of("allocatesInFlush", "flush-returns-ok-after-atc-timeout"),
            of("sleepsInFence", "flush-returns-ok-after-atc-timeout"),
            of("holdsBack", "rmmod-flr-insmod-restores"),
            of("refusesDetach", "detach-during-reset"),
            of("blamesEverybody", "cerror-on-next-sync-mixed-batch"),
            of("announcesFirst", "healthy-two-devices"),
            of("reclaimsGivenUp", "given-up-syncs-fill-the-queue"),
            of("refusesSecondReset", "flr-fails-then-attach"),
            of("switchesDeviceFirst", "rmmod-flr-insmod-restores"),
            of("omitsFlushBarrier", "unmap-races-with-attach"),
            of("omitsCommandBarrier", "unmap-with-store-buffer"));

    public static List<Exhibit> all() {
        return ALL;
    }

    /** The one of {@code bug}. */
    public static Exhibit of(Planted bug) {
        return ALL.stream().filter(e -> e.bug().name().equals(bug.name())).findFirst()
                .orElseThrow(() -> new IllegalArgumentException(bug.name() + " shows nowhere"));
    }

    private static Exhibit of(String bug, String scenario) {
        return new Exhibit(PlantedBugs.named(Planted.PREFIX + bug), Scenarios.named(scenario));
    }
}
