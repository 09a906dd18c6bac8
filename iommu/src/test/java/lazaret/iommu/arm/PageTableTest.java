// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import lazaret.iommu.Prot;
import lazaret.kernel.Errno;
import lazaret.kernel.Gfp;
import lazaret.kernel.Kernel;
import lazaret.kernel.KernelEntry;
import lazaret.machine.Entry;
import lazaret.machine.Machine;
import lazaret.smmuv3.Pte;
import org.junit.jupiter.api.Test;

class PageTableTest {
    private static final long IOVA = 0x1234_5678_9000L;

    private final Machine machine = new Machine();
    private final Kernel kernel = new Kernel(machine);
    private final List<Entry> log = new ArrayList<>();
    private final PageTable table;

    PageTableTest() {
        machine.log().listen(log::add, false);
        table = new PageTable(kernel, "d", kernel.pages().allocZeroed(Gfp.KERNEL, "d"));
    }

    /** What a walker finds, level by level; 0 where it finds nothing. */
    private long walk(long iova) {
        long at = table.root();
        for (int level = 0; level < Pte.LAST_LEVEL; level++) {
            long pte = machine.ram().load(at + 8L * Pte.index(iova, level));
            if (!Pte.table(pte, level)) {
                return 0;
            }
            at = Pte.NEXT.in(pte);
        }
        return machine.ram().load(at + 8L * Pte.index(iova, Pte.LAST_LEVEL));
    }

    private <E extends Entry> long count(Class<E> type) {
        return log.stream().filter(type::isInstance).count();
    }

    @Test
    void descriptors_are_those_of_the_kernel() {
        assertThat(PageTable.page(0x8_AA55_D000L, Prot.READ_WRITE)).isEqualTo(0x8_AA55_DF47L);
        assertThat(PageTable.page(0x8_AA55_D000L, Prot.READ)).isEqualTo(0x8_AA55_DFC7L);
    }

    @Test
    void what_was_mapped_is_found_and_nothing_beside_it() {
        assertThat(table.map(IOVA, 0x4000, Prot.READ_WRITE)).isEqualTo(Errno.OK);

        assertThat(Pte.address(walk(IOVA), 3)).isEqualTo(0x4000);
        assertThat(walk(IOVA + 0x1000)).isZero();
        assertThat(walk(IOVA - 0x1000)).isZero();
    }

    @Test
    void neighbours_share_their_tables() {
        table.map(IOVA, 0x4000, Prot.READ);
        long before = count(KernelEntry.PageAllocated.class);
        table.map(IOVA + 0x1000, 0x5000, Prot.READ);

        assertThat(before).isEqualTo(4);
        assertThat(count(KernelEntry.PageAllocated.class)).isEqualTo(before);
    }

    @Test
    void unmapping_returns_the_descriptor_once() {
        table.map(IOVA, 0x4000, Prot.READ);

        assertThat(Pte.address(table.unmap(IOVA), 3)).isEqualTo(0x4000);
        assertThat(table.unmap(IOVA)).isZero();
        assertThat(table.unmap(0)).isZero();
        assertThat(walk(IOVA)).isZero();
    }

    @Test
    void what_is_mapped_is_not_mapped_again() {
        table.map(IOVA, 0x4000, Prot.READ);

        assertThat(table.map(IOVA, 0x5000, Prot.READ)).isEqualTo(Errno.EEXIST);
        assertThat(Pte.address(walk(IOVA), 3)).isEqualTo(0x4000);
    }

    @Test
    void without_memory_for_a_table_nothing_is_mapped() {
        for (int nth = 1; nth <= 3; nth++) {
            kernel.faults().failNth(nth);
            assertThat(table.map((long) nth << 40, 0x4000, Prot.READ)).isEqualTo(Errno.ENOMEM);
            kernel.faults().neverFail();
            assertThat(table.map((long) nth << 40, 0x4000, Prot.READ)).isEqualTo(Errno.OK);
        }
    }

    @Test
    void all_tables_go_back() {
        for (int i = 0; i < 4; i++) {
            table.map((long) i << 30, 0x4000, Prot.READ);
        }
        table.free();

        assertThat(count(KernelEntry.PageFreed.class)).isEqualTo(count(KernelEntry.PageAllocated.class));
        assertThat(count(KernelEntry.UseAfterFree.class)).isZero();
    }
}
