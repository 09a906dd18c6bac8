// SPDX-License-Identifier: Apache-2.0
package lazaret.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CyclesTest {
    private static final String ONE =
            "package lazaret.one; public class One { lazaret.two.Two[] two = new lazaret.two.Two[1]; }";

    @TempDir
    private Path folder;

    @Test
    void layersAreFine() {
        var classes = Compiled.classes(folder, ONE, "package lazaret.two; public class Two { }");
        assertThat(Cycles.check(classes)).isEmpty();
    }

    @Test
    void aCircleIsSeenFromEveryPlaceOnIt() {
        var classes = Compiled.classes(folder, ONE,
                "package lazaret.two; public class Two { Object o = new lazaret.three.Three(); }",
                "package lazaret.three; public class Three { Object o = new lazaret.one.One(); }",
                "package lazaret.four; public class Four { Object o = new lazaret.one.One(); }");
        assertThat(Cycles.check(classes)).extracting(Finding::where)
                .containsExactly("lazaret.one", "lazaret.three", "lazaret.two");
    }
}
