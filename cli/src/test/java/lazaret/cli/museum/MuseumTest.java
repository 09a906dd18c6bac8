// SPDX-License-Identifier: Apache-2.0
package lazaret.cli.museum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import lazaret.iommu.design.Designs;
import lazaret.lab.oracle.Property;
import lazaret.lab.scenario.Scenarios;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every bug of the museum can still be planted. Whether it is found, {@code ./lazaret museum} says. */
class MuseumTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    @TempDir
    private Path folder;

    static List<Piece> pieces() {
        return Piece.all(ROOT);
    }

    @ParameterizedTest
    @MethodSource("pieces")
    void a_bug_applies_and_compiles(Piece piece) throws Exception {
        for (Path classes : new Planting(ROOT).plant(piece, folder).values()) {
            try (Stream<Path> files = Files.walk(classes)) {
                assertThat(files).anyMatch(file -> file.toString().endsWith(".class"));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("pieces")
    void a_card_names_a_scenario_a_design_and_properties_that_there_are(Piece piece) {
        assertThat(Scenarios.named(piece.scenario().replaceFirst("\\+fail-\\d+", ""))).isNotNull();
        assertThat(piece.design() == null || Designs.named(piece.design()) != null).isTrue();
        assertThat(piece.breaks()).allSatisfy(p -> assertThat(Property.valueOf(p)).isNotNull());
    }

    @Test
    void a_patch_that_javac_refuses_is_named_with_what_javac_says() throws Exception {
        Path source = folder.resolve("root/iommu/src/main/java/lazaret/iommu/A.java");
        Files.createDirectories(source.getParent());
        Files.writeString(source, "package lazaret.iommu;\n\nclass A { }\n");
        var patch = Patch.parse("""
                --- a/iommu/src/main/java/lazaret/iommu/A.java
                +++ b/iommu/src/main/java/lazaret/iommu/A.java
                @@ -3 +3 @@
                -class A { }
                +class A extends Missing { }
                """);
        var piece = new Piece("B00", "none", "none", null, List.of("P1"), patch);

        assertThatThrownBy(() -> new Planting(folder.resolve("root")).plant(piece, folder.resolve("out")))
                .isInstanceOf(Misfit.class).hasMessageStartingWith("B00: it does not compile")
                .hasMessageContaining("class Missing");
    }

    @Test
    void a_trial_is_read_from_what_explore_prints() {
        Trial trial = Trial.of("""
                {"outcome":"finding","complete":false,"seconds":0.7,"sampled":7,"runs":5,"inconclusive":["a"],
                "found":[{"property":"P9"}],"finding":{"violation":{"property":"P2","what":"so"},
                "violations":[{"property":"P1"}],"cost":{"departures":4,"faultChoices":1},
                "original":{"departures":9,"faultChoices":2}},"replay":"x.replay"}
                """, 1.5);

        assertThat(trial).isEqualTo(new Trial("finding", false, "P2", "so", 12, 3, 0.7, 1.5, "x.replay"));
    }
}
