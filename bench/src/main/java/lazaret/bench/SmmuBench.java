// SPDX-License-Identifier: Apache-2.0
package lazaret.bench;

import java.util.concurrent.TimeUnit;
import lazaret.pcie.At;
import lazaret.pcie.DownTlp;
import lazaret.pcie.Pasid;
import lazaret.pcie.Tlp;
import lazaret.smmuv3.AccessType;
import lazaret.smmuv3.Reg;
import lazaret.smmuv3.Ste;
import lazaret.smmuv3.Verdict;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What one thing costs on the hardware model, events and what caches learn included. A check is what other
 * models call a translation: an access asked about and the verdict; a passage is all of a transaction,
 * through the port and to memory; a command goes through its queue. Configuration is cached. Pages are
 * visited in an order in which the TLB never helps.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(value = 5, jvmArgsAppend = {"-XX:+UseSerialGC", "--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED"})
public class SmmuBench {
    private static final long SYNC = 0x46;
    private static final long TLBI_NH_VA = 0x0007_0000_0000_0012L;
    private static final long CFGI_STE = 0x100_0000_0003L;
    private static final long ATC_INV = 0x100_0000_0040L;

    private static final long FENCED = 0x0000_00D6L;

    private SmmuRig one;
    private SmmuRig two;
    private SmmuRig fenced;
    private Tlp write;
    private int i;

    @Setup(Level.Trial)
    public void wire() {
        one = new SmmuRig(false);
        two = new SmmuRig(true);
        fenced = new SmmuRig(false);
        fenced.ste(Ste.of(0x60_000bL, FENCED, 0, 0, 0, 0, 0, 0));
        write = new Tlp.MemWrite(SmmuRig.SID, At.TRANSLATED, Pasid.NONE, SmmuRig.DATA, 0xbad, SmmuRig.IOVA);
    }

    /** A check whose translation is in the TLB. */
    @Benchmark
    public Verdict hit() {
        return one.check(At.UNTRANSLATED, AccessType.READ, SmmuRig.iova(0));
    }

    /** A check for which four levels of stage 1 are walked. */
    @Benchmark
    public Verdict walk() {
        return one.check(At.UNTRANSLATED, AccessType.READ, SmmuRig.iova(i++));
    }

    /** A check for which four levels of stage 1 are walked above four of stage 2. */
    @Benchmark
    public Verdict nestedWalk() {
        return two.check(At.UNTRANSLATED, AccessType.READ, SmmuRig.iova(i++));
    }

    /** An ATS translation request for which four levels are walked. */
    @Benchmark
    public Verdict translationRequest() {
        return one.check(At.TRANSLATION_REQUEST, AccessType.WRITE, SmmuRig.iova(i++) & -SmmuRig.PAGE);
    }

    /** A check of a translated write: the STE is looked at. */
    @Benchmark
    public Verdict translated() {
        return one.check(At.TRANSLATED, AccessType.WRITE, SmmuRig.DATA);
    }

    /** A check of a translated write of a stream that is fenced: refused, with an event. */
    @Benchmark
    public Verdict blocked() {
        if ((++i & 0xff) == 0) {
            fenced.takeEvents();
        }
        return fenced.check(At.TRANSLATED, AccessType.WRITE, SmmuRig.DATA);
    }

    /** A read all the way, whose translation is in the TLB, and its completion. */
    @Benchmark
    public DownTlp readPasses() {
        return one.passes(one.read(0));
    }

    /** A translated write all the way. */
    @Benchmark
    public DownTlp writePasses() {
        return one.passes(write);
    }

    @Benchmark
    public void tlbi() {
        one.command(TLBI_NH_VA, SmmuRig.IOVA | 1);
    }

    /** The same for pages that are not the one before: what is known of commands does not help. */
    @Benchmark
    public void tlbiAnew() {
        one.command(TLBI_NH_VA, SmmuRig.iova(i++) & -SmmuRig.PAGE | 1);
    }

    @Benchmark
    public void cfgi() {
        one.command(CFGI_STE, 1);
    }

    @Benchmark
    public void sync() {
        one.command(SYNC, 0);
    }

    /** An ATC invalidation, the device's answer, and the CMD_SYNC that waited for it. */
    @Benchmark
    public void atcInvSync() {
        one.commands(ATC_INV, SmmuRig.IOVA, SYNC, 0);
        one.answers(0);
        SmmuRig.settle(one.cmdq);
    }

    /** The same without an answer: time passes, the CMD_SYNC fails, software acknowledges, it goes on. */
    @Benchmark
    public void timeoutResume() {
        one.commands(ATC_INV, SmmuRig.IOVA, SYNC, 0);
        one.machine.clock().step();
        SmmuRig.settle(one.timeout);
        SmmuRig.settle(one.cmdq);
        one.smmu.mmio().write32(Reg.GERRORN.offset(), one.smmu.mmio().read32(Reg.GERROR.offset()));
        SmmuRig.settle(one.cmdq);
    }
}
