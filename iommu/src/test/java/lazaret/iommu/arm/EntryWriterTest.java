// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import lazaret.smmuv3.Cd;
import lazaret.smmuv3.Ste;
import org.junit.jupiter.api.Test;

class EntryWriterTest {
    /** An entry in memory that remembers every value each word had between two syncs. */
    private static class Watched implements EntrySlot {
        final long[] words;
        final boolean ste;
        /** For each stretch between two syncs, for each word, the values it had. */
        final List<List<List<Long>>> stretches = new ArrayList<>();
        int stores;
        int syncs;

        Watched(long[] initial, boolean ste) {
            words = initial.clone();
            this.ste = ste;
            stretch();
        }

        private void stretch() {
            List<List<Long>> now = new ArrayList<>();
            for (long word : words) {
                now.add(new ArrayList<>(List.of(word)));
            }
            stretches.add(now);
        }

        @Override
        public long load(int word) {
            return words[word];
        }

        @Override
        public void store(int word, long value) {
            stores++;
            words[word] = value;
            stretches.getLast().get(word).add(value);
        }

        @Override
        public void sync() {
            syncs++;
            stretch();
        }

        @Override
        public long valid() {
            return ste ? Ste.V.mask() : Cd.V.mask();
        }

        @Override
        public long used(int word, long[] entry) {
            return ste ? EntryUse.ste(word, entry) : EntryUse.cd(word, entry);
        }

        @Override
        public long updateSafe(int word) {
            return ste ? EntryUse.steUpdateSafe(word) : 0;
        }

        boolean wasInvalid() {
            return stretches.stream().flatMap(s -> s.getFirst().stream()).anyMatch(w -> (w & valid()) == 0);
        }

        /** What hardware makes of an entry: the bits it looks at, those that may change at any time apart. */
        List<Long> meaning(long[] entry) {
            List<Long> seen = new ArrayList<>();
            for (int i = 0; i < entry.length; i++) {
                seen.add(entry[i] & used(i, entry) & ~updateSafe(i));
            }
            return seen;
        }

        /**
         * Every entry that a walker may put together of words it fetched, in any order, within one stretch.
         */
        void forEachView(Consumer<long[]> check) {
            for (List<List<Long>> stretch : stretches) {
                combine(stretch, new long[8], 0, check);
            }
        }

        private static void combine(List<List<Long>> stretch, long[] view, int word,
                Consumer<long[]> check) {
            if (word == view.length) {
                check.accept(view);
                return;
            }
            for (long value : stretch.get(word)) {
                view[word] = value;
                combine(stretch, view, word + 1, check);
            }
        }
    }

    private static List<long[]> stes() {
        return List.of(
                new long[8],
                Stes.abort(),
                Stes.bypass(),
                Stes.s1(0x10_0000, Ste.Eats.ABT, true),
                Stes.s1(0x10_0000, Ste.Eats.TRANS, true),
                Stes.s1(0x20_0000, Ste.Eats.TRANS, false),
                Stes.s2(0x50_0000, 3, 5, Ste.Eats.TRANS),
                guest(Ste.Eats.TRANS, Ste.Eats.TRANS),
                nested());
    }

    private static long[] guest(Ste.Eats asks, Ste.Eats host) {
        long[] s1 = Stes.s1(0x10_0000, asks, true);
        return new GuestSte(s1[0], s1[1]).over(Stes.s2(0x50_0000, 3, 5, host));
    }

    /** As others may have left it. */
    private static long[] nested() {
        return new long[] {0x4008000FL, 0x280000D6L, 0x044D355800000009L, 0x90A000000L, 0, 0, 0, 0};
    }

    private static List<long[]> cds() {
        return List.of(Cds.none(), Cds.s1(0x30_0000, 1, 5), Cds.s1(0x40_0000, 2, 5), Cds.s1(0x30_0000, 3, 5));
    }

    private static Watched write(long[] from, long[] to, boolean ste) {
        Watched slot = new Watched(from, ste);
        EntryWriter.write(slot, to);
        assertThat(slot.words).isEqualTo(to);
        return slot;
    }

    private static void onlyOldNewOrNothing(long[] from, long[] to, boolean ste) {
        Watched slot = write(from, to, ste);
        List<Long> before = slot.meaning(from);
        List<Long> after = slot.meaning(to);
        slot.forEachView(view -> {
            boolean invalid = (view[0] & slot.valid()) == 0;
            assertThat(invalid || slot.meaning(view).equals(before) || slot.meaning(view).equals(after))
                    .as("%s seen between %s and %s", Ste.of(view), Ste.of(from), Ste.of(to)).isTrue();
        });
    }

    @Test
    void a_walker_sees_the_old_ste_the_new_one_or_an_invalid_one() {
        for (long[] from : stes()) {
            for (long[] to : stes()) {
                onlyOldNewOrNothing(from, to, true);
            }
        }
    }

    @Test
    void a_walker_sees_the_old_cd_the_new_one_or_an_invalid_one() {
        for (long[] from : cds()) {
            for (long[] to : cds()) {
                onlyOldNewOrNothing(from, to, false);
            }
        }
    }

    @Test
    void leftovers_of_anybody_do_not_matter() {
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < 500; i++) {
            long[] from = stes().get(random.nextInt(stes().size())).clone();
            for (int word = 0; word < from.length; word++) {
                from[word] |= random.nextLong() & ~EntryUse.ste(word, from);
            }
            onlyOldNewOrNothing(from, stes().get(random.nextInt(stes().size())), true);
        }
    }

    @Test
    void the_last_store_is_followed_by_a_sync() {
        for (long[] from : stes()) {
            for (long[] to : stes()) {
                Watched slot = write(from, to, true);
                boolean touched = slot.stretches.getLast().stream().anyMatch(values -> values.size() > 1);
                assertThat(touched).isFalse();
            }
        }
    }

    @Test
    void writing_what_is_there_already_writes_nothing() {
        Watched slot = write(Stes.bypass(), Stes.bypass(), true);

        assertThat(slot.stores).isZero();
        assertThat(slot.syncs).isZero();
    }

    @Test
    void from_abort_to_stage_1_and_back_the_entry_is_never_invalid() {
        long[] s1 = Stes.s1(0x10_0000, Ste.Eats.TRANS, true);

        assertThat(write(Stes.abort(), s1, true).wasInvalid()).isFalse();
        assertThat(write(s1, Stes.abort(), true).wasInvalid()).isFalse();
        assertThat(write(Stes.bypass(), s1, true).wasInvalid()).isFalse();
    }

    @Test
    void switching_eats_takes_one_store_and_one_sync() {
        long[] with = Stes.s1(0x10_0000, Ste.Eats.TRANS, true);
        long[] without = Stes.s1(0x10_0000, Ste.Eats.ABT, true);

        for (Watched slot : List.of(write(with, without, true), write(without, with, true))) {
            assertThat(slot.stores).isEqualTo(1);
            assertThat(slot.syncs).isEqualTo(1);
        }
    }

    @Test
    void a_guest_that_switches_its_eats_does_not_disturb_other_traffic() {
        long[] with = guest(Ste.Eats.TRANS, Ste.Eats.TRANS);
        long[] without = guest(Ste.Eats.ABT, Ste.Eats.TRANS);

        for (Watched slot : List.of(write(with, without, true), write(without, with, true))) {
            assertThat(slot.wasInvalid()).isFalse();
            assertThat(slot.stores).isEqualTo(1);
        }
    }

    @Test
    void eats_beside_another_change_does_not_make_the_entry_invalid() {
        long[] from = Stes.s1(0x10_0000, Ste.Eats.TRANS, true);
        long[] to = Stes.s1(0x20_0000, Ste.Eats.ABT, true);

        assertThat(write(from, to, true).wasInvalid()).isFalse();
    }

    @Test
    void two_words_that_matter_take_the_way_through_an_invalid_entry() {
        Watched slot = write(Cds.s1(0x30_0000, 1, 5), Cds.s1(0x40_0000, 2, 5), false);

        assertThat(slot.wasInvalid()).isTrue();
        assertThat(slot.syncs).isEqualTo(3);
    }
}
