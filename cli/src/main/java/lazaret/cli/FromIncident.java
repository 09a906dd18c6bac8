// SPDX-License-Identifier: Apache-2.0
package lazaret.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import lazaret.inspect.log.Incident;
import lazaret.inspect.log.Topic;
import lazaret.inspect.log.Triage;
import lazaret.inspect.log.Verdict;

/**
 * The scenario that comes nearest to what a log tells, and what had to be assumed because the log does not
 * say it.
 *
 * @param scenario a name of {@code lazaret list}
 */
record FromIncident(String scenario, List<String> assumed) {
    private static final int SEVERAL = 3;

    /** @throws Refusal if the log tells of nothing that a scenario could show */
    static FromIncident of(Path log) {
        if (!Files.isRegularFile(log)) {
            throw new Refusal(log + ": expected a kernel log");
        }
        var triage = new Triage();
        try (InputStream in = Files.newInputStream(log)) {
            triage.read(log.toString(), in, _ -> { });
        } catch (IOException failure) {
            throw new Refusal(log + ": expected a kernel log that can be read: " + failure.getMessage());
        }
        List<Incident> incidents = triage.report().incidents();
        FromIncident found = nearest(incidents);
        if (found == null) {
            throw new Refusal(log + ": expected an incident with a flush, a stopped queue or a reset "
                    + "that failed; "
                    + "lazaret logs " + log + " shows what is there");
        }
        return found;
    }

    private static FromIncident nearest(List<Incident> all) {
        long timeouts = count(all, "CERROR_ATC_INV_SYNC") + count(all, "IOTLB_INV_TIMEOUT") + count(all,
                "ITE: ");
        long givenUp = count(all, "CMD_SYNC timeout") + count(all, "Completion-Wait loop");
        boolean stopped = all.stream().anyMatch(i -> i.verdict() == Verdict.QUEUE_STOPPED);
        var assumed = new ArrayList<String>();
        hardware(all, assumed);
        roles(all, assumed);
        if (stopped && timeouts == 0) {
            assumed.add("the queue stays stopped for good; the log ends before it could be seen to go on");
            return new FromIncident("cmdq-frozen-no-cerror", assumed);
        }
        if (timeouts >= SEVERAL) {
            assumed.add(timeouts + " time-outs are several flushes that meet one dead device, one batch "
                    + "each");
            return new FromIncident("three-batches-keep-hitting-dead-device", assumed);
        }
        if (givenUp > 0) {
            assumed.add(timeouts > 0 ? "software gave up first, the error came later"
                    : "what the CPU waited for was a device that stays silent; the log does not say "
                    + "what it was");
            return new FromIncident("software-limit-first", assumed);
        }
        if (timeouts > 0) {
            assumed.add("the batch held one dead device and one that is well");
            return new FromIncident("flush-returns-ok-after-atc-timeout", assumed);
        }
        return gone(all, assumed);
    }

    private static FromIncident gone(List<Incident> all, List<String> assumed) {
        if (all.stream().flatMap(i -> i.notes().stream()).anyMatch(n ->
                n.contains("never returns after FLR"))) {
            assumed.add("the device was in quarantine when its reset failed, and somebody attaches it "
                    + "afterwards");
            return new FromIncident("flr-fails-then-attach", assumed);
        }
        if (all.stream().anyMatch(i -> i.verdict() == Verdict.DEVICE_GONE)) {
            assumed.add("the device that is gone had ATS on, and one of its pages is unmapped afterwards");
            return new FromIncident("flush-returns-ok-after-atc-timeout", assumed);
        }
        return null;
    }

    private static void hardware(List<Incident> all, List<String> assumed) {
        boolean other = all.stream().anyMatch(i -> i.topic().name().startsWith("VTD")
                || i.topic().name().startsWith("AMD"));
        boolean smmu = all.stream().anyMatch(i -> i.topic() == Topic.SMMU_QUEUE);
        if (other && !smmu) {
            assumed.add("the log is of another IOMMU; the scenario plays it on an SMMUv3, whose driver "
                    + "is another one");
        }
    }

    private static void roles(List<Incident> all, List<String> assumed) {
        List<String> devices = all.stream().filter(i -> i.topic() == Topic.AMD_FLUSH
                || i.topic() == Topic.PCI)
                .map(Incident::device).filter(d -> d != null).distinct().toList();
        assumed.add(devices.isEmpty() ? "the scenario's nic plays the device, which the log does not name"
                : "the scenario's nic plays " + String.join(" or ", devices)
                + "; the log does not say that it is the one that did not answer");
        assumed.add("devices, pages and CPUs are those of the scenario, not of the machine");
    }

    private static long count(List<Incident> all, String what) {
        return all.stream().flatMap(i -> i.seen().entrySet().stream()).filter(s -> s.getKey().contains(what))
                .mapToLong(s -> s.getValue().count()).sum();
    }
}
