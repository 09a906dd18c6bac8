// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import lazaret.iommu.Mm;
import lazaret.iommu.design.MinimumX;
import lazaret.iommu.pci.PciDev;
import lazaret.kernel.Errno;
import lazaret.kernel.Workqueue;
import lazaret.smmuv3.PriEntry;
import lazaret.smmuv3.Queue;
import lazaret.smmuv3.QueueBase;
import lazaret.smmuv3.Reg;
import org.junit.jupiter.api.Test;

class PriqTest {
    private static final Queue Q = new Queue(3);
    private static final long HEAP = 0x5000;

    private final Rig rig = new Rig(new MinimumX(), setup -> setup.withPasids(3)
            .withPageRequests(((PlayedSmmu) setup.regs()).priqIrq, 3));
    private final PciDev nic = rig.device(Rig.NIC);
    private final Mm mm = new Mm(rig.core, "mm", rig.smmu.processTables("mm"));

    PriqTest() {
        rig.core.handlesRequests(new Workqueue(rig.kernel, "iopf", rig.cpu1));
        mm.grows(HEAP, HEAP + 0xfff);
        assertThat(rig.core.sva().bind(nic, mm)).isEqualTo(Errno.OK);
        rig.quiet();
    }

    /** A device asks for a page. */
    private void asks(int sid, int pasid, int group, long address) {
        var entry = new PriEntry(sid, true, pasid, false, false, true, true, true, group, address);
        int prod = rig.hw.get(Reg.PRIQ_PROD);
        long at = Q.slot(rig.hw.read64(Reg.PRIQ_BASE.offset()), prod, Queue.PRI);
        rig.machine.ram().store(at, entry.w0());
        rig.machine.ram().store(at + 8, entry.w1());
        rig.hw.set(Reg.PRIQ_PROD, Q.inc(prod));
    }

    private void interrupt() {
        rig.hw.priqIrq.pulse();
        rig.run((n, why) -> 0, () -> rig.cpu0.start("idle " + rig.hw.get(Reg.PRIQ_PROD), () -> { }));
    }

    private List<String> answers() {
        return rig.hw.trace.stream().filter(t -> t.startsWith("PRI_RESP")).toList();
    }

    @Test
    void a_page_that_the_process_may_have_is_brought_and_the_device_is_told() {
        asks(Rig.NIC, mm.pasid(), 7, HEAP);
        interrupt();

        assertThat(answers()).containsExactly("PRI_RESP sid=0x100 ssv ssid=0x4 prgindex=0x7 resp=SUCCESS");
        assertThat(mm.unmap(HEAP)).isPositive();
        assertThat(rig.hw.get(Reg.PRIQ_CONS)).isEqualTo(1);
    }

    @Test
    void a_page_that_it_may_not_have_and_a_pasid_that_nobody_has_are_refused() {
        asks(Rig.NIC, mm.pasid(), 1, HEAP + 0x1000);
        asks(Rig.NIC, 6, 2, HEAP);
        asks(0x999, 6, 3, HEAP);
        interrupt();

        assertThat(answers()).hasSize(3).allMatch(answer -> answer.endsWith("resp=INVALID"));
    }

    @Test
    void who_is_unbound_has_no_request_under_way() {
        asks(Rig.NIC, mm.pasid(), 7, HEAP);
        rig.run((n, why) -> 0, () -> rig.cpu0.start("unbinds", () -> rig.core.sva().unbind(nic, mm)));

        assertThat(answers()).hasSize(1);
        assertThat(rig.hw.get(Reg.PRIQ_CONS)).isEqualTo(1);
        assertThat(rig.complaints()).isEmpty();
    }

    @Test
    void nothing_comes_once_the_process_has_ended() {
        mm.release();
        assertThat(mm.fault(HEAP)).isFalse();
    }

    @Test
    void an_overflow_is_acknowledged_and_told() {
        rig.hw.set(Reg.PRIQ_PROD, Queue.drop(rig.hw.get(Reg.PRIQ_PROD), rig.hw.get(Reg.PRIQ_CONS)));
        interrupt();

        assertThat(Queue.overflowed(rig.hw.get(Reg.PRIQ_PROD), rig.hw.get(Reg.PRIQ_CONS))).isFalse();
        assertThat(rig.printed()).containsExactly("smmu: PRIQ overflow detected -- requests lost");
    }
}
