// SPDX-License-Identifier: Apache-2.0
package lazaret.lab;

import static org.assertj.core.api.Assertions.assertThat;

import lazaret.kernel.Held;
import lazaret.kernel.Kernel;
import lazaret.kernel.Spinlock;
import lazaret.machine.Machine;
import org.junit.jupiter.api.Test;

class LockCampaignTest {
    private final Kernel kernel = new Kernel(new Machine());
    private final Spinlock a = new Spinlock(kernel, "a");
    private final Spinlock b = new Spinlock(kernel, "b");
    private final Spinlock c = new Spinlock(kernel, "c");
    private final LockCampaign campaign = new LockCampaign(kernel.lockOrder());

    private static void nest(Spinlock outer, Spinlock inner) {
        try (Held _ = outer.irqsave(); Held _ = inner.irqsave()) {
            assertThat(inner.held()).isTrue();
        }
    }

    @Test
    void opposite_orders_of_two_runs_are_told_with_both_runs() {
        campaign.mark();
        campaign.next();
        nest(a, b);
        campaign.next();
        nest(b, a);

        assertThat(campaign.conflicts())
                .containsExactly("lock order: a → b in run 1, b → a in run 2, both in none");
    }

    @Test
    void opposite_orders_of_one_run_are_its_finding_and_not_told_again() {
        campaign.mark();
        campaign.next();
        nest(a, b);
        campaign.next();
        nest(a, b);
        nest(b, a);

        assertThat(campaign.conflicts()).isEmpty();
    }

    @Test
    void what_boot_took_is_known_to_every_run() {
        nest(a, b);
        campaign.mark();
        campaign.next();
        nest(b, c);
        campaign.next();

        assertThat(kernel.lockOrder().edges()).containsExactly("a → b");
        assertThat(campaign.conflicts()).isEmpty();
    }
}
