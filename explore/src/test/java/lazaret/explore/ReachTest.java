// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ReachTest {
    private static final long ONE = Sharing.kin("one");
    private static final long TWO = Sharing.kin("two");
    private static final long HERE = Sharing.label(ONE, 1, 7);
    private static final long THERE = Sharing.label(TWO, 1, 7);
    private static final long LATER = Sharing.label(TWO, 1, 8);
    private static final long HOME = Sharing.home(ONE);

    private static Reach knowing(Consumer<Reach> more) {
        var reach = new Reach();
        reach.cell(100);
        reach.touches(HERE, true);
        reach.cell(200);
        reach.touches(THERE, true);
        reach.met(LATER);
        reach.cell(500);
        reach.touches(HOME, false);
        reach.touches(THERE, true);
        more.accept(reach);
        reach.close();
        return reach;
    }

    private static boolean isGoodDespite(Consumer<Reach> more) {
        return knowing(_ -> { }).isAsGoodAs(knowing(more));
    }

    @Test
    void one_more_cell_where_two_conflict_as_they_did_makes_no_difference() {
        assertThat(isGoodDespite(reach -> {
            reach.cell(300);
            reach.touches(HERE, true);
        })).isTrue();
    }

    @Test
    void a_new_conflict_makes_a_difference() {
        assertThat(isGoodDespite(reach -> {
            reach.cell(100);
            reach.touches(THERE, false);
        })).isFalse();
    }

    @Test
    void a_conflict_that_comes_later_makes_a_difference() {
        assertThat(isGoodDespite(reach -> {
            reach.cell(100);
            reach.touches(0, true);                         // a step of hardware, new as it is
            reach.follows(THERE, 0);
        })).isFalse();
    }

    @Test
    void a_step_of_hardware_that_nobody_knew_and_nothing_leads_to_makes_no_difference() {
        assertThat(isGoodDespite(reach -> {
            reach.cell(100);
            reach.touches(0, true);
        })).isTrue();
    }

    @Test
    void a_point_that_is_shared_after_all_makes_a_difference() {
        assertThat(isGoodDespite(reach -> {
            reach.cell(400);
            reach.touches(LATER, true);
        })).isFalse();
    }

    @Test
    void a_cell_that_somebody_is_asked_about_and_another_one_comes_to_change_makes_a_difference() {
        assertThat(isGoodDespite(reach -> {
            reach.cell(600);
            reach.touches(HOME, false);
            reach.touches(THERE, true);
        })).isFalse();
    }
}
