// SPDX-License-Identifier: Apache-2.0
package lazaret.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The driver reaches hardware only through memory, registers and interrupts: the compiler refuses everything
 * else.
 */
class ForbiddenImportTest {
    private static final Repo REPO = Repo.here();
    private static final String NOT_EXPORTED = "does not export it to module lazaret.iommu";

    @TempDir
    private Path folder;

    @Test
    void theDriverMayImportWhatTheManualSays() {
        assertThat(javac("lazaret.iommu", "import lazaret.smmuv3.*; import lazaret.pcie.*;")).isEmpty();
    }

    @Test
    void theDriverMayNotImportTheSmmuItself() {
        assertThat(javac("lazaret.iommu", "import lazaret.smmuv3.hw.*;"))
                .contains("package lazaret.smmuv3.hw is not visible", NOT_EXPORTED);
    }

    @Test
    void theDriverMayNotImportTheEndpointItself() {
        assertThat(javac("lazaret.iommu", "import lazaret.pcie.hw.*;"))
                .contains("package lazaret.pcie.hw is not visible", NOT_EXPORTED);
    }

    @Test
    void theLabWiresTheHardware() {
        assertThat(javac("lazaret.lab", "import lazaret.smmuv3.hw.*; import lazaret.pcie.hw.*;")).isEmpty();
    }

    /** What javac says of one more file in {@code module}. */
    private String javac(String module, String imports) {
        String modules = REPO.javaModules().stream().filter(name -> !name.equals("cli"))
                .map(name -> REPO.classes(name).toString()).collect(Collectors.joining(File.pathSeparator));
        return Compiled.javac(folder, List.of("--module-path", modules, "--add-modules", module,
                "--patch-module", module + "=" + folder.resolve("src/Sample0")),
                "package " + module + "; " + imports + " class Newcomer { }");
    }
}
