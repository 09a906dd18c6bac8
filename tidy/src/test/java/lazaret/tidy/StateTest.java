// SPDX-License-Identifier: Apache-2.0
package lazaret.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.classfile.ClassModel;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StateTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"static int n;", "static final int[] TABLE = {1};",
        "static final ArrayList<String> ALL = null;",
        "private static final List<String> ALL = new ArrayList<>();",
        "private static final Map<String, String> ALL = new TreeMap<>();",
        "static final StringBuilder TEXT = new StringBuilder();"})
    void staticsThatCanChange(String member) {
        assertThat(State.statics(sample(member))).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"static final int N = 1;", "private static final int[] TABLE = {1};",
        "static final List<String> ALL = List.of();", "int n;",
        "void x() { assert n() == 0; } int n() { return 0; }"})
    void staticsThatCannot(String member) {
        assertThat(State.statics(sample(member))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"int n;", "private boolean muted;", "final long[] words = {};",
        "final ArrayList<String> all = null;", "final List<String> all = new ArrayList<>();",
        "final Map<String, String> all; A() { all = new TreeMap<>(); }", "final Deque<String> queue = null;",
        "final StringBuilder text = null;",
        "final Object lazy = new java.util.concurrent.atomic.AtomicLong();"})
    void stateOutsideOfCells(String member) {
        assertThat(State.cells(sample(member))).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"final int n = 1;", "final List<String> all = List.of();", "static int n;",
        "final Object cell = new Object();",
        "void x() { var local = new ArrayList<String>(); local.add(null); }"})
    void noState(String member) {
        assertThat(State.cells(sample(member))).isEmpty();
    }

    @Test
    void someRecordsAreNoValuesEither() {
        var words = Compiled.one(folder, "package lazaret.a; record A(long[] words) { }");
        assertThat(State.cells(words)).hasSize(1);
        var word = Compiled.one(folder, "package lazaret.a; record A(long word) { }");
        assertThat(State.cells(word)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"lazaret.kernel", "lazaret.iommu", "lazaret.iommu.arm", "lazaret.smmuv3.hw",
        "lazaret.pcie.hw"})
    void whereStateIsModelled(String name) {
        assertThat(State.isModelled(Compiled.one(folder, "package " + name + "; class A { }"))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"lazaret.machine", "lazaret.smmuv3", "lazaret.explore", "lazaret.lab"})
    void whereItIsNot(String name) {
        assertThat(State.isModelled(Compiled.one(folder, "package " + name + "; class A { }"))).isFalse();
    }

    private ClassModel sample(String member) {
        return Compiled.one(folder, "package lazaret.a; import java.util.*; class A { " + member + " }");
    }
}
