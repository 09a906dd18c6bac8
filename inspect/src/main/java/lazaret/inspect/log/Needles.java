// SPDX-License-Identifier: Apache-2.0
package lazaret.inspect.log;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the lines that may be of interest among millions that are not: looks at four bytes at a time, and
 * only where one of the words begins with them at the rest of the word.
 */
final class Needles {
    /** Kernel words in lines that somebody here reads. Each has four characters at least. */
    static final List<String> WORDS = List.of(
            "smmu", "SMMU", "iommu", "IOMMU", "DMAR", "dmar", "AMD-Vi", "CMDQ error", "CMD_SYNC", "ATC_INV",
            "global error", "callbacks suppressed", "AER:", "DPC:", "EDR:", "pcieport", "Bus Error",
            "status/mask", "TLP Header", "pciehp", "Slot(", "vfio", "pciback", "LOCKUP", "lockup",
            "qi_submit_sync", "qi_flush", "NETDEV WATCHDOG", "giving up", "retrain", "power state",
            "Root Port", "link reset", "slot reset", "aer_inject", "aer_event", "pci_hp_event",
            "cxl_port_aer",
            "Kernel panic", "Address Translation Service", "Page Request", "Process Address Space", "ATSC",
            "PRICtl", "PRISta", "PASIDC", "type 00 class", "frozen state", "pci_err_detected",
            "error_detected",
            "hot reset", "link-down", "after FLR", "after DPC", "after bus reset", "RIP:", "Call Trace",
            "Call trace", "RxErr", "BadTLP", "BadDLLP", "Rollover", "NonFatalErr", "CorrIntErr", "MalfTLP",
            "CmpltTO", "CmpltAbrt", "UnxCmplt", "UnsupReq", "ACSViol", "UncorrIntErr", "PoisonTLP", "RxOF",
            "SDES", "ECRC", "reset", "Reset", "timed out", "error status", "hung_task", "stalls on CPUs",
            "recovered", "Linux version", "restart", "link is", "Link is", "SUBSYSTEM=", "DEVICE=+pci");

    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class,
            ByteOrder.LITTLE_ENDIAN);
    private static final int SLOTS = 1 << 14;

    private final byte[][][] byHash = new byte[SLOTS][][];
    private final boolean[] any = new boolean[SLOTS];

    Needles() {
        this(WORDS);
    }

    Needles(List<String> words) {
        List<List<byte[]>> lists = new ArrayList<>();
        for (int i = 0; i < SLOTS; i++) {
            lists.add(null);
        }
        for (String word : words) {
            byte[] bytes = word.getBytes(StandardCharsets.ISO_8859_1);
            int slot = slot((int) INTS.get(bytes, 0));
            if (lists.get(slot) == null) {
                lists.set(slot, new ArrayList<>());
            }
            lists.get(slot).add(bytes);
            any[slot] = true;
        }
        for (int i = 0; i < SLOTS; i++) {
            byHash[i] = lists.get(i) == null ? null : lists.get(i).toArray(byte[][]::new);
        }
    }

    /** Does one of the words stand in {@code bytes[from…to-1]}? */
    boolean in(byte[] bytes, int from, int to) {
        for (int i = from; i + 4 <= to; i++) {
            int slot = slot((int) INTS.get(bytes, i));
            if (any[slot] && begins(bytes, i, to, byHash[slot])) {
                return true;
            }
        }
        return false;
    }

    private static boolean begins(byte[] bytes, int at, int to, byte[][] words) {
        for (byte[] word : words) {
            int i = 0;
            while (i < word.length && at + i < to && bytes[at + i] == word[i]) {
                i++;
            }
            if (i == word.length) {
                return true;
            }
        }
        return false;
    }

    private static int slot(int four) {
        return four * 0x9E37_79B1 >>> 18;
    }
}
