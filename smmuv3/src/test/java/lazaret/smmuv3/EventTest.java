// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import lazaret.machine.Field;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class EventTest {
    private static final int ROUNDS = 2_000;

    private final SplittableRandom random = new SplittableRandom(0x45_56_54);

    @TestFactory
    Stream<DynamicTest> decoding_what_was_encoded_gives_the_same_event() {
        return Arrays.stream(EventId.values()).map(id -> DynamicTest.dynamicTest(id.name(), () -> {
            for (int i = 0; i < ROUNDS; i++) {
                long[] any = {word0(id), random.nextLong(), random.nextLong(), random.nextLong()};
                Event event = decode(any);

                assertThat(decode(words(event))).isEqualTo(event);
                assertThat(event.id()).isEqualTo(id);
                assertThat(event.text()).startsWith(id.name() + " sid=0x");
            }
        }));
    }

    @TestFactory
    Stream<DynamicTest> garbage_outside_the_fields_of_a_record_is_not_looked_at() {
        return Arrays.stream(EventId.values()).map(id -> DynamicTest.dynamicTest(id.name(), () -> {
            for (int i = 0; i < ROUNDS; i++) {
                long[] clean = {word0(id), random.nextLong(), random.nextLong(), random.nextLong()};
                long[] dirty = clean.clone();
                for (int word = 0; word < 4; word++) {
                    clean[word] &= fields(id, word);
                    dirty[word] = clean[word] | random.nextLong() & ~fields(id, word);
                }
                assertThat(decode(dirty)).isEqualTo(decode(clean));
            }
        }));
    }

    @TestFactory
    Stream<DynamicTest> every_field_moves_exactly_its_own_bits() {
        return Arrays.stream(EventId.values()).map(id -> DynamicTest.dynamicTest(id.name(), () -> {
            for (int i = 0; i < ROUNDS; i++) {
                for (Field field : id.fields()) {
                    moves(id, field, random.nextLong());
                }
            }
        }));
    }

    private void moves(EventId id, Field field, long value) {
        long[] before = meaningful(id);
        long[] after = before.clone();
        after[field.word()] = after[field.word()] & ~field.mask() | value & field.mask();
        boolean hides = field == Evt.STALL || field == Evt.S2 || field == Evt.RNW;
        boolean reserved = field == Evt.CLASS && field.test(after[1]) && field.get(after[1]) == 3;
        if (!hides && !reserved) {
            assertThat(words(decode(after))).containsExactly(after);
        }
        assertThat(words(decode(before))).containsExactly(before);
    }

    /** A record with all fields at random, those set that make others mean something. */
    private long[] meaningful(EventId id) {
        long[] words = {word0(id) | Evt.SSV.mask(), random.nextLong(), random.nextLong(), random.nextLong()};
        for (int word = 0; word < 4; word++) {
            words[word] &= fields(id, word);
        }
        long sets = Evt.STALL.mask() | Evt.S2.mask() | Evt.RNW.mask();
        words[1] |= sets & fields(id, 1);
        words[1] = id.fields().contains(Evt.CLASS) ? Evt.CLASS.put(words[1], Evt.Class.IN) : words[1];
        return words;
    }

    @Test
    void every_kind_of_event_is_decoded_to() {
        var kinds = new ArrayList<Class<?>>();
        for (int code = 0; code < 256; code++) {
            kinds.add(Event.decode(code, 0, 0, 0).getClass());
        }

        assertThat(kinds).contains(Event.class.getPermittedSubclasses());
    }

    @Test
    void a_record_nobody_defined_keeps_its_words() {
        Event event = Event.decode(0x0000_0100_0000_00e5L, 1, 2, 3);

        assertThat(words(event)).containsExactly(0x0000_0100_0000_00e5L, 1, 2, 3);
        assertThat(event.id()).isNull();
        assertThat(event.text()).isEqualTo("event 0xe5 sid=0x100");
    }

    @Test
    void a_substream_is_named_where_there_is_one() {
        var without = Event.decode(0x0000_0100_0000_5004L, 0, 0, 0);
        var bad = Event.decode(0x0000_0100_0000_5008L, 0, 0, 0);

        assertThat(without.origin()).isEqualTo(new Event.Origin(0x100, false, 0));
        assertThat(bad.origin()).as("C_BAD_SUBSTREAMID always says which")
                .isEqualTo(new Event.Origin(0x100, false, 5));
    }

    @Test
    void the_faults_of_a_translation_can_stall_and_nothing_else() {
        assertThat(EventId.values()).filteredOn(EventId::stallable).containsExactly(
                EventId.F_TRANSLATION, EventId.F_ADDR_SIZE, EventId.F_ACCESS, EventId.F_PERMISSION);
    }

    @Test
    void page_requests_survive_their_queue() {
        for (int i = 0; i < ROUNDS; i++) {
            PriEntry entry = PriEntry.decode(random.nextLong(), random.nextLong());

            assertThat(PriEntry.decode(entry.w0(), entry.w1())).isEqualTo(entry);
        }
    }

    @Test
    void without_pasid_a_page_request_is_neither_privileged_nor_for_execution() {
        PriEntry entry = PriEntry.decode(0x7fff_ffff_0000_0100L, 0);

        assertThat(entry).isEqualTo(new PriEntry(0x100, false, 0, false, false, true, true, true, 0, 0));
        assertThat(entry.stopMarker()).isFalse();
    }

    private long word0(EventId id) {
        return random.nextLong() & ~Evt.ID.mask() | id.code();
    }

    private static long fields(EventId id, int word) {
        long mask = word == 0 ? Evt.ID.mask() | Evt.SSV.mask() | Evt.SSID.mask() | Evt.SID.mask() : 0;
        for (Field field : id.fields()) {
            mask |= field.word() == word ? field.mask() : 0;
        }
        return mask;
    }

    private static Event decode(long[] w) {
        return Event.decode(w[0], w[1], w[2], w[3]);
    }

    private static long[] words(Event event) {
        return new long[] {event.w0(), event.w1(), event.w2(), event.w3()};
    }
}
