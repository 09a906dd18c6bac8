// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3.hw;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import lazaret.smmuv3.Knob;
import org.junit.jupiter.api.Test;

/** What can be chosen is told, with what is usual and a test in which it matters. */
class KnobsTest {
    @Test
    void every_parameter_is_a_knob_or_made_of_some() {
        List<String> parameters = Arrays.stream(SmmuParams.class.getRecordComponents())
                .map(RecordComponent::getName)
                .filter(name -> !List.of("idr", "aidr", "liberties").contains(name)).toList();

        assertThat(Knobs.all()).extracting(Knob::name).containsAll(parameters).doesNotHaveDuplicates();
        assertThat(Knobs.all()).extracting(Knob::name)
                .containsAll(Arrays.stream(Liberty.values()).map(Enum::name).toList());
    }

    @Test
    void the_test_in_which_a_knob_matters_exists() {
        assertThat(Knobs.all()).allSatisfy(knob -> {
            String[] where = knob.matters().split("\\.");
            Class<?> test = Class.forName(KnobsTest.class.getPackageName() + "." + where[0]);
            assertThat(test.getDeclaredMethods()).extracting("name").contains(where[1]);
        });
    }

    @Test
    void what_is_usual_is_one_of_the_values() {
        assertThat(Knobs.all()).filteredOn(knob -> knob.values().contains(", ")).isNotEmpty()
                .allSatisfy(knob -> assertThat(knob.values()).contains(knob.standard()));
        assertThat(Knobs.all()).filteredOn(knob -> knob.section().isEmpty()).extracting(Knob::name)
                .containsExactly("cmdqFreezesAt");
    }
}
