// SPDX-License-Identifier: Apache-2.0
package lazaret.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.classfile.ClassModel;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResultsTest {
    private static final String ERRNO = "package lazaret.kernel; public enum Errno { OK }";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"void x() { attach(); }", "void x() { if (this != null) { attach(); } }",
        "void x() { Runnable r = this::attach; r.run(); }",
        "void x() { Runnable r = () -> attach(); r.run(); }",
        "void x() { other.get().attach(); }"})
    void dropped(String member) {
        assertThat(check(member)).extracting(Finding::what).containsExactly("ignores what attach answers");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Errno x() { return attach(); }",
        "void x() { Errno e = attach(); assert e == Errno.OK; }",
        "void x() { java.util.function.Supplier<Errno> s = this::attach; other = () -> this; }"})
    void taken(String member) {
        assertThat(check(member)).isEmpty();
    }

    @Test
    void anotherAnswerMayBeDropped() {
        assertThat(check("void x() { String.valueOf(1); }")).isEmpty();
    }

    private List<Finding> check(String member) {
        List<ClassModel> classes = Compiled.classes(folder, ERRNO, """
                package lazaret.a;
                import lazaret.kernel.Errno;
                class A { java.util.function.Supplier<A> other; Errno attach() { return Errno.OK; } %s }
                """.formatted(member));
        return classes.stream().flatMap(model -> Results.check(model).stream()).toList();
    }
}
