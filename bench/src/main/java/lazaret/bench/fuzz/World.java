// SPDX-License-Identifier: Apache-2.0
package lazaret.bench.fuzz;

import java.util.List;
import lazaret.machine.Alone;
import lazaret.machine.Machine;
import lazaret.machine.Ram;
import lazaret.pcie.Bdf;
import lazaret.pcie.Config;
import lazaret.pcie.hw.DownPort;
import lazaret.pcie.hw.Endpoint;
import lazaret.pcie.hw.EndpointFaults;
import lazaret.pcie.hw.EndpointParams;
import lazaret.pcie.hw.Switch;
import lazaret.pcie.hw.Switch.Place;
import lazaret.smmuv3.Idr0;
import lazaret.smmuv3.Idr1;
import lazaret.smmuv3.Idr3;
import lazaret.smmuv3.Idr5;
import lazaret.smmuv3.Reg;
import lazaret.smmuv3.hw.Liberty;
import lazaret.smmuv3.hw.Smmu;
import lazaret.smmuv3.hw.SmmuParams;
import lazaret.smmuv3.hw.SmmuParams.Absent;
import lazaret.smmuv3.hw.SmmuParams.AtcReport;
import lazaret.smmuv3.hw.SmmuParams.ReservedBits;

/**
 * An SMMU with two endpoints and a function that sends whatever it is told to, on one machine, set up as an
 * input begins. Made once; each input starts by rolling back to here.
 */
final class World {
    static final int WILD = 0x180;
    static final List<Integer> SIDS = List.of(0x100, 0x108, WILD, 0x101);

    static final long CMDQ = 0x1_0000;
    static final int CMDQ_LOG2 = 4;
    static final long EVTQ = 0x1_2000;
    static final long PRIQ = 0x1_3000;
    static final long STRTAB = 0x2_0000;
    static final long CDS = 0x4_0000;
    static final long TABLES = 0x5_0000;
    static final long DATA = 0x8_0000;
    /** Where both functions have their registers: in the page that nothing is mapped to. */
    static final long BAR = 0xf_f000;
    private static final List<Long> REGIONS =
            List.of(CMDQ, EVTQ, PRIQ, STRTAB + 0x4000, STRTAB + 0x6000, CDS, TABLES, DATA);

    private static final int ALL_ON = 0x1f;
    private static final long S1 = CDS | 0xb;
    private static final long S1_MORE = 0x1000_00d6L;
    private static final long S2_ONLY = 0xd;
    private static final long NESTED = CDS | 0xf;
    private static final long S2_FORM = 0x044D_3558_0000_0009L;
    private static final long STALL_OFF = 1L << 27;

    /** How the stage is set when an input begins. */
    enum Start { OFF, STAGE1, STAGE2, NESTED, SUBSTREAMS, LIBERAL, PATIENT, KIND }

    private final Start start;
    final Machine machine = new Machine();
    final Smmu smmu;
    final Wild wild = new Wild(WILD);
    final DownPort left;
    final DownPort right;
    final Switch above;
    final Endpoint nic;
    final Endpoint gpu;
    final Endpoint virtual;

    World(Start start) {
        this.start = start;
        smmu = new Smmu(machine, params(start));
        above = new Switch(machine, "sw", start == Start.KIND ? Place.SWITCH : Place.ROOT);
        left = above.port("left", Bdf.parse("00:01.0"), 1);
        right = above.port("right", Bdf.parse("00:02.0"), 1);
        nic = endpoint("nic", "01:00.0", left, EndpointParams.USUAL.virtualFunctions(1),
                EndpointFaults.NONE);
        gpu = endpoint("gpu", "01:01.0", right,
                EndpointParams.USUAL.atcSlots(2).queue(2).completionTimeout(500),
                EndpointFaults.NONE.flr(EndpointFaults.Flr.KEEPS_ATC));
        virtual = Endpoint.virtual(machine, "vf", Bdf.parse("01:00.1"), nic);
        left.plug(virtual, function -> smmu.connect(function, function.rid()));
        virtual.program().write(0x1000, 1).read(0x2008);
        nic.config().write16(0x148, 1);
        wild.connect(smmu.connect(wild, WILD));
        queues();
        tables();
        if (start != Start.OFF) {
            smmu.mmio().write32(Reg.CR0.offset(), ALL_ON);
        }
        new Alone(machine).await(virtual::ready);
        virtual.config().write16(Config.COMMAND, 6);
        virtual.config().write16(0x116, 1 << 15);
        new Alone(machine).settle();
        machine.undo().mark();
    }

    /** An address somewhere in what this stage uses. */
    static long address(int region, int word) {
        return REGIONS.get(region % REGIONS.size()) + (region / REGIONS.size() % 8) * 0x1000L + word * 8L;
    }

    private Endpoint endpoint(String name, String bdf, DownPort port, EndpointParams params,
            EndpointFaults faults) {
        var endpoint = new Endpoint(machine, name, Bdf.parse(bdf), params, faults);
        port.plug(endpoint, function -> smmu.connect(function, function.rid()));
        port.config().write16(Config.COMMAND, 6);
        endpoint.program().write(0x1000, 1).read(0x2008).write(0x20_3000, 3).forgedWrite(DATA + 8, 4);
        endpoint.program().untranslated().read(0x3000).write(BAR, 5).read(BAR).pasid(2).write(0x4000, 6);
        endpoint.program().pasid(1).read(0x5000);
        endpoint.config().write32(Config.BAR0, (int) BAR);
        endpoint.config().write16(Config.COMMAND, 6);
        endpoint.config().write32(0x12c, 4);
        endpoint.config().write16(0x124, 1);
        endpoint.config().write16(0x136, 1);
        endpoint.config().write16(0x116, 1 << 15);
        return endpoint;
    }

    private static SmmuParams params(Start start) {
        SmmuParams full = full();
        return switch (start) {
            case OFF, STAGE1, SUBSTREAMS -> full;
            case STAGE2, NESTED -> full.with(Idr0.STALL_MODEL, 2);
            case LIBERAL -> liberal(full).with(Absent.UNSUPPORTED);
            case PATIENT -> full.steady().with(AtcReport.REPORT_WHILE_PENDING).with(ReservedBits.ILL);
            case KIND -> SmmuParams.USUAL.coherent().reportsAtc(3);
        };
    }

    private static SmmuParams full() {
        return SmmuParams.USUAL.with(Idr0.S2P, 1).with(Idr0.HYP, 1).with(Idr0.HTTU, 2).with(Idr0.PRI, 1)
                .with(Idr0.VMID16, 1).with(Idr0.VMW, 1).with(Idr0.SEV, 1).with(Idr0.STALL_MODEL, 0)
                .with(Idr0.TERM_MODEL, 0).with(Idr1.PRIQS, 6).with(Idr1.ATTR_PERMS_OVR, 1)
                .with(Idr1.ATTR_TYPES_OVR, 1).with(Idr3.XNX, 1).with(Idr3.STT, 1).with(Idr3.E0PD, 1)
                .with(Idr3.EPAN, 1).with(Idr3.FWB, 1).with(Idr5.GRAN16K, 1).with(Idr5.GRAN64K, 1);
    }

    private static SmmuParams liberal(SmmuParams params) {
        SmmuParams more = params;
        for (Liberty liberty : Liberty.values()) {
            more = more.with(liberty);
        }
        return more;
    }

    private void queues() {
        smmu.mmio().write64(Reg.CMDQ_BASE.offset(), CMDQ | CMDQ_LOG2);
        smmu.mmio().write64(Reg.EVENTQ_BASE.offset(), EVTQ | 3);
        smmu.mmio().write64(Reg.PRIQ_BASE.offset(), PRIQ | 2);
        boolean split = start == Start.SUBSTREAMS;
        smmu.mmio().write64(Reg.STRTAB_BASE.offset(), split ? STRTAB + 0x1_0000 : STRTAB);
        smmu.mmio().write32(Reg.STRTAB_BASE_CFG.offset(), split ? 1 << 16 | 6 << 6 | 10 : 10);
        smmu.mmio().write32(Reg.CR2.offset(), 6);
        smmu.mmio().write32(Reg.IRQ_CTRL.offset(), 7);
    }

    private void tables() {
        for (int sid : SIDS) {
            put(STRTAB + 64L * sid, ste());
        }
        for (int l1 = 0; l1 < 8; l1++) {
            put(STRTAB + 0x1_0000 + 8 * l1, STRTAB + l1 * 0x1000L | 7);
        }
        for (int ssid = 0; ssid < 4; ssid++) {
            put(CDS + 64 * ssid, 0x0007_E205_C000_3510L, TABLES, 0, 0xF404_FF44L);
        }
        put(TABLES, TABLES + 0x1003);
        put(TABLES + 0x1000, TABLES + 0x2003, 1L << 30 | 0xf41);
        put(TABLES + 0x2000, TABLES + 0x3003, 0x20_0000 | 0xf41);
        for (int page = 1; page < 16; page++) {
            put(TABLES + 0x3000 + 8 * page, DATA + page * 0x1000L | (page % 4 == 3 ? 0xfc3 : 0xf43));
        }
        put(TABLES + 0x4000, TABLES + 0x6003, 1L << 30 | 0x4fd);
        put(TABLES + 0x6000, 0x4fd, TABLES + 0x7003, 0x40_0000 | 0x4fd);
        put(TABLES + 0x7000, 0x20_0000 | 0x4ff, 0x20_1000 | 0x4bf, 0x20_2000 | 0x47f);
    }

    private long[] ste() {
        return switch (start) {
            case OFF, STAGE1, PATIENT, KIND -> new long[] {S1, S1_MORE};
            case STAGE2 -> new long[] {S2_ONLY, S1_MORE, S2_FORM, TABLES + 0x4000};
            case NESTED -> new long[] {NESTED, 2 * 0x1000_0000L | 0xd6, S2_FORM, TABLES + 0x4000};
            case SUBSTREAMS -> new long[] {S1 | 2L << 59, S1_MORE | 2};
            case LIBERAL -> new long[] {S1, S1_MORE | STALL_OFF | 1 << 19};
        };
    }

    private void put(long at, long... words) {
        Ram ram = machine.ram();
        for (int i = 0; i < words.length; i++) {
            ram.store(at + 8L * i, words[i]);
        }
    }
}
