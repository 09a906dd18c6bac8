// SPDX-License-Identifier: Apache-2.0
package lazaret.tidy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class RequirementsTest {
    private static final Source FENCE = Source.of("Fence.java", """
            package lazaret.iommu.arm;
            /** Refuses. @kernel none @req R75 */
            class Fence {
                /** @req R75 R9 */
                void order() { }
            }
            """);

    @Test
    void theMapGoesFromARuleToItsPlacesAndBack() {
        var rules = Requirements.parse("""
                R9 M all or nothing
                R75 M fence first | one stream alone
                """);
        assertThat(rules.map(List.of(FENCE)))
                .contains("""
                        | R9 | M | all or nothing | `lazaret.iommu.arm.Fence.order` |
                        | R75 | M | fence first | `lazaret.iommu.arm.Fence`, `lazaret.iommu.arm.Fence.order` |
                        """)
                .contains("| R75 | M | fence first | one stream alone |\n")
                .endsWith("| `lazaret.iommu.arm.Fence.order` | R9, R75 |\n");
    }

    @Test
    void aTagWithoutARuleIsAFinding() {
        var rules = Requirements.parse("R75 M fence first");
        assertThat(rules.check(List.of(FENCE))).extracting(Finding::what)
                .containsExactly("R9 is no rule of requirements.txt");
    }

    @Test
    void aRuleWithoutAPlaceSaysWhy() {
        var rules = Requirements.parse("""
                R8 M needs no memory
                R9 M all or nothing
                R13 M PASIDs | there are none
                R75 M fence first
                """);
        assertThat(rules.check(List.of(FENCE))).extracting(Finding::where).containsExactly("R8");
    }

    @Test
    void aLineThatIsNoRuleIsRefused() {
        assertThatThrownBy(() -> Requirements.parse("R8 needs no memory"))
                .hasMessage("no rule: R8 needs no memory");
    }
}
