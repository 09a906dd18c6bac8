// SPDX-License-Identifier: Apache-2.0
package lazaret.qemu;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lazaret.machine.Mmio;

/**
 * QEMU's {@code virt} machine: an SMMUv3 in front of PCIe, memory, and functions that do DMA at {@code
 * 00:02.0} and, behind root ports, at {@code 01:00.0}, {@code 01:00.1} … {@code 04:00.1}. The CPU sleeps and
 * virtual time jumps to the next deadline, so nothing waits for real time.
 */
public final class Board implements AutoCloseable {
    /** The function on the root bus. */
    public static final int ROOT_RID = 0x10;
    /** First byte of memory. */
    public static final long RAM = 0x4000_0000L;
    /** First byte behind it. */
    public static final long RAM_END = 0x9000_0000L;

    /** Interrupts of the SMMU, as lines of the interrupt controller. */
    public enum Line {
        EVENTQ(74), PRIQ(75), CMD_SYNC(76), GERROR(77);

        private final int number;

        Line(int number) {
            this.number = number;
        }
    }

    private static final long SMMU = 0x0905_0000L;
    private static final long ECAM = 0x40_1000_0000L;
    private static final long WINDOWS = 0x1000_0000L;
    private static final long WINDOW = 0x20_0000;
    private static final int BUSES = 4;
    private static final int FIRST_PORT_DEVICE = 3;
    /** Where the CPU sleeps. QEMU keeps its device tree at the very beginning of memory. */
    private static final String SLEEPS_AT = "0x40200000";
    private static final long SCRATCH = 0x4030_0000L;
    private static final long SCRATCH_BYTES = 0x1000;
    private static final int COMMAND = 4;
    private static final int MEMORY_AND_MASTER = 6;
    private static final int BAR0 = 0x10;
    private static final int BUS_NUMBERS = 0x18;
    private static final int MEMORY_WINDOW = 0x20;
    private static final int EDU_ID = 0x11e8_1234;

    private final String version;
    private final Wire wire;
    private final Qtest qtest;
    private final Map<Integer, Edu> functions = new LinkedHashMap<>();

    private Board(String version, Wire wire) {
        this.version = version;
        this.wire = wire;
        qtest = new Qtest(wire);
    }

    /** Starts it. @throws QemuFailure when that does not work, having left nothing behind */
    public static Board start(Path binary) {
        return start(binary, Deadline.PATIENCE_MS);
    }

    static Board start(Path binary, long patienceMs) {
        String version = QemuProcess.version(binary, patienceMs);
        return over(version, new PoweredWire(binary, arguments(), patienceMs));
    }

    /** The same, and writes to {@code file} what is asked and answered; packed if it is called .gz. */
    public static Board record(Path binary, Path file) {
        String version = QemuProcess.version(binary, Deadline.PATIENCE_MS);
        var wire = new PoweredWire(binary, arguments(), Deadline.PATIENCE_MS);
        return over(version, new Recorder(wire, version, file));
    }

    /** One that answers what another did while it was recorded. */
    public static Board replay(Path file) {
        var transcript = new Transcript(file);
        return over(transcript.version(), transcript);
    }

    /** A board that answers on {@code wire}, which is closed with it. */
    public static Board over(String version, Wire wire) {
        var board = new Board(version, wire);
        try {
            if (board.smmu().read32(0) == 0) {
                throw new QemuFailure("there is no SMMUv3 at 0x" + Long.toHexString(SMMU));
            }
            board.prepare();
        } catch (QemuFailure failure) {
            wire.close();
            throw failure;
        }
        return board;
    }

    /** From here on {@link #rewind} works. */
    public void mark() {
        qtest.settle();
        wire.mark();
    }

    /** Everything is as it was at the mark. */
    public void rewind() {
        qtest.settle();
        wire.rewind();
    }

    /** Of QEMU: {@code 7.2.22}. */
    public String version() {
        return version;
    }

    public Qtest memory() {
        return qtest;
    }

    /** Both register pages of the SMMU. */
    public Mmio smmu() {
        return qtest.window(SMMU);
    }

    /** Has this interrupt come since it was asked about last? */
    public boolean takeInterrupt(Line line) {
        return qtest.takeRaised(line.number);
    }

    /** Is there a function with this requester id? */
    public static boolean hasFunction(int rid) {
        int bus = rid >>> 8;
        return rid == ROOT_RID || bus >= 1 && bus <= BUSES && (rid & 0xff) <= 1;
    }

    /** One for which {@link #hasFunction} holds. */
    public Edu function(int rid) {
        return functions.get(rid);
    }

    /** What can only be done while the SMMU is off: afterwards all functions can do DMA. */
    private void prepare() {
        qtest.post("irq_intercept_in /machine/unattached/device[1]");
        add(ROOT_RID, WINDOWS);
        for (int bus = 1; bus <= BUSES; bus++) {
            long window = WINDOWS + bus * WINDOW;
            openPort(bus, window);
            add(bus << 8, window);
            add(bus << 8 | 1, window + WINDOW / 2);
        }
        qtest.clear(SCRATCH, SCRATCH_BYTES);
    }

    private void add(int rid, long bar) {
        if (qtest.load32(config(rid, 0)) != EDU_ID) {
            throw new QemuFailure("there is no edu at 0x" + Integer.toHexString(rid));
        }
        qtest.store32(config(rid, BAR0), (int) bar);
        qtest.store16(config(rid, COMMAND), MEMORY_AND_MASTER);
        var edu = new Edu(qtest, rid, bar);
        edu.learn(SCRATCH);
        functions.put(rid, edu);
    }

    private void openPort(int bus, long window) {
        int port = bus + FIRST_PORT_DEVICE - 1 << 3;
        int megabytes = (int) (window >>> 16);
        qtest.store32(config(port, BUS_NUMBERS), bus << 16 | bus << 8);
        qtest.store32(config(port, MEMORY_WINDOW), (int) (window + WINDOW - 1 >>> 20 << 20) | megabytes);
        qtest.store16(config(port, COMMAND), MEMORY_AND_MASTER);
    }

    private static long config(int rid, int offset) {
        return ECAM + ((long) rid << 12) + offset;
    }

    private static List<String> arguments() {
        var all = new ArrayList<>(List.of("-M", "virt,iommu=smmuv3,gic-version=3", "-cpu", "cortex-a57",
                "-m", "1280M", "-accel", "tcg", "-icount", "shift=0,sleep=off",
                "-display", "none", "-nodefaults", "-no-user-config",
                // wfi; b .-4
                "-device", "loader,addr=" + SLEEPS_AT + ",data=0x17ffffffd503207f,data-len=8",
                "-device", "loader,addr=" + SLEEPS_AT + ",cpu-num=0",
                "-device", "edu,addr=02.0,dma_mask=0xffffffffffffffff"));
        for (int bus = 1; bus <= BUSES; bus++) {
            int device = bus + FIRST_PORT_DEVICE - 1;
            all.addAll(List.of("-device", "pcie-root-port,id=port" + bus + ",addr=0" + device
                    + ".0,chassis=" + bus,
                    "-device", "edu,bus=port" + bus + ",addr=00.0,multifunction=on,"
                    + "dma_mask=0xffffffffffffffff",
                    "-device", "edu,bus=port" + bus + ",addr=00.1,dma_mask=0xffffffffffffffff"));
        }
        return List.copyOf(all);
    }

    @Override
    public void close() {
        wire.close();
    }
}
