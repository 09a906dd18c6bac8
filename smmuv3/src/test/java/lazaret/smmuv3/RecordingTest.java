// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import lazaret.machine.Ram;
import lazaret.machine.Undo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Tables and commands of a Linux kernel that ran on QEMU, and what became of accesses there. */
class RecordingTest {
    static final List<String> RECORDINGS = Recording.NAMES;

    /** Event fields that the QEMU versions agree on: not the class, which the older one leaves 0. */
    private static final long ALIKE = Evt.RNW.mask() | Evt.IND.mask() | Evt.PNU.mask() | Evt.S2.mask();

    @ParameterizedTest
    @FieldSource("RECORDINGS")
    void every_recorded_access_ends_where_it_did(String name) {
        Recording recording = new Recording(name);
        Ram memory = new Ram(new Undo(), 1L << 40);
        recording.load(memory);
        Regs regs = recording.regs();
        List<String> wrong = new ArrayList<>();
        List<Recording.Access> accesses = recording.accesses();
        for (Recording.Access access : accesses) {
            Outcome outcome = Walk.whole(memory, regs, access.transaction()).outcome();
            if (!as(access, outcome)) {
                wrong.add(access + " " + outcome);
            }
        }
        assertThat(accesses).hasSizeGreaterThan(1000);
        assertThat(wrong).isEmpty();
    }

    private static boolean as(Recording.Access access, Outcome outcome) {
        return switch (outcome) {
            case Outcome.Translated t -> access.event() == null && t.pa() == access.pa();
            case Outcome.Refused r -> access.event() != null && r.event().id().name().equals(access.event())
                    && access.raw().stream().allMatch(raw -> alike(r.event(), raw));
            case Outcome.Stalled _, Outcome.Answered _ -> false;
        };
    }

    private static boolean alike(Event event, long[] raw) {
        return event.w0() == raw[0] && (event.w1() & ALIKE) == (raw[1] & ALIKE) && event.w2() == raw[2]
                && event.w3() == Evt.IPA.in(raw[3]);
    }
}
