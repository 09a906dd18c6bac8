// SPDX-License-Identifier: Apache-2.0
package lazaret.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArrowsTest {
    @ParameterizedTest
    @CsvSource({"pcie, machine", "iommu, smmuv3", "lab, explore", "cli, lab"})
    void arrowsThatTheDesignDraws(String from, String to) {
        assertThat(Arrows.check(requires(from, "lazaret." + to))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"machine, pcie", "kernel, explore", "iommu, explore", "iommu, lab", "explore, iommu",
        "explore, smmuv3", "explore, pcie", "smmuv3, kernel", "pcie, kernel", "lab, cli",
        "newcomer, machine"})
    void arrowsThatItForbids(String from, String to) {
        assertThat(Arrows.check(requires(from, "lazaret." + to))).singleElement()
                .hasToString("arrow  lazaret." + from + "  must not know lazaret." + to);
    }

    @Test
    void librariesStayInTheCommandLine() {
        assertThat(Arrows.check(requires("lab", "java.compiler"))).isEmpty();
        assertThat(Arrows.check(requires("cli", "info.picocli"))).isEmpty();
        assertThat(Arrows.check(requires("lab", "info.picocli"))).hasSize(1);
    }

    @Test
    void hardwareIsShownToThoseWhoWireIt() {
        assertThat(Arrows.check(exports("lazaret.smmuv3.hw to lazaret.lab, lazaret.bench"))).isEmpty();
        assertThat(Arrows.check(exports("lazaret.smmuv3.hw"))).hasSize(1);
        assertThat(Arrows.check(exports("lazaret.smmuv3.hw to lazaret.lab, lazaret.iommu"))).hasSize(1);
        assertThat(Arrows.check(exports("lazaret.smmuv3"))).isEmpty();
    }

    private static Source requires(String from, String to) {
        String text = "module lazaret.%s { requires transitive %s; }".formatted(from, to);
        return Source.of("module-info.java", text);
    }

    private static Source exports(String what) {
        return Source.of("module-info.java", "module lazaret.smmuv3 { exports " + what + "; }");
    }
}
