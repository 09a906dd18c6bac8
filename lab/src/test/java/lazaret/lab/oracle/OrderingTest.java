// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import lazaret.iommu.design.Designs;
import lazaret.lab.Fn;
import lazaret.lab.Hunt;
import lazaret.lab.Lab;
import lazaret.lab.Plan;
import lazaret.lab.Scenario;
import lazaret.lab.Space;
import lazaret.lab.Stage;
import org.junit.jupiter.api.Test;

class OrderingTest {
    private static final int RUNS = 400;

    /** Between the two nobody uses the ASID, and the TLB has been told so by who left. */
    private static final class OneLeavesAnotherComes implements Scenario {
        @Override
        public String line() {
            return "one device leaves a domain and another one comes while it is flushed";
        }

        @Override
        public void stage(Lab lab) {
            Fn leaves = lab.endpoint("leaves", "01:00.0");
            Fn comes = lab.endpoint("comes", "02:00.0");
            Space space = lab.domain(leaves);
            space.map(0x1000);
            lab.cpu("cpu0", () -> space.unmap(0x1000));
            lab.cpu("cpu1", () -> {
                leaves.detach();
                lab.check(comes.attach(space).ok(), "the other one can be attached");
            });
        }
    }

    @Test
    void a_flush_need_not_tell_the_tlb_of_an_asid_that_nobody_used_meanwhile() {
        Stage stage = Stage.of(new OneLeavesAnotherComes(), Designs.standard());

        assertThat(Hunt.hunt(stage, Plan.hunt(RUNS, 1), Hunt.Progress.SILENT).finding()).isNull();
    }
}
