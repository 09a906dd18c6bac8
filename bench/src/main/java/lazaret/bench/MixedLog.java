// SPDX-License-Identifier: Apache-2.0
package lazaret.bench;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Writes a kernel log of any size for {@code lazaret logs}: mostly lines about other things, and storms of
 * those it
 * reads. {@code bench/run log FILE [MEGABYTES]}; the same size gives the same bytes.
 */
final class MixedLog {
    private static final int OTHER = 970;
    private static final int OF = 1_000;
    private static final List<String> ORDINARY = List.of(
            "usb 1-%d: new high-speed USB device number %d using xhci_hcd",
            "EXT4-fs (nvme0n1p%d): mounted filesystem with ordered data mode. Quota mode: none. %d",
            "audit: type=1400 audit(17000%d.123:%d): apparmor=\"STATUS\" operation=\"profile_load\" "
            + "name=\"lsb_release\"",
            "IPv6: ADDRCONF(NETDEV_CHANGE): veth%d: link becomes ready %d",
            "systemd[1]: Started session-%d.scope - Session %d of user nobody.",
            "TCP: request_sock_TCP: Possible SYN flooding on port %d. Sending cookies. %d",
            "docker0: port %d(veth%d) entered forwarding state");
    private static final List<List<String>> STORMS = List.of(
            List.of("arm-smmu-v3 arm-smmu-v3.%d.auto: event 0x10 received:",
                    "arm-smmu-v3 arm-smmu-v3.%d.auto: \t0x0000010000000010",
                    "arm-smmu-v3 arm-smmu-v3.%d.auto: \t0x0000020800000000",
                    "arm-smmu-v3 arm-smmu-v3.%d.auto: \t0x00000000a50e0800",
                    "arm-smmu-v3 arm-smmu-v3.%d.auto: \t0x0000000000000000"),
            List.of("ahci 0000:63:00.%d: AMD-Vi: Event logged [IO_PAGE_FAULT domain=0x0042 "
            + "address=0xfff9b300 flags=0x0020]"),
            List.of("DMAR: DRHD: handling fault status reg %d",
                    "DMAR: [DMA Write NO_PASID] Request device [05:00.0] fault addr 0x69974000 [fault "
                    + "reason 0x05] PTE"),
            List.of("pcieport 0000:00:1c.%d: AER: PCIe Bus Error: severity=Corrected, type=Data Link "
            + "Layer, (Receiver ID)",
                    "pcieport 0000:00:1c.%d: AER:   device [8086:9d15] error status/mask=00001000/00002000",
                    "pcieport 0000:00:1c.%d: AER:    [12] Timeout"),
            List.of("arm-smmu-v3 arm-smmu-v3.%d.auto: CMD_SYNC timeout at 0x000001a3 [hwprod "
            + "0x000001a4, hwcons 0x16]"));

    private MixedLog() { }

    public static void main(String[] args) throws IOException {
        long bytes = (args.length > 1 ? Long.parseLong(args[1]) : 1_000) * 1_000_000;
        var random = new SplittableRandom(1);
        long written = 0;
        long us = 1_000_000;
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(Path.of(args[0])), 1 << 20)) {
            while (written < bytes) {
                us += 1 + random.nextInt(20_000);
                boolean other = random.nextInt(OF) < OTHER;
                List<String> lines = other ? List.of(ORDINARY.get(random.nextInt(ORDINARY.size())))
                        : STORMS.get(random.nextInt(STORMS.size()));
                int number = random.nextInt(other ? 10_000 : 4);
                for (String line : lines) {
                    byte[] text = line(line, us, number);
                    out.write(text);
                    written += text.length;
                }
            }
        }
    }

    private static byte[] line(String form, long us, int number) {
        String stamp = "[" + us / 1_000_000 + "." + String.valueOf(1_000_000 + us % 1_000_000).substring(1)
                + "] ";
        return (stamp + form.replace("%d", Integer.toString(number)) + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
