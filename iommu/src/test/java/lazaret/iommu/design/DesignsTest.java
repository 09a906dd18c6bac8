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

    @Test
    void a_design_that_contains_inside_the_flush_answers_otherwise_when_told_to() {
        SmmuDesign design = Designs.named("minimumX,isolate=wholeBatch,mute=byUnref");

        assertThat(design.name()).isEqualTo("minimumX,isolate=wholeBatch,mute=byUnref");
        assertThat(((Contained) design).axes())
                .isEqualTo(Axes.USUAL.with(Axes.Isolate.WHOLE_BATCH).with(Axes.Mute.BY_UNREF));
    }

    @Test
    void an_answer_that_is_the_usual_one_is_not_part_of_the_name() {
        assertThat(Designs.named("xen,isolate=oneDevicePerBatch,done=resultAware").name()).isEqualTo("xen");
        assertThat(Designs.named("xen,isolate=retry").name()).isEqualTo("xen,isolate=retry");
    }

    @Test
    void what_happens_when_the_queue_stands_still_is_an_answer_like_any_other() {
        assertThat(Designs.escalating()).extracting(d -> Designs.named(d.name()).name())
                .contains("minimumX", "minimumX,escalate=hold", "minimumX,escalate=holdGbpa");
        assertThat(Designs.named("minimumX").escalates()).isFalse();
        assertThat(Designs.named("minimumY,escalate=dpc").escalates()).isTrue();
    }

    @Test
    void what_is_no_answer_or_goes_to_a_design_without_questions_is_no_design() {
        assertThat(Designs.named("minimumX,isolate=never")).isNull();
        assertThat(Designs.named("mainline,done=resultBlind")).isNull();
    }

    @Test
    void every_variant_is_found_by_its_name() {
        assertThat(Designs.variants()).extracting(v -> Designs.named(v.name()).name())
                .isEqualTo(Designs.variants().stream().map(SmmuDesign::name).toList());
    }
}
