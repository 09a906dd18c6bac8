// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.scenario;

import java.util.List;
import lazaret.lab.Scenario;

/** The library. Names and sources are those of the field; see each class. */
public final class Scenarios {
    /** What {@code lazaret run} runs. */
    public static final String FLAGSHIP = "flush-returns-ok-after-atc-timeout";

    private static final List<Scenario> ALL = List.of(
            new FlushReturnsOkAfterAtcTimeout(),
            new CerrorOnNextSyncMixedBatch(),
            new LateCompletionAfterTimeout(),
            new AckWithoutInvalidate(),
            new CmdqFrozenNoCerror(),
            new CmdqFrozenTwoDevices(),
            new CmdqGoesOnLater(),
            new CmdqStopsDuringFlush(),
            new RmmodFlrInsmodRestores(),
            new FlrFailsThenAttach(),
            new ThreeBatchesKeepHittingDeadDevice(),
            new AttachRacesWithFence(),
            new SoftwareLimitFirst(),
            new LongBatchOfDevices(),
            new LateAnswerAmongSeveral(),
            new AsksAgainDuringFlush(),
            new SecondFlushSkipsMuted(),
            new ErrorAtAnothersSync(),
            new ErrorHandledByInterrupt(),
            new ErrorInterruptPendsOnWaiter(),
            new AttachStoresOverFence(),
            new RestoreOverwritesNewerQuarantine(),
            new DetachDuringReset(),
            new SiblingDetachedDuringReset(),
            new ReportedThenUnplugged(),
            new GivenUpSyncsFillTheQueue(),
            new FlushInSoftirqBetweenChunks(),
            new FlushInSoftirqMeetsAttach(),
            new FlushInSoftirqMeetsRestore(),
            new FlushInSoftirqWaits(),
            new CheckThenYank(),
            new LinkDownNoEventVmDestroy(),
            new DpcTimeoutShorterThanDriverRecovery(),
            new AtsAdvertisedNeverAnswers(),
            new BusResetDuringFlush(),
            new AliasSiblingsInGroup(),
            new SiblingsAttachedTogether(),
            new UnmapWithStoreBuffer(),
            new UnmapRacesWithAttach(),
            new AttachDuringReset(),
            new DeferredAttachDuringReset(),
            new ResetDuringFlush(),
            new SiblingsResetTogether(),
            new LeavesDomainBehind(),
            new UnpluggedDuringFlush(),
            new SiblingsComeBack(),
            new OwnerTakesGroup(),
            new ThreeCpusUnmapAtOnce(),
            new ResetMethodsAskedFor(),
            new PasidsOfDeadDevice(),
            new PasidsDuringReset(),
            new IdentityDeviceWithAtsTimesOut(),
            new PasidBesideNothing(),
            new PasidMovesDuringFlush(),
            new ProcessUnmapsDuringReset(),
            new ProcessOfDeadDevice(),
            new ProcessExitsBeforeUnbind(),
            new ResetWithinReset(),
            new PageRequestDuringUnbind(),
            new PageRequestDuringReset(),
            new OwnerDetachesDuringReset(),
            new BusyDeviceIsAttached(),
            new ReservedMemoryDuringReset(),
            new FencedDeviceFloodsEvents(),
            new VfioCloseOfDeadDevice(),
            new VfioReopenAfterFailedReset(),
            new DpcDuringFlush(),
            new AerRecoveryResetsLink(),
            new HotplugRacesWithReset(),
            new ResetLooksLikeUnplug(),
            new PulledOutDuringRecovery(),
            new ReplugOfQuarantined(),
            new HotAddIntoRecovery(),
            new VfRemovedWhileQuarantined(),
            new PfResetWhileVfRuns(),
            new PfAtsOffVfOn(),
            new GuestLiftsHostFence(),
            new GuestInvalidationTimesOut(),
            new GuestSeesIll(),
            new GuestWritesSteDuringReset(),
            new GuestLosesDeviceWhileItWaits(),
            new HostTakesPageOfGuest(),
            new GuestWalksDuringFlush(),
            new SmmuFailsDuringFlush(),
            new HealthyTwoDevices(),
            new HealthyTwoDevicesLong());

    private Scenarios() { }

    public static List<Scenario> all() {
        return ALL;
    }

    /** @throws IllegalArgumentException when there is none of that name */
    public static Scenario named(String name) {
        return ALL.stream().filter(s -> s.name().equals(name)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no scenario " + name));
    }
}
