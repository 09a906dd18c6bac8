// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** No vector is forgotten: each has a line in the layout vectors or a test that is named after it. */
class EveryVectorTest {
    private static final List<Class<?>> TESTS = List.of(WalkTest.class, GranuleTest.class, Stage2Test.class,
            UpdateTest.class, ConfigurationTest.class, AtsTest.class);

    @Test
    void every_vector_is_tested() {
        var seen = new TreeSet<String>();
        Vectors.lines("layout.vectors").stream().filter(line -> line[1].matches("[A-Z]\\d{1,2}"))
                .forEach(line -> seen.add(line[1]));
        TESTS.stream().flatMap(test -> Arrays.stream(test.getDeclaredMethods()))
                .filter(method -> method.isAnnotationPresent(Test.class))
                .map(method -> method.getName().replaceFirst("_.*", "").toUpperCase())
                .filter(id -> id.matches("[A-Z]\\d{1,2}")).forEach(seen::add);

        assertThat(seen).containsAll(Vectors.lines("vector.ids").stream().flatMap(Arrays::stream).toList());
    }
}
