// SPDX-License-Identifier: Apache-2.0
package lazaret.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BansTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {
        "Math.random()", "System.nanoTime()", "System.currentTimeMillis()", "System.identityHashCode(this)",
        "Thread.currentThread()", "new Thread[1]", "Thread.ofVirtual()", "new ThreadLocal<String>()",
        "new java.util.concurrent.atomic.AtomicLong()", "java.util.concurrent.TimeUnit.DAYS",
        "java.util.Set.of(1)", "java.util.Map.of(1, 2)", "java.util.Map.copyOf(new java.util.TreeMap<>())",
        "java.util.Set.copyOf(java.util.List.of())", "new java.util.HashMap<String, String>()",
        "new java.util.HashSet<>()", "new java.util.IdentityHashMap<>()",
        "java.util.List.of(1).parallelStream()",
        "java.util.stream.Stream.of(1).parallel()", "java.util.UUID.randomUUID()", "new java.util.Random(1)",
        "String.format(\"%d\", 1)", "\"%d\".formatted(1)", "java.time.Instant.now()", "super.hashCode()",
        "java.util.stream.Stream.of(1).collect(java.util.stream.Collectors.toSet())"})
    void refused(String expression) {
        assertThat(Bans.check(sample("Object x() { return " + expression + "; }"))).isNotEmpty()
                .allSatisfy(finding -> assertThat(finding.where()).startsWith("lazaret.a.A uses java."));
    }

    @Test
    void refusedThroughAMethodReference() {
        var found = Bans.check(sample("java.util.function.LongSupplier x = System::nanoTime;"));
        assertThat(found).extracting(Finding::where)
                .containsExactly("lazaret.a.A uses java.lang.System.nanoTime");
    }

    @ParameterizedTest
    @ValueSource(strings = {"void x() { synchronized (this) { } }", "synchronized void x() { }"})
    void refusedAsMonitor(String method) {
        assertThat(Bans.check(sample(method))).extracting(Finding::where)
                .containsExactly("lazaret.a.A uses synchronized in x");
    }

    @ParameterizedTest
    @ValueSource(strings = {"new java.util.LinkedHashMap<>()", "new java.util.LinkedHashSet<>()",
        "java.util.List.of(1)", "java.util.Map.entry(1, 2)", "Integer.toHexString(1) + this",
        "new Object[1]", "new long[1]"})
    void fine(String expression) {
        assertThat(Bans.check(sample("Object x() { return " + expression + "; }"))).isEmpty();
    }

    private java.lang.classfile.ClassModel sample(String member) {
        return Compiled.one(folder, "package lazaret.a; class A { " + member + " }");
    }
}
