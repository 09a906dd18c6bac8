// SPDX-License-Identifier: Apache-2.0
package lazaret.inspect.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What is easily got wrong in kernel logs, each with lines made from the kernel's formats. */
class TrapsTest {
    private static final String SMMU = "arm-smmu-v3 arm-smmu-v3.0.auto: ";

    private static Triage.Report report(String... lines) throws IOException {
        return ScoreTest.report("log", String.join("\n", lines) + "\n");
    }

    private static String told(String... lines) throws IOException {
        return String.join("\n", Telling.of(report(lines)));
    }

    @Test
    void a_record_keeps_its_words_when_other_lines_and_another_smmu_come_in_between() throws IOException {
        String told = told(SMMU + "event 0x10 received:", SMMU + "0x0000010000000010",
                "arm-smmu-v3 arm-smmu-v3.1.auto: event 0x02 received:", "nvme nvme0: I/O 22 QID 3 timeout",
                "arm-smmu-v3 arm-smmu-v3.1.auto: 0x0000090000000002", SMMU + "0x0000020000000000",
                SMMU + "0x0000000000001000", SMMU + "0x0000000000000000");

        assertThat(told).contains("arm-smmu-v3.0.auto, sid 0x100", "input address (iova) 0x1000",
                "arm-smmu-v3.1.auto, sid 0x900", "the record at line 3 is cut after 1 of 4 words");
    }

    @Test
    void without_word_0_no_stream_is_guessed() throws IOException {
        Triage.Report report = report(SMMU + "event 0x10 received:", SMMU + "0x0000020000000000",
                SMMU + "0x0000000000001000", SMMU + "0x0000000000000000");

        assertThat(report.incidents()).hasSize(1);
        assertThat(report.incidents().getFirst().device()).isNull();
        assertThat(report.incidents().getFirst().unknown()).anyMatch(u -> u.startsWith("which stream"));
    }

    @Test
    void suppressed_messages_make_counts_lower_bounds() throws IOException {
        Triage.Report report = report("arm_smmu_evtq_thread: 25830 callbacks suppressed",
                SMMU + "event 0x02 received:", SMMU + "0x0000090000000002", SMMU + "0x0000000000000000",
                SMMU + "0x0000000000000000", SMMU + "0x0000000000000000");

        assertThat(report.incidents().getFirst().suppressed()).isEqualTo(25830);
        assertThat(report.incidents().getFirst().notes()).contains("rate limiting: all counts are lower "
                + "bounds");
    }

    @Test
    void an_error_code_that_contradicts_the_text_is_said() throws IOException {
        assertThat(told("CMDQ error (cons 0x02000003): ATC invalidate timeout"))
                .contains("CMDQ_CONS.ERR contradicts the kernel's text", "no device prefix");
    }

    @Test
    void the_queue_size_of_the_boot_log_decides_how_cons_is_read() throws IOException {
        assertThat(told(SMMU + "allocated 65536 entries for cmdq",
                SMMU + "CMDQ error (cons 0x030120f3): ATC invalidate timeout"))
                .contains("the queue stopped at: index 0x20f3, wrap 1")
                .doesNotContain("depend on the queue's size");
    }

    @Test
    void a_queue_that_stopped_for_a_reason_that_is_cut_off_may_have_lost_a_flush() throws IOException {
        Triage.Report report = report("[Mon Nov  3 10:11:13 2025] " + SMMU
                + "unexpected global error reported (0x00000001), this could be serious");

        assertThat(report.worst()).isEqualTo(Verdict.LOST_FLUSH_POSSIBLE);
        assertThat(String.join("\n", Telling.of(report))).contains("at 2025-11-03T10:11:13",
                "unknown: which error of the command queue");
    }

    @Test
    void a_consumer_that_moves_is_slow_and_not_dead() throws IOException {
        Triage.Report report = report(SMMU + "CMD_SYNC timeout at 0x00000100 [hwprod 0x00000101, hwcons "
                + "0x00000010]",
                SMMU + "CMD_SYNC timeout at 0x00000200 [hwprod 0x00000201, hwcons 0x00000020]");

        assertThat(report.worst()).isEqualTo(Verdict.LOST_FLUSH_POSSIBLE);
        assertThat(report.incidents().getFirst().notes()).anyMatch(n -> n.contains("slow, not dead"));
    }

    @Test
    void registers_of_all_ones_are_not_three_errors() throws IOException {
        Triage.Report report = report("DMAR: DRHD: handling fault status reg ffffffff",
                "DMAR: VT-d detected Invalidation Queue Error: Reason f",
                "DMAR: VT-d detected Invalidation Time-out Error: SID ffff",
                "DMAR: VT-d detected Invalidation Completion Error: SID ffff");

        assertThat(report.incidents()).allMatch(i -> i.device() == null);
        assertThat(String.join("\n", Telling.of(report))).contains("look like three errors at once")
                .doesNotContain("ff:1f.7");
    }

    @Test
    void functions_are_read_in_every_form_the_kernel_has_given_them() throws IOException {
        assertThat(told("DMAR: [DMA Read] Request device [0xe2:0x00.0] PASID 0x1 fault addr 0x1000 "
                + "[fault reason 0x06]"))
                .contains("0000:e2:00.0", "PASID 0x1", "reason 0x06");
        assertThat(told("DMAR:[DMA Write] Request device [02:00.0] fault addr ffdf0000 ",
                "DMAR:[fault reason 01] Present bit in root entry is clear"))
                .contains("0000:02:00.0", "reason 01 (decimal, as older kernels print) = 0x01");
    }

    @Test
    void a_list_of_bits_that_contradicts_the_status_word_is_said() throws IOException {
        assertThat(told("pcieport 0000:00:04.0: PCIe Bus Error: severity=Uncorrected (Fatal), "
                + "type=Transaction Layer",
                "pcieport 0000:00:04.0:   device [8086:6f08] error status/mask=00004020/00000020",
                "pcieport 0000:00:04.0:    [18] MalfTLP                (First)"))
                .contains("bit 18 MalfTLP is not set in 0x00004020", "CmpltTO is set and not listed");
    }

    @Test
    void an_iotlb_timeout_names_its_device_and_no_dma_address() throws IOException {
        Triage.Report report = report("AMD-Vi: Event logged [IOTLB_INV_TIMEOUT device=0b:00.0 "
                + "address=0x1002147e0]");

        assertThat(report.worst()).isEqualTo(Verdict.LOST_FLUSH_CERTAIN);
        assertThat(report.incidents().getFirst().device()).isEqualTo("0000:0b:00.0");
        assertThat(report.incidents().getFirst().notes()).anyMatch(n -> n.contains("not of any DMA"));
    }

    @Test
    void a_log_about_other_things_has_no_incident() throws IOException {
        Triage.Report report = report("[    1.0] usb 1-1: new high-speed USB device",
                "[    2.0] EXT4-fs: mounted",
                "[    3.0] e1000e 0000:00:1f.6 eno1: NIC Link is Up 1000 Mbps");

        assertThat(report.incidents()).isEmpty();
        assertThat(report.worst()).isEqualTo(Verdict.BENIGN);
    }

    @Test
    void prefixes_of_all_kinds_are_stripped() throws IOException {
        String event = "DMAR: VT-d detected Invalidation Time-out Error: SID 0";
        for (String prefix : List.of("[ 6542.670624] ", "[382663.191495][  T814] ", "<6>[    3.726205] ",
                "[  +0.000844] ", "[Thu Oct  2 12:34:56 2025] ", "Oct  2 12:34:56 host kernel: [ 12.5] ",
                "Oct 12 12:34:56 host kernel: ", "2025-10-02T12:34:56.789012+02:00 host kernel: ",
                "kern  :err   : [   12.345678] ", "3,1234,5678901,-;", "kernel: ", "> [   12.3] ",
                "(XEN) [2025-01-31 12:34:56.789] ", "\u001b[32m[    0.100000] \u001b[0m", "")) {
            Triage.Report report = report(prefix + event);
            assertThat(report.incidents()).as(prefix).hasSize(1);
            assertThat(report.incidents().getFirst().topic()).as(prefix).isEqualTo(Topic.VTD_QUEUE);
            boolean timed = prefix.length() > 10 && !prefix.startsWith("kernel");
            assertThat(report.incidents().getFirst().first().timed()).as(prefix).isEqualTo(timed);
        }
    }

    @Test
    void a_journal_names_the_device_that_its_record_is_about() throws IOException {
        String record = "{\"__REALTIME_TIMESTAMP\":\"1700000000000000\",\"_KERNEL_SUBSYSTEM\":\"pci\","
                + "\"_KERNEL_DEVICE\":\"+pci:0000:89:02.0\",\"MESSAGE\":\"pcieport 0000:89:02.0: "
                + "pciehp: Slot(4): "
                + "Link Down\",\"PRIORITY\":\"6\"}";

        Triage.Report report = report(record);

        assertThat(report.incidents().getFirst().device()).isEqualTo("0000:89:02.0");
        assertThat(report.incidents().getFirst().notes()).contains("the record's own key names 0000:89:02.0");
        assertThat(report.forms()).contains("journal");
    }

    @Test
    void the_keys_of_dev_kmsg_belong_to_the_record_before_them() throws IOException {
        Triage.Report report = report("6,1,5000000,-;pcieport 0000:89:02.0: pciehp: Slot(4): Link Down",
                " SUBSYSTEM=pci", " DEVICE=+pci:0000:89:02.0", "6,2,6000000,-;other");

        assertThat(report.incidents()).hasSize(1);
        assertThat(report.incidents().getFirst().notes()).contains("the record's own key names 0000:89:02.0");
        assertThat(report.incidents().getFirst().first().time()).isEqualTo(5_000_000);
    }

    /** Whatever is done to a log: nothing breaks, and no device is named that the text does not have. */
    @Test
    void damaged_logs_break_nothing_and_name_no_device_that_is_not_there() throws IOException {
        var random = new SplittableRandom(7);
        List<String> lines = new ArrayList<>(ScoreTest.excerpts().lines().toList());
        for (int round = 0; round < 300; round++) {
            var text = new StringBuilder();
            for (int i = 0; i < 60; i++) {
                text.append(damaged(lines.get(random.nextInt(lines.size())), random)).append('\n');
            }
            Triage.Report report = ScoreTest.report("damaged", text.toString());
            for (Incident incident : report.incidents()) {
                String device = incident.device();
                assertThat(device == null || there(text.toString(), device)).as(device + " in\n" + text)
                        .isTrue();
            }
        }
    }

    private static String damaged(String line, SplittableRandom random) {
        int at = line.isEmpty() ? 0 : random.nextInt(line.length());
        return switch (random.nextInt(8)) {
            case 0 -> line.substring(0, at);
            case 1 -> line.substring(at);
            case 2 -> line.substring(0, at) + " " + line.substring(at);
            case 3 -> line + line.substring(at);
            case 4 -> Base64.getEncoder().encodeToString(line.getBytes(StandardCharsets.UTF_8));
            default -> line;
        };
    }

    private static boolean there(String text, String device) {
        if (device.startsWith("sid ")) {
            return text.contains(device.substring("sid 0x".length()));
        }
        return device.equals("all others") || text.contains(device) || text.contains(device.substring(5))
                || text.replace("0x", "").contains(device.substring(5));
    }
}
