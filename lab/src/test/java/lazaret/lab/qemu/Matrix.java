// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.qemu;

import static lazaret.lab.conform.Scene.HOLE;
import static lazaret.lab.conform.Scene.IOVA;
import static lazaret.lab.conform.Scene.NOWHERE;
import static lazaret.lab.conform.Scene.PAGE;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import lazaret.lab.conform.OurSmmu;
import lazaret.lab.conform.Scene;
import lazaret.lab.conform.Seen;
import lazaret.lab.conform.Specimen;
import lazaret.machine.Field;
import lazaret.smmuv3.Cd;
import lazaret.smmuv3.Idr;
import lazaret.smmuv3.Reg;
import lazaret.smmuv3.Ste;

/**
 * The scenarios that were put to QEMU, put to our model: each makes one thing wrong and looks. They come in
 * the order in which QEMU saw them; some go on where the one before stopped.
 */
final class Matrix {
    private static final long MAPPED = PAGE | 0xf47;

    private static final List<String> OPCODES = List.of(
            "PREFETCH_CONFIG 1", "PREFETCH_ADDR 2", "CFGI_STE 3", "CFGI_ALL 4", "CFGI_CD 5", "CFGI_CD_ALL 6",
            "CFGI_VMS_PIDM 7", "TLBI_NH_ALL 10", "TLBI_NH_ASID 11", "TLBI_NH_VA 12", "TLBI_NH_VAA 13",
            "TLBI_EL3_ALL 18", "TLBI_EL3_VA 1a", "TLBI_EL2_ALL 20", "TLBI_EL2_ASID 21", "TLBI_EL2_VA 22",
            "TLBI_EL2_VAA 23", "TLBI_S12_VMALL 28", "TLBI_S2_IPA 2a", "TLBI_NSNH_ALL 30", "ATC_INV 40",
            "PRI_RESP 41", "RESUME 44", "STALL_TERM 45", "DPTI_ALL 70", "ZERO 0", "0x99 99");

    private final Specimen smmu;
    private final Map<Integer, Seen> seen = new LinkedHashMap<>();
    private final Map<Integer, String> names = new LinkedHashMap<>();
    private Scene scene;

    private Matrix(Specimen smmu) {
        this.smmu = smmu;
    }

    /** What came of each, by its place, on an SMMU with these identification registers. */
    static Matrix play(Idr idr) {
        return play(new OurSmmu(idr));
    }

    /** The same on any SMMU. */
    static Matrix play(Specimen smmu) {
        var matrix = new Matrix(smmu);
        matrix.addresses();
        matrix.staleTranslations();
        matrix.descriptors();
        matrix.streams();
        matrix.contexts();
        matrix.staleConfiguration();
        matrix.queues();
        matrix.commands();
        matrix.twoStages();
        matrix.twoLevels();
        return matrix;
    }

    String name(int place) {
        return names.get(place);
    }

    Seen seen(int place) {
        return seen.get(place);
    }

    int size() {
        return seen.size();
    }

    /** On a machine of its own, {@code change}d before it is switched on. */
    private void fresh(String name, Consumer<Scene> change, Function<Scene, Seen> act) {
        scene = new Scene(smmu);
        change.accept(scene);
        scene.enable();
        then(name, _ -> { }, act);
    }

    /** On the machine of the scenario before. */
    private void then(String name, Consumer<Scene> change, Function<Scene, Seen> act) {
        change.accept(scene);
        names.put(names.size(), name);
        seen.put(seen.size(), act.apply(scene));
    }

    private static Function<Scene, Seen> writes(long iova) {
        return b -> b.writes(iova);
    }

    private void addresses() {
        fresh("mapped write", _ -> { }, writes(IOVA));
        then("unmapped write (4 KiB page)", _ -> { }, writes(HOLE));
        then("unmapped write 1 byte", _ -> { }, writes(HOLE));
        then("unmapped write 8 bytes at +4", _ -> { }, writes(HOLE + 4));
        then("unmapped read", _ -> { }, b -> b.reads(HOLE));
        then("unmapped at L1", _ -> { }, writes(0x20_0000_0000L));
        then("iova beyond T0SZ (bit 39)", _ -> { }, writes(0x80_0000_0000L));
        then("iova beyond 48 bits", _ -> { }, writes(1L << 48));
        then("high half (TTBR1 disabled EPD1=1)", _ -> { }, writes(0xffff_ff80_0000_0000L));
    }

    private void staleTranslations() {
        warm();
        then("unmapped without TLBI (stale IOTLB)", b -> b.page(0), writes(IOVA));
        then("after TLBI_NH_VA without SYNC", b -> b.command(0x1_0000_0000_0012L, IOVA | 1), writes(IOVA));
        warm();
        then("TLBI_NH_VA with wrong ASID", forgets(0x2_0000_0000_0012L, IOVA | 1), writes(IOVA));
        then("TLBI_NH_ASID", b -> b.command(0x1_0000_0000_0011L, 0), writes(IOVA));
        warm();
        then("TLBI_NH_VAA", forgets(0x13, IOVA | 1), writes(IOVA));
        warm();
        then("TLBI_NH_VA range num=31 scale=0 tg=4K", forgets(0x1_0000_0001_f012L, IOVA | 1 << 10 | 1),
                writes(IOVA));
    }

    private void warm() {
        fresh("warm", _ -> { }, writes(IOVA));
    }

    /** The page goes, and this command says so. */
    private static Consumer<Scene> forgets(long w0, long w1) {
        return b -> {
            b.page(0);
            b.command(w0, w1);
        };
    }

    private void descriptors() {
        fresh("read-only page, write", b -> b.hole(MAPPED | 0x80), writes(HOLE));
        fresh("AP[1]=0 (privileged only) write, unpriv default", b -> b.hole(MAPPED & ~0x40), writes(HOLE));
        fresh("AF=0", b -> b.hole(MAPPED & ~0x400), writes(HOLE));
        fresh("AF=0 with CD.AFFD=1", b -> {
            b.hole(MAPPED & ~0x400);
            b.cd(Cd.AFFD, 1);
        }, writes(HOLE));
        fresh("2 MiB block", b -> b.level1(0x41, 0x4400_0f45L), b -> b.writes(0x10_4001_2340L, 0x4001_2340L));
        fresh("1 GiB block", b -> b.level1(0x42, 0x4000_0f45L), b -> b.writes(0x10_8430_0000L, 0x4430_0000L));
        fresh("L3 reserved encoding (bits[1:0]=01)", b -> b.hole(MAPPED & ~2), writes(HOLE));
        fresh("PTE output 0xfffffffff000 (> OAS 44)", b -> b.hole(0xffff_ffff_ff47L), writes(HOLE));
        fresh("PTE output 2 TiB (no memory there)", b -> b.hole(0x200_0000_0f47L), writes(HOLE));
        fresh("PTE output = SMMU MMIO page", b -> b.hole(0x0905_0f47L), writes(HOLE));
        fresh("table descriptor to nowhere (walk abort)", b -> b.holeTable(NOWHERE | 3), writes(HOLE));
        fresh("table descriptor > OAS", b -> b.holeTable(0xffff_ffff_f003L), writes(HOLE));
    }

    private void streams() {
        fresh("STE V=0", b -> b.ste(Ste.V, 0), writes(IOVA));
        fresh("STE Config=abort", b -> b.config(Ste.Config.ABORT), writes(IOVA));
        fresh("STE Config=bypass to PA B", b -> b.config(Ste.Config.BYPASS), writes(PAGE));
        fresh("STE Config=bypass SHCFG=1 to PA B", b -> {
            b.config(Ste.Config.BYPASS);
            b.ste(Ste.SHCFG, 1);
        }, writes(PAGE));
        fresh("SID >= 2^LOG2SIZE", b -> b.write(Reg.STRTAB_BASE_CFG, 4), writes(IOVA));
        fresh("stream table in unmapped PA", b -> b.write(Reg.STRTAB_BASE, NOWHERE), writes(IOVA));
        ste("CD in unmapped PA", Ste.S1CONTEXTPTR, NOWHERE >>> 6);
        ste("S1CDMAX=1 (IDR1.SSIDSIZE=0)", Ste.S1CDMAX, 1);
        ste("S1STALLD=1", Ste.S1STALLD, 1);
        ste("EATS=1", Ste.EATS, 1);
        ste("EATS=2", Ste.EATS, 2);
        ste("EATS=3", Ste.EATS, 3);
        ste("STRW=1", Ste.STRW, 1);
        ste("STRW=2", Ste.STRW, 2);
        ste("S1Fmt=1", Ste.S1FMT, 1);
    }

    private void ste(String name, Field field, long value) {
        fresh(name, b -> b.ste(field, value), writes(IOVA));
    }

    private void contexts() {
        cd("CD V=0", Cd.V, 0);
        cd("CD A=0 (TERM_MODEL=1)", Cd.A, 0);
        cd("CD S=1 (no stall)", Cd.S, 1);
        fresh("CD R=0, unmapped access", b -> b.cd(Cd.R, 0), writes(HOLE));
        cd("CD AA64=0", Cd.AA64, 0);
        cd("CD T0SZ=15", Cd.T0SZ, 15);
        cd("CD T0SZ=40", Cd.T0SZ, 40);
        fresh("CD TG0=16K (tables are 4K)", b -> b.cd(Cd.TG0, 2), writes(HOLE));
        cd("CD TG0=reserved", Cd.TG0, 3);
        cd("CD TTB0 >= 2^44", Cd.TTB0, 1L << 40);
        cd("CD HA=1 (HTTU=0)", Cd.HA, 1);
        cd("CD EPD0=1", Cd.EPD0, 1);
        cd("CD ENDI=1", Cd.ENDI, 1);
        fresh("CD TBI0=1, tagged iova", b -> b.cd(Cd.TBI0, 1), writes(0xab00_0010_0020_0000L));
        fresh("TBI0=0, tagged iova", _ -> { }, writes(0xab00_0010_0020_0000L));
    }

    private void cd(String name, Field field, long value) {
        fresh(name, b -> b.cd(field, value), writes(IOVA));
    }

    private void staleConfiguration() {
        warm();
        then("STE invalidated in memory, no CFGI (stale config cache)", b -> {
            b.ste(Ste.V, 0);
            b.store();
        }, writes(IOVA));
        then("after CFGI_STE", b -> b.command(0x10_0000_0003L, 1), writes(IOVA));
        warm();
        then("CD invalidated, CFGI_STE Leaf=0", noCd(0x10_0000_0003L), writes(IOVA));
        warm();
        then("CD invalidated, CFGI_CD", noCd(0x10_0000_0005L), writes(IOVA));
        fresh("SMMUEN=0 write PA", b -> b.cr0(0xc), writes(PAGE));
        then("SMMUEN=0 GBPA.ABORT=1", Scene::abortAll, writes(PAGE));
    }

    private static Consumer<Scene> noCd(long w0) {
        return b -> {
            b.cd(Cd.V, 0);
            b.store();
            b.command(w0, 0);
        };
    }

    private void queues() {
        fresh("event queue of 2 entries, 4 faults", b -> b.eventQueue(1), Scene::fourFaults);
        fresh("EVENTQEN=0 unmapped", b -> b.cr0(9), writes(HOLE));
        fresh("IRQ_CTRL=0 unmapped", b -> b.write(Reg.IRQ_CTRL, 0), writes(HOLE));
        fresh("MSI through SMMU to unmapped IOVA", _ -> { }, writes(0x10_0090_0040L));
    }

    private void commands() {
        fresh("cmd SYNC CS=0", _ -> { }, b -> b.command(0x46, 0));
        command("SYNC CS=1 (IRQ)", 0x1046, 0);
        command("SYNC CS=1 with MSI address", 0xabcd_0000_1046L, 0x4430_0100);
        command("SYNC CS=2 (SEV)", 0x2046, 0);
        command("SYNC CS=3 (reserved)", 0x3046, 0);
        command("ATC_INV sid 0x10 all", 0x10_0000_0040L, 0x34);
        command("ATC_INV sid out of range", 0xf_ffff_0000_0040L, 0x34);
        for (String opcode : OPCODES) {
            String[] code = opcode.split(" ");
            command(code[0], 0x10_0000_0000L | Integer.parseInt(code[1], 16), 0);
        }
        command("CFGI_STE SSEC=1", 0x10_0000_0403L, 0);
        command("CFGI_STE bad sid", 0xffff_0000_0003L, 1);
        fresh("CMDQ base without memory", _ -> { }, Scene::commandsFromNowhere);
    }

    private void command(String name, long w0, long w1) {
        then("cmd " + name, _ -> { }, b -> b.command(w0, w1));
    }

    private void twoStages() {
        staged("stage-2 only (VMID 7, 39-bit)", Ste.Config.S2_TRANS, true, IOVA);
        staged("stage-2 unmapped", Ste.Config.S2_TRANS, true, HOLE);
        staged("nested S1+S2 identity", Ste.Config.NESTED, true, IOVA);
        staged("nested, S2 empty -> fault on CD fetch", Ste.Config.NESTED, false, IOVA);
        fresh("nested, S1 output IPA unmapped in S2", b -> {
            b.config(Ste.Config.NESTED);
            b.stage2(true);
            b.hole(0x8420_0f47L);
        }, writes(HOLE));
        staged("nested S1 unmapped", Ste.Config.NESTED, true, HOLE);
    }

    private void staged(String name, Ste.Config config, boolean full, long iova) {
        fresh(name, b -> {
            b.config(config);
            b.stage2(full);
        }, writes(iova));
    }

    private void twoLevels() {
        fresh("2-level, L1 descriptor zero (span 0)", b -> b.twoLevels(0), writes(IOVA));
        fresh("2-level ok split 6 span 7", b -> b.twoLevels(7), writes(IOVA));
        fresh("2-level span 4 too small for index 0x10", b -> b.twoLevels(4), writes(IOVA));
        then("back to linear after 2-level (FMT 0)", b -> {
            b.disable();
            b.oneLevel();
            b.enable();
            b.command(4, 31);
        }, writes(IOVA));
        fresh("linear after system_reset", _ -> { }, writes(IOVA));
    }
}
