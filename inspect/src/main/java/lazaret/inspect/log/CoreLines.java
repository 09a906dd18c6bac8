// SPDX-License-Identifier: Apache-2.0
package lazaret.inspect.log;

import java.util.ArrayList;
import java.util.List;

/** What is no IOMMU's own line: policies of the core, CPUs that are stuck and their call traces. */
final class CoreLines {
    private static final int FRAMES = 24;
    private static final List<String> FLUSHES = List.of("qi_submit_sync", "qi_flush_dev_iotlb",
            "arm_smmu_cmdq_issue",
            "arm_smmu_tlb_inv", "arm_smmu_iotlb_sync", "arm_smmu_atc_inv", "iommu_completion_wait",
            "iommu_flush_iotlb", "qi_flush_iotlb", "amd_iommu_flush", "device_flush_iotlb");

    private final Book book;
    private final Episodes episodes;
    private final List<String> frames = new ArrayList<>();
    private final List<Line> waiting = new ArrayList<>();
    private Line stuck;
    private Incident lockup;
    private Line policy;
    private boolean translated;

    CoreLines(Book book, Episodes episodes) {
        this.book = book;
        this.episodes = episodes;
    }

    boolean read(Line line) {
        if (frame(line)) {
            return true;
        }
        end();
        return policy(line) || lockup(line) || warning(line) || suppressed(line) || boot(line);
    }

    private boolean policy(Line line) {
        String text = line.text();
        if (!text.startsWith("iommu: ")) {
            return false;
        }
        Incident core = book.of(Topic.CORE, null, null, line);
        core.saw(line, text);
        if (policy != null && line.timed() && policy.timed() && line.time() < policy.time()) {
            core.note("the clock goes back at line " + line.number()
                    + ": another boot begins here (two boots)");
        }
        policy = line;
        if (text.contains("domain type: Passthrough")) {
            core.note("passthrough: no DMA isolation, no invalidations needed, no containment possible");
        } else if (text.contains("domain type: Translated")) {
            translated = true;
            core.note("translated: DMA goes through the IOMMU");
        }
        if (text.contains("policy: lazy")) {
            core.note((translated ? "translated + " : "") + "lazy: freed IOVAs are reused up to 10 ms "
                    + "after one deferred "
                    + "flush; a lost flush affects many buffers");
        } else if (text.contains("policy: strict")) {
            core.note((translated ? "strict translated" : "strict")
                    + ": every unmap waits for its own flush");
        }
        return true;
    }

    private boolean lockup(Line line) {
        String text = line.text();
        boolean hard = text.contains("hard LOCKUP");
        boolean soft = text.contains("soft lockup");
        if (!hard && !soft) {
            return text.startsWith("rcu: ") || text.contains("detected stalls on CPUs");
        }
        end();
        stuck = line;
        lockup = suspect(line);
        lockup.saw(line, (hard ? "hard LOCKUP: " : "soft lockup: ") + text);
        lockup.note((hard ? "then a hard LOCKUP" : "then a soft lockup") + where(text));
        if (text.lastIndexOf('[') > text.lastIndexOf(']')) {
            lockup.note("the last line is truncated: \"" + text.substring(text.lastIndexOf('[')) + "\"");
        }
        return true;
    }

    private static String where(String text) {
        String who = text.contains("[swapper") ? " in the idle task (swapper)" : "";
        String span = Text.word(text, "stuck for ");
        return (span == null ? "" : " of " + span.replace("!", "")) + who;
    }

    /** The incident that a stuck CPU belongs to by what else stands here; else one of its own. */
    private Incident suspect(Line line) {
        Incident queue = book.latest(Topic.SMMU_QUEUE, Topic.VTD_QUEUE, Topic.AMD_FLUSH);
        return queue != null ? queue : book.of(Topic.LOCKUP, null, null, line);
    }

    private boolean frame(Line line) {
        String text = line.text();
        int plus = text.indexOf("+0x");
        if (stuck == null || plus < 0 && !text.startsWith("Call ")) {
            return false;
        }
        lockup.touch(line);
        if (plus >= 0 && frames.size() < FRAMES) {
            String name = text.substring(0, plus);
            frames.add(name.substring(Math.max(name.lastIndexOf(':'), name.lastIndexOf(' ')) + 1));
        }
        return true;
    }

    /** The trace is whole: was it a flush that the CPU is stuck in? */
    void end() {
        boolean queue = frames.stream().anyMatch(f -> f.startsWith("qi_"));
        boolean device = frames.stream().anyMatch(f -> f.contains("dev_iotlb") || f.contains("atc_inv"));
        boolean flush = queue || device || frames.stream().anyMatch(CoreLines::flushes);
        if (stuck != null && flush) {
            lockup.note("the CPU is stuck in a flush: " + String.join(" <- ", frames));
            if (frames.stream().anyMatch(f -> f.equals("device_del") || f.contains("release_device"))) {
                lockup.note("the flush is part of a device removal");
            }
            stuckIn(queue || device, device);
        }
        stuck = null;
        frames.clear();
    }

    private static boolean flushes(String frame) {
        return FLUSHES.stream().anyMatch(f -> frame.startsWith(f) || frame.startsWith("__" + f));
    }

    private void stuckIn(boolean queue, boolean device) {
        Line down = queue ? episodes.lastDown() : null;
        if (down == null) {
            lockup.verdict(Verdict.LOST_FLUSH_POSSIBLE, stuck, "a CPU is stuck waiting for an invalidation");
            return;
        }
        String later = down.until(stuck);
        lockup.note("hard LOCKUP " + (later == null ? "after" : later + " after") + " Link Down at "
                + episodes.lastDownAt() + (device ? ": device-TLB invalidation to a device that is gone"
                : ""));
        lockup.verdict(Verdict.DEVICE_GONE, stuck, "a CPU waits for a device-TLB invalidation that a "
                + "device which is "
                + "gone cannot answer");
        lockup.note("there is no DMAR line about an ITE: the call trace alone tells it");
        lockup.unknown("which device does not answer: a call trace names none; what is behind "
                + episodes.lastDownAt() + " went down before");
    }

    private boolean warning(Line line) {
        String text = line.text();
        if (!text.startsWith("WARNING: ") || !text.contains("iommu")) {
            return false;
        }
        Incident near = book.latest(Topic.PCI, Topic.SMMU_QUEUE, Topic.VTD_QUEUE, Topic.AMD_FLUSH);
        Incident incident = near == null ? book.of(Topic.CORE, null, null, line) : near;
        incident.saw(line, text);
        if (text.contains("unmap")) {
            incident.note("a driver keeps unmapping after the error, also for a dead device: warning loop in "
                    + function(text));
        }
        return true;
    }

    private static String function(String text) {
        int plus = text.indexOf("+0x");
        int blank = text.lastIndexOf(' ', Math.max(0, plus));
        return plus < 0 ? "the IOMMU code" : text.substring(blank + 1, plus);
    }

    private boolean suppressed(Line line) {
        if (!line.text().contains("callbacks suppressed")) {
            return false;
        }
        int colon = line.text().indexOf(": ");
        Long n = colon < 0 ? null : Text.decimal(line.text(), line.text().substring(0, colon + 2));
        String name = colon < 0 ? "" : line.text().substring(0, colon);
        Incident target = name.contains("evtq") ? book.latest(Topic.SMMU_FAULT)
                : name.contains("smmu") ? book.latest(Topic.SMMU_FAULT, Topic.SMMU_QUEUE)
                : name.contains("amd") || name.contains("iommu") ? book.latest(Topic.AMD_FAULT,
                Topic.AMD_FLUSH)
                : name.contains("aer") || name.contains("pci") ? book.latest(Topic.PCI) : null;
        if (target == null) {
            if (waiting.size() < FRAMES) {
                waiting.add(line);
            }
            return true;
        }
        suppressed(line, target, n == null ? 0 : n, name);
        return true;
    }

    private static void suppressed(Line line, Incident target, long n, String name) {
        target.suppressed(n);
        target.saw(line, n + " callbacks suppressed (" + name + ") by the rate limit");
        target.note("rate limiting: all counts are lower bounds");
    }

    /** What was suppressed before the first line that says what it was. */
    void finish() {
        end();
        List<Line> left = List.copyOf(waiting);
        waiting.clear();
        for (Line line : left) {
            suppressed(line);
            if (waiting.remove(line)) {
                String name = line.text().substring(0, Math.max(0, line.text().indexOf(": ")));
                Long n = Text.decimal(line.text(), name + ": ");
                suppressed(line, book.of(Topic.CORE, null, null, line), n == null ? 0 : n, name);
            }
        }
    }

    private boolean boot(Line line) {
        if (line.text().startsWith("Linux version ")) {
            book.of(Topic.CORE, null, null, line).saw(line, "boot: " + Text.word(line.text(),
                    "Linux version "));
            return true;
        }
        return false;
    }
}
