// SPDX-License-Identifier: Apache-2.0
package lazaret.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import lazaret.smmuv3.Event;
import lazaret.smmuv3.Evt;
import lazaret.smmuv3.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Tables of a Linux kernel that ran on QEMU, and what became of accesses there. */
class RecordingTest {
    static final List<String> RECORDINGS = List.of("k61-s1-4k", "k73-s1-4k", "k73-s2-4k");

    /** Event fields that the QEMU versions agree on: not the class, which the older one leaves 0. */
    private static final long ALIKE = Evt.RNW.mask() | Evt.IND.mask() | Evt.PNU.mask() | Evt.S2.mask();

    static Path folder(String name) {
        return Path.of("src", "test", "resources", "recordings", name);
    }

    private static List<Query> queries(String name) {
        return Query.read(folder(name).resolve("tuples-public.jsonl.gz"));
    }

    @ParameterizedTest
    @FieldSource("RECORDINGS")
    void every_recorded_access_ends_where_it_did(String name) {
        List<Query> queries = queries(name);

        Comparison all = Comparison.of(Recording.open(folder(name)), queries);

        assertThat(all.mismatches()).isEmpty();
        assertThat(all.unmodelled()).isEmpty();
        assertThat(all.matches()).isEqualTo(queries.size()).isGreaterThan(1000);
    }

    @ParameterizedTest
    @FieldSource("RECORDINGS")
    void every_event_is_recorded_with_the_same_words(String name) {
        Recording recording = Recording.open(folder(name));
        assertThat(queries(name).stream().filter(query -> query.event() != null)).isNotEmpty()
                .allSatisfy(query -> {
                    var trail = Trail.follow(recording.memory(), recording.regs(), query.transaction());
                    Event event = ((Outcome.Refused) trail.result()).event();
                    assertThat(query.raw()).isNotEmpty().allMatch(raw -> alike(event, raw));
                });
    }

    private static boolean alike(Event event, long[] raw) {
        return event.w0() == raw[0] && (event.w1() & ALIKE) == (raw[1] & ALIKE) && event.w2() == raw[2]
                && event.w3() == Evt.IPA.in(raw[3]);
    }

    private static Query mapped(String name) {
        return queries(name).stream().filter(query -> query.event() == null).findFirst().orElseThrow();
    }

    @Test
    void a_query_that_ends_elsewhere_is_told_with_every_descriptor() {
        Recording recording = Recording.open(folder("k73-s1-4k"));
        Query good = mapped("k73-s1-4k");
        long elsewhere = good.pa() ^ 0x1000;
        Query wrong = new Query(7, good.sid(), good.ssid(), good.type(), good.iova(), elsewhere, null,
                List.of());

        Comparison result = Comparison.of(recording, List.of(good, wrong));

        assertThat(result.matches()).isOne();
        assertThat(result.mismatches()).singleElement().satisfies(mismatch -> {
            assertThat(mismatch.query()).isSameAs(wrong);
            assertThat(mismatch.trail().end()).isEqualTo("pa 0x" + Long.toHexString(good.pa()));
            assertThat(mismatch.trail().steps()).hasSize(7);
            assertThat(mismatch.trail().steps().get(0)).contains("L1STD[Span=9");
            assertThat(mismatch.trail().steps().get(1)).contains("STE[V=1 Config=S1_TRANS");
            assertThat(mismatch.trail().steps().get(2)).contains("CD[T0SZ=0x10");
            assertThat(mismatch.trail().steps().get(3)).contains("stage 1 level 0", "Table[");
            assertThat(mismatch.trail().steps().get(6)).contains("stage 1 level 3", "PTE[");
        });
    }

    @Test
    void descriptors_of_stage_2_are_told_in_their_own_words() {
        Recording recording = Recording.open(folder("k73-s2-4k"));

        Trail trail = Trail.follow(recording.memory(), recording.regs(), mapped("k73-s2-4k").transaction());

        assertThat(trail.steps().getLast()).contains("stage 2 level 3", "PTE2[", "S2AP=");
    }
}
