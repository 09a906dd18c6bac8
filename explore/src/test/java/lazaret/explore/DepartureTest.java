// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import lazaret.machine.Machine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class DepartureTest {
    static final Iterable<Toy.Named> TOYS = Toy.ALL;

    @ParameterizedTest
    @FieldSource("TOYS")
    void what_a_logbook_wrote_leads_to_the_same_run_in_both_forms(Toy.Named named)
            throws ReplayFile.Unreadable {
        Toy toy = named.wire();
        for (Schedule schedule : Schedule.values()) {
            for (long seed = 0; seed < 30; seed++) {
                var book = new Logbook(schedule.chance(seed, 30));
                Toy.Outcome outcome = toy.run(book);

                var line = new ReplayLine(1, 2, 3, 4, book.turns());
                var exact = new Exact(ReplayLine.parse(line.text()).turns());
                assertThat(named.wire().run(exact)).isEqualTo(outcome);
                assertThat(exact.finished()).isTrue();
                List<Departure> departures = book.departures().stream().map(Departure::line)
                        .map(Departure::parse).toList();
                assertThat(departures).isEqualTo(book.departures());
                assertThat(named.wire().run(new Course(departures))).isEqualTo(outcome);
            }
        }
    }

    @Test
    void a_course_without_departures_departs_nowhere() {
        for (Toy.Named named : Toy.ALL) {
            var book = new Logbook(new Course(List.of()));
            named.wire().run(book);

            assertThat(book.departures()).isEmpty();
            assertThat(book.turns()).isEmpty();
            assertThat(book.cost().departures()).isZero();
        }
    }

    @Test
    void departures_that_do_not_apply_are_passed_over() {
        Toy toy = new Toy.Named("", m -> new TwoLocks(m, 2)).wire();
        Toy.Outcome straight = toy.run(new Course(List.of()));
        var nowhere = new Departure.To(new Anchor("t9", "READ", 1), "t2");
        var nobody = new Departure.To(new Anchor("t1", "READ", 1), "nobody");
        var nothing = new Departure.Pick(new Anchor("t1", "why", 1), 7);

        assertThat(toy.run(new Course(List.of(nowhere, nobody, nothing)))).isEqualTo(straight);
    }

    @Test
    void an_anchored_run_survives_a_change_elsewhere_in_the_program() {
        Toy two = new Toy.Named("", m -> new TwoLocks(m, 2)).wire();
        Toy three = new Toy.Named("", m -> new TwoLocks(m, 3)).wire();
        var walk = new Logbook(new RandomWalk(4));
        two.run(walk);
        var again = new Logbook(new Course(walk.departures()));

        three.run(again);

        assertThat(again.departures()).containsAll(walk.departures().subList(0, 3));
    }

    @Test
    void exact_turns_of_another_program_are_noticed_where_they_cannot_be_taken() {
        Toy toy = new Toy.Named("", m -> new TwoLocks(m, 2)).wire();

        assertThatThrownBy(() -> toy.run(new Exact(List.of(new Exact.Turn(0, 5)))))
                .isInstanceOf(Replayer.Diverged.class).hasMessageContaining("choice 1 has 2 alternatives");
    }

    @Test
    void a_line_is_short_and_any_damage_to_it_is_noticed() {
        var line = new ReplayLine(1, 2, 3, 4, List.of(new Exact.Turn(5, 1), new Exact.Turn(300, 2)));
        String text = line.text();

        assertThat(text).hasSizeLessThan(42).startsWith("lz1:");
        for (int i = 4; i < text.length(); i++) {
            String other = text.substring(0, i) + (text.charAt(i) == 'A' ? 'Z' : 'A') + text.substring(i + 1);
            assertThatThrownBy(() -> ReplayLine.parse(other)).isInstanceOf(ReplayFile.Unreadable.class);
            String cut = text.substring(0, i);
            assertThatThrownBy(() -> ReplayLine.parse(cut)).isInstanceOf(ReplayFile.Unreadable.class);
        }
        assertThatThrownBy(() -> ReplayLine.parse("lz9:AAAA")).hasMessageContaining("lz1:");
        assertThatThrownBy(() -> ReplayLine.parse("lz1:%%")).hasMessageContaining("letters");
    }

    @Test
    void nothing_but_what_a_departure_writes_is_read_as_one() {
        for (String line : List.of("", "at \"a\" STORE 1", "at a STORE 1 go to \"b\"",
                "in \"a\" \"why\" 1 pick -1", "at \"a\" STORE 9999999999 go to \"b\"",
                "at \"a\" STORE 1 go to \"b\" ")) {
            assertThatThrownBy(() -> Departure.parse(line)).as(line)
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> new Anchor("", "x", 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Anchor("a\nb", "x", 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Exact.Turn(-1, 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
