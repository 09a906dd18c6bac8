// SPDX-License-Identifier: Apache-2.0
package lazaret.bench.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import lazaret.bench.fuzz.Fuzzer.Defect;
import org.junit.jupiter.api.Test;

class FuzzerTest {
    /** What a build tries; {@code bench/fuzz} tries more. */
    private static final int SLICE = 40_000;

    private static List<byte[]> corpus() throws IOException {
        try {
            return Fuzz.read(Path.of(FuzzerTest.class.getResource("corpus.txt").toURI()));
        } catch (URISyntaxException unusable) {
            throw new IOException(unusable);
        }
    }

    private static String fails(byte[] input) {
        for (byte b : input) {
            if (b == 7) {
                throw new IllegalStateException("seven");
            }
        }
        return "rest";
    }

    @Test
    void a_defect_is_found_and_shortened() {
        var fuzzer = new Fuzzer(1, FuzzerTest::fails);
        Defect defect = fuzzer.explore(100_000);
        assertThat(defect.what()).hasMessage("seven");
        assertThat(fuzzer.shortened(defect).input()).containsExactly(7);
    }

    @Test
    void what_is_not_modelled_is_counted_and_no_defect() {
        Function<byte[], String> refuses = _ -> "not modelled: all of it: sid=1";
        var fuzzer = new Fuzzer(1, refuses);
        assertThat(fuzzer.explore(10)).isNull();
        assertThat(fuzzer.refused()).containsEntry("not modelled: all of it", 10L);
    }

    @Test
    void the_same_seed_finds_the_same_inputs() {
        var one = new Fuzzer(3);
        var two = new Fuzzer(3);
        assertThat(one.explore(500)).isNull();
        two.explore(500);
        assertThat(one.kept()).hasSizeGreaterThan(50).hasSameSizeAs(two.kept());
        for (int i = 0; i < one.kept().size(); i++) {
            assertThat(Arrays.equals(one.kept().get(i), two.kept().get(i))).isTrue();
        }
    }

    @Test
    void no_input_breaks_the_hardware_models() throws IOException {
        var fuzzer = new Fuzzer(1);
        for (byte[] input : corpus()) {
            assertThat(fuzzer.attempt(input)).isNull();
        }
        int known = fuzzer.lines("lazaret.smmuv3.hw.", true);
        assertThat(known * 100).isGreaterThan(85 * fuzzer.lines("lazaret.smmuv3.hw.", false));

        assertThat(fuzzer.explore(SLICE)).isNull();
    }
}
