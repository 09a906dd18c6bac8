// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.design;

import static org.assertj.core.api.Assertions.assertThat;

import lazaret.iommu.arm.SmmuDesign;
import org.junit.jupiter.api.Test;

class DesignsTest {
    @Test
    void every_design_is_found_by_its_name_however_it_is_written() {
        for (SmmuDesign design : Designs.all()) {
            assertThat(Designs.named(design.name())).hasSameClassAs(design);
            assertThat(Designs.named(design.name().toUpperCase(java.util.Locale.ROOT)))
                    .hasSameClassAs(design);
        }
    }

    @Test
    void names_differ_and_every_design_says_what_it_is() {
        assertThat(Designs.all()).extracting(SmmuDesign::name).doesNotHaveDuplicates().doesNotContain("");
        assertThat(Designs.all()).extracting(SmmuDesign::inOneLine).allMatch(line -> line.length() > 10);
    }

    @Test
    void nobody_has_a_name_that_no_design_has() {
        assertThat(Designs.named("v7")).isNull();
    }

    @Test
    void the_standard_one_is_listed_first() {
        assertThat(Designs.all().getFirst()).hasSameClassAs(Designs.standard());
        assertThat(Designs.standard().name()).isEqualTo("minimumX");
    }
}
