// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

import static lazaret.smmuv3.Setup.CD;
import static lazaret.smmuv3.Setup.CDTAB;
import static lazaret.smmuv3.Setup.L3;
import static lazaret.smmuv3.Setup.VA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import lazaret.machine.Unmodelled;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** No vector is forgotten: each is tested or listed as open, and what is listed really is not modelled. */
class OpenVectorsTest {
    private static final long NESTED_S1 = 0x4008_000FL;
    private static final long STAGE2_ONLY = 0x0DL;
    private static final List<Class<?>> TESTS =
            List.of(WalkTest.class, ConfigurationTest.class, AtsTest.class);

    private static Map<String, Consumer<Setup>> proofs() {
        var proofs = new LinkedHashMap<String, Consumer<Setup>>();
        proofs.put("W7", OpenVectorsTest::dirtyWrite);
        proofs.put("W8", OpenVectorsTest::accessFlag);
        proofs.put("W13", s -> stage2(s, NESTED_S1, 0x7B_1234_5ABCL));
        proofs.put("W14", s -> stage2(s, NESTED_S1, 0x7B_1234_5ABCL));
        proofs.put("W16", s -> granule(s, 16, 1));
        proofs.put("W18", s -> granule(s, 17, 2));
        proofs.put("W19", s -> granule(s, 17, 2));
        proofs.put("W21", s -> stage2(s, STAGE2_ONLY, 0x80_1234_5678L));
        proofs.put("W22", s -> stage2(s, NESTED_S1, 0x7B_1234_5ABCL));
        proofs.put("W25", s -> stage2(s, NESTED_S1, 0x7B_1234_5ABCL));
        proofs.put("T5", OpenVectorsTest::dirtyRequest);
        return proofs;
    }

    @TestFactory
    Stream<DynamicTest> an_open_vector_is_not_modelled() {
        Map<String, Consumer<Setup>> proofs = proofs();
        return Vectors.lines("open.vectors").stream().map(line -> DynamicTest.dynamicTest(line[0], () -> {
            String reason = String.join(" ", Arrays.copyOfRange(line, 1, line.length));
            assertThat(proofs).containsKey(line[0]);
            assertThatThrownBy(() -> proofs.get(line[0]).accept(new Setup()))
                    .isInstanceOf(Unmodelled.class).hasMessageContaining(reason);
        }));
    }

    @Test
    void every_vector_is_tested_or_open() {
        var seen = new TreeSet<String>(open());
        Vectors.lines("layout.vectors").stream().filter(line -> line[1].matches("[A-Z]\\d{1,2}"))
                .forEach(line -> seen.add(line[1]));
        TESTS.stream().flatMap(test -> Arrays.stream(test.getDeclaredMethods()))
                .filter(method -> method.isAnnotationPresent(Test.class))
                .map(method -> method.getName().replaceFirst("_.*", "").toUpperCase())
                .filter(id -> id.matches("[A-Z]\\d{1,2}")).forEach(seen::add);

        assertThat(seen).containsExactlyInAnyOrderElementsOf(all());
    }

    @Test
    void every_proof_is_for_an_open_vector() {
        assertThat(proofs().keySet()).containsExactlyInAnyOrderElementsOf(open());
    }

    private static List<String> all() {
        return Vectors.lines("vector.ids").stream().flatMap(Arrays::stream).toList();
    }

    private static List<String> open() {
        return Vectors.lines("open.vectors").stream().map(line -> line[0]).toList();
    }

    private static void dirtyWrite(Setup setup) {
        writableClean(setup);
        setup.write(VA);
    }

    private static void dirtyRequest(Setup setup) {
        writableClean(setup);
        setup.run(Setup.translationRequest(VA & ~0xfffL));
    }

    private static void writableClean(Setup setup) {
        setup.memory.store(L3, 0x0008_0008_AA55_DFC7L);
        setup.cd(CDTAB, CD.with(Cd.HA, 1).with(Cd.HD, 1));
    }

    private static void accessFlag(Setup setup) {
        setup.memory.store(L3, 0x8_AA55_DB47L);
        setup.cd(CDTAB, CD.with(Cd.HA, 1));
        setup.read(VA);
    }

    private static void granule(Setup setup, int t0sz, int tg0) {
        setup.cd(CDTAB, CD.with(Cd.T0SZ, t0sz).with(Cd.TG0, tg0));
        setup.read(0x3F12_3456_789CL);
    }

    private static void stage2(Setup setup, long w0, long iova) {
        setup.ste(Ste.of(w0, 0x0000_0000_0000_00D6L, 0x044D_3558_0000_0009L, 0x9_0A00_0000L, 0, 0, 0, 0));
        setup.write(iova);
    }
}
