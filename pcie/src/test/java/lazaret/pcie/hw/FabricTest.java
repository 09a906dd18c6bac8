// SPDX-License-Identifier: Apache-2.0
package lazaret.pcie.hw;

import static lazaret.pcie.hw.EndpointFaults.NONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import lazaret.pcie.Tlp;
import lazaret.pcie.hw.EndpointFaults.Defect;
import org.junit.jupiter.api.Test;

class FabricTest {
    @Test
    void a_switch_holds_each_tlp_for_its_time_and_keeps_the_order() {
        var rig = new Rig(NONE.postedWritesHeld(10));
        rig.nic.program().untranslated().write(0x1000, 1).ring();
        rig.settle();
        rig.pass(4);
        rig.invalidate(0, 0x1000);
        rig.settle();
        assertThat(rig.root.isEmpty()).isTrue();
        rig.pass(6);
        assertThat(rig.root.take()).isInstanceOf(Tlp.MemWrite.class);
        assertThat(rig.root.isEmpty()).isTrue();
        rig.pass(4);
        assertThat(rig.root.take()).isInstanceOf(Tlp.InvalidateCompletion.class);
    }

    @Test
    void held_until_released_time_alone_does_nothing() {
        var rig = new Rig(NONE.postedWritesHeld(EndpointFaults.HELD));
        rig.nic.program().untranslated().write(0x1000, 1).write(0x1000, 2).ring();
        rig.pass(1_000_000);
        assertThat(rig.root.isEmpty()).isTrue();
        rig.nic.release();
        rig.step("fabric");
        assertThat(rig.root.take(Tlp.MemWrite.class).data()).isEqualTo(1);
        rig.step("fabric");
        assertThat(rig.root.take(Tlp.MemWrite.class).data()).isEqualTo(2);
        assertThat(rig.enabled("fabric")).isFalse();
    }

    @Test
    void what_is_held_arrives_even_if_the_function_was_removed_meanwhile() {
        var rig = new Rig(NONE.postedWritesHeld(EndpointFaults.HELD));
        rig.nic.program().untranslated().write(0x1000, 1).ring();
        rig.settle();
        rig.nic.remove();
        rig.nic.release();
        rig.settle();
        assertThat(rig.root.take()).isInstanceOf(Tlp.MemWrite.class);
    }

    @Test
    void once_the_fault_is_over_nothing_passes_what_is_still_held() {
        var rig = new Rig(NONE.postedWritesHeld(10));
        var program = rig.nic.program().untranslated().write(0x1000, 1);
        program.ring();
        rig.settle();
        rig.nic.becomes(NONE);
        rig.invalidate(0, 0x1000);
        rig.settle();
        assertThat(rig.root.isEmpty()).isTrue();
        rig.pass(10);
        assertThat(rig.root.take()).isInstanceOf(Tlp.MemWrite.class);
        assertThat(rig.root.take()).isInstanceOf(Tlp.InvalidateCompletion.class);
        program.ring();
        rig.settle();
        assertThat(rig.root.take()).isInstanceOf(Tlp.MemWrite.class);
    }

    @Test
    void an_answer_may_overtake_what_is_held() {
        var held = NONE.postedWritesHeld(EndpointFaults.HELD);
        var rig = new Rig(held.with(Defect.COMPLETION_OVERTAKES_WRITES));
        rig.nic.program().untranslated().write(0x1000, 1).ring();
        rig.settle();
        rig.invalidate(0, 0x1000);
        rig.settle();
        assertThat(rig.root.take()).isInstanceOf(Tlp.InvalidateCompletion.class);
        rig.nic.release();
        rig.settle();
        assertThat(rig.root.take()).isInstanceOf(Tlp.MemWrite.class);
    }

    @Test
    void a_function_has_one_root_port() {
        var rig = new Rig();
        assertThatIllegalStateException().isThrownBy(() -> rig.nic.connect(rig.root));
    }
}
