// SPDX-License-Identifier: Apache-2.0
package lazaret.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lazaret.machine.Ram;
import lazaret.machine.Undo;
import lazaret.smmuv3.Ste;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Everything that recorded streams reach, beside what the recording counted and what its accesses came to.
 */
class StreamsTest {
    private static final Path FOLDER = Path.of("src/test/resources/recordings");

    @ParameterizedTest
    @ValueSource(strings = {"k61-s1-4k", "k73-s1-4k", "k73-s2-4k"})
    void every_stream_has_as_many_leaves_as_were_counted(String name) {
        Recording recording = Recording.open(FOLDER.resolve(name));
        Map<String, Long> found = new LinkedHashMap<>();
        Map<String, Long> counted = new LinkedHashMap<>();
        Json streams = Json.object(Path.of("meta.json"), 1, String.join("\n", recording.lines("meta.json")))
                .in("streams");
        streams.members().keySet().forEach(sid ->
                counted.put(sid.toString(), streams.in(sid.toString()).number("leaves")));
        for (Stream stream : Streams.of(recording.memory(), recording.regs())) {
            found.put("0x" + Integer.toHexString(stream.sid()), (long) stream.all().size());
            assertThat(stream.missing()).isZero();
        }
        assertThat(found).containsExactlyInAnyOrderEntriesOf(counted);
    }

    @ParameterizedTest
    @ValueSource(strings = {"k61-s1-4k", "k73-s1-4k", "k73-s2-4k"})
    void every_recorded_access_goes_where_a_mapping_says(String name) {
        Recording recording = Recording.open(FOLDER.resolve(name));
        Map<Integer, List<Mapping>> mappings = new LinkedHashMap<>();
        Mapping identity = new Mapping(0, 0, 62, true, true, false);
        Streams.of(recording.memory(), recording.regs())
                .forEach(s -> mappings.put(s.sid(), s.bypass() ? List.of(identity) : s.all()));
        for (Query query : Query.read(FOLDER.resolve(name).resolve("tuples-public.jsonl.gz"))) {
            List<Mapping> there = mappings.getOrDefault(query.sid(), List.of()).stream()
                    .filter(m -> Long.compareUnsigned(query.iova() - m.input(), m.size()) < 0)
                    .filter(m -> query.type().write() ? m.write() : m.read()).toList();
            if (query.event() == null) {
                assertThat(there).as(query.text()).hasSize(1);
                assertThat(there.getFirst().output() + query.iova() - there.getFirst().input())
                        .as(query.text()).isEqualTo(query.pa());
            } else {
                assertThat(there).as(query.text()).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"k61-s1-4k"})
    void a_store_into_an_entry_and_one_into_a_leaf_are_told_as_differences(String name) {
        Recording recording = Recording.open(FOLDER.resolve(name));
        Ram changed = new Ram(new Undo(), 1L << 40);
        recording.load(changed);
        long ste = recording.regs().streamTable().ste(0x100,
                changed.load(recording.regs().streamTable().l1std(0x100)));
        changed.store(ste + 8, Ste.EATS.put(changed.load(ste + 8), Ste.Eats.TRANS));

        assertThat(TableDiff.of(recording.memory(), recording.regs(), recording.memory(), recording.regs()))
                .isEmpty();
        assertThat(TableDiff.of(recording.memory(), recording.regs(), changed, recording.regs()))
                .containsExactly("sid 0x100: STE{EATS ABT→TRANS}");
    }
}
