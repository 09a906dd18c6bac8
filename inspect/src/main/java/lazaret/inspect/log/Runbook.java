// SPDX-License-Identifier: Apache-2.0
package lazaret.inspect.log;

import java.util.ArrayList;
import java.util.List;

/**
 * What a human can do after an incident, and what each step does not give. Lazaret does none of it.
 *
 * @param steps in order
 */
public record Runbook(List<Step> steps) {
    /**
     * @param what   to do
     * @param cannot what it does not guarantee
     */
    public record Step(String what, String cannot) { }

    /** The steps for the worst of a report's verdicts. */
    public static Runbook of(Verdict worst) {
        var steps = new ArrayList<Step>();
        switch (worst) {
            case BENIGN -> step(steps, "Nothing to do for memory.",
                    "A log that says nothing does not prove that nothing happened: rate limits and lost "
                    + "records hide lines.");
            case SAFE -> faults(steps);
            case DEVICE_GONE -> gone(steps);
            case LOST_FLUSH_POSSIBLE, LOST_FLUSH_CERTAIN -> {
                lost(steps);
                end(steps);
            }
            case QUEUE_STOPPED -> {
                stopped(steps);
                end(steps);
            }
        }
        return new Runbook(List.copyOf(steps));
    }

    private static void step(List<Step> steps, String what, String cannot) {
        steps.add(new Step(what, cannot));
    }

    private static void faults(List<Step> steps) {
        step(steps, "Find the driver of the stream or function that was refused, and what it did to the "
                + "device before "
                + "(reset, migration, unmap).", "Several functions may share a stream id; the name in "
                + "the log may be the "
                + "wrong one.");
        step(steps, "Compare the address with what the driver had mapped.",
                "A device that was refused once may have read "
                + "or written elsewhere, where it was allowed to.");
    }

    private static void gone(List<Step> steps) {
        step(steps, "Take the load off the device and what shares its group.",
                "The driver may still unmap, and each unmap "
                + "may wait for the device.");
        step(steps, "Remove the device in software only if its ATS is off or the kernel skips flushes "
                + "to devices that are "
                + "disconnected.", "On other kernels removal sends a device-TLB invalidation and waits "
                + "for it with "
                + "interrupts off: that is how hard lockups come about. The check itself races with the "
                + "link.");
        step(steps, "Reset it (FLR, then the bus), and watch for \"giving up\".",
                "A reset empties the ATC only of a device "
                + "that obeys. A bus reset takes the siblings along.");
        step(steps, "Switch its power or its slot off.", "Writes that are under way in switches still "
                + "arrive.");
    }

    private static void lost(List<Step> steps) {
        step(steps, "Treat memory that was freed under the lost flush as still reachable by the device: "
                + "stop writers, do "
                + "not start new work on this machine.", "The flush has returned; pages may have a new "
                + "owner already. "
                + "Nothing in user space can take that back.");
        step(steps, "Name the device: AER, DPC and pciehp lines of devices with ATS behind this IOMMU.",
                "The IOMMU's own "
                + "line often names none, and a device that only stays silent reports no error.");
        step(steps, "Reset the device (FLR).", "It empties the ATC only if the device obeys; drivers "
                + "may recover at the same "
                + "time; on some kernels the reset path flushes first and waits again.");
        step(steps, "Do not clear ATS or bus mastering in the device's own config space as a cure.",
                "It asks the very device "
                + "that has stopped obeying; a dead one answers all ones or not at all.");
        step(steps, "Disable the link at the root port, or switch the slot off.",
                "It takes all siblings along; what is in "
                + "switches already still lands.");
    }

    private static void stopped(List<Step> steps) {
        step(steps, "Assume that no flush of this IOMMU has an effect any more, for any device behind it.",
                "What one queue "
                + "serves is the real blast radius: disk and network may be behind it too.");
        step(steps, "Do not unbind, remove or reset devices behind it.",
                "Each of these sends commands through the queue "
                + "that stands, and waits. So does a fence: an STE edit needs CFGI_STE and SYNC.");
    }

    private static void end(List<Step> steps) {
        step(steps, "Keep the evidence on another machine: this log, lspci -vvv, the groups below "
                + "/sys/kernel/iommu_groups.",
                "Reading the config space of a dead device may stall.");
        step(steps, "If data matter more than uptime: stop the machine at once (sysrq-b), and check "
                + "file systems after.",
                "Metadata that is clean does not prove file contents. The first wrong write may have "
                + "come before.");
    }
}
