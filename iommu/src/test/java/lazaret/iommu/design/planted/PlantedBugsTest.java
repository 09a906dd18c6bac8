// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.design.planted;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import lazaret.iommu.arm.SmmuDesign;
import lazaret.iommu.design.Designs;
import org.junit.jupiter.api.Test;

class PlantedBugsTest {
    private static final List<String> ABOUT_ITSELF = List.of("name", "inOneLine", "breaks");

    @Test
    void each_differs_from_the_standard_design_in_one_step() {
        for (Planted bug : PlantedBugs.all()) {
            List<String> steps = Arrays.stream(bug.getClass().getDeclaredMethods())
                    .filter(m -> !m.isSynthetic()).map(Method::getName)
                            .filter(m -> !ABOUT_ITSELF.contains(m)).toList();

            assertThat(steps).as(bug.name()).hasSize(1);
            assertThat(SmmuDesign.class.getMethods()).extracting(Method::getName)
                    .contains(steps.getFirst());
            assertThat(bug.getClass().getSuperclass()).isEqualTo(Designs.standard().getClass());
        }
    }

    @Test
    void each_is_named_after_its_class_and_found_by_that_name() {
        for (Planted bug : PlantedBugs.all()) {
            assertThat(bug.name()).isEqualToIgnoringCase("planted:" + bug.getClass().getSimpleName());
            assertThat(PlantedBugs.named(bug.name())).hasSameClassAs(bug);
            assertThat(Designs.named(bug.name())).isNull();
        }
        assertThat(PlantedBugs.named("minimumX")).isNull();
    }

    @Test
    void each_property_of_the_first_issue_has_one() {
        assertThat(PlantedBugs.all()).extracting(bug -> bug.breaks().getFirst())
                .contains("P1", "P2", "P3", "P4", "P5", "P8", "P9");
    }
}
