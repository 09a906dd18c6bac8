// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3.hw;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import lazaret.machine.Alone;
import lazaret.machine.Machine;
import lazaret.smmuv3.Command;
import lazaret.smmuv3.Idr;
import lazaret.smmuv3.Recording;
import lazaret.smmuv3.Recording.Access;
import lazaret.smmuv3.Reg;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The recordings of a Linux kernel, on the hardware model: with caches cold, warm, and forgetful. */
class RecordingPlayedTest {
    static final List<String> RECORDINGS = Recording.NAMES;

    private static final long CMDQ = 0xC_0000_0000L;

    @ParameterizedTest
    @FieldSource("RECORDINGS")
    void every_recorded_access_ends_where_it_did_whatever_the_caches_hold(String name) {
        Recording recording = new Recording(name);
        Stage play = new Stage(recording, p -> p);
        List<Access> accesses = recording.accesses();
        var wrong = new ArrayList<String>();
        for (Access access : accesses) {
            play.check(access, wrong);
        }
        Collections.shuffle(accesses, new Random(4));
        for (Access access : accesses) {
            play.check(access, wrong);
        }
        play.forgets();
        for (Access access : accesses) {
            play.check(access, wrong);
        }
        assertThat(wrong).isEmpty();
    }

    @ParameterizedTest
    @FieldSource("RECORDINGS")
    void every_recorded_access_ends_where_it_did_without_caches(String name) {
        Recording recording = new Recording(name);
        Stage play = new Stage(recording, SmmuParams::coherent);
        var wrong = new ArrayList<String>();
        for (Access access : recording.accesses()) {
            play.check(access, wrong);
        }
        assertThat(wrong).isEmpty();
    }

    @ParameterizedTest
    @FieldSource("RECORDINGS")
    void the_whole_history_of_commands_is_executed(String name) {
        Recording recording = new Recording(name);
        Stage play = new Stage(recording, p -> p);
        long[] words = recording.commands();

        play.commands(words);

        assertThat(play.smmu.mmio().read32(Reg.CMDQ_CONS.offset())).isEqualTo(words.length / 2);
        assertThat(play.smmu.mmio().read32(Reg.GERROR.offset())).isZero();
    }

    @ParameterizedTest
    @FieldSource("RECORDINGS")
    void commands_are_decoded_as_the_recording_has_them(String name) {
        Recording recording = new Recording(name);
        long[] words = recording.commands();
        List<String> sample = recording.sample();
        assertThat(sample).isNotEmpty().allSatisfy(line -> {
            int i = Integer.parseInt(find("\"i\": (\\d+)", line));
            assertThat(find("\"raw\": \"([0-9a-f ]+)\"", line))
                    .isEqualTo("%016x %016x".formatted(words[2 * i], words[2 * i + 1]));
            String is = Command.decode(words[2 * i], words[2 * i + 1]).text();
            assertThat(is.split(" ")[0]).isEqualTo(
                    find("\"op\": \"(\\w+)\"", line).replace("PREFETCH_CFG", "PREFETCH_CONFIG"));
            for (String operand : List.of("sid", "vmid", "asid", "addr")) {
                String recorded = find("\"" + operand + "\": \"?(\\w+)\"?", line);
                String printed = find(" " + operand + "=(\\w+)", is);
                if (recorded != null && printed != null) {
                    assertThat(Long.decode(printed)).as(line).isEqualTo(Long.decode(recorded));
                }
            }
        });
    }

    private static String find(String pattern, String text) {
        var match = Pattern.compile(pattern).matcher(text);
        return match.find() ? match.group(1) : null;
    }

    /** An SMMU as it was when the recording stopped, and a function for each stream. */
    private static final class Stage {
        private final Machine machine = new Machine();
        private final Smmu smmu;
        private final Map<Integer, Played> functions = new LinkedHashMap<>();
        private final List<SmmuEntry> ends = new ArrayList<>();

        Stage(Recording recording, UnaryOperator<SmmuParams> how) {
            Idr idr = recording.regs().idr();
            smmu = new Smmu(machine, how.apply(SmmuParams.USUAL.with(idr)));
            recording.load(machine.ram());
            for (Access access : recording.accesses()) {
                functions.computeIfAbsent(access.sid(), this::connect);
            }
            for (Reg reg : List.of(Reg.STRTAB_BASE, Reg.STRTAB_BASE_CFG, Reg.CR2, Reg.EVENTQ_BASE)) {
                write(reg, recording.register(reg.name()));
            }
            write(Reg.CMDQ_BASE, CMDQ | 19);
            write(Reg.CR0, recording.register("CR0"));
            settle();
            machine.log().listen(entry -> {
                if (entry instanceof SmmuEntry.DmaLanded || entry instanceof SmmuEntry.DmaRefused) {
                    ends.add((SmmuEntry) entry);
                }
            }, false);
        }

        private Played connect(int sid) {
            var function = new Played(sid);
            function.port = smmu.connect(function, sid);
            return function;
        }

        private void write(Reg reg, long value) {
            if (reg.bits() == 64) {
                smmu.mmio().write64(reg.offset(), value);
            } else {
                smmu.mmio().write32(reg.offset(), (int) value);
            }
        }

        private void settle() {
            ((Alone) machine.strands()).settle();
        }

        /** From now on anything cached may be gone at any time. */
        void forgets() {
            var random = new SplittableRandom(5);
            machine.enter(machine.strands(), (n, why) -> random.nextInt(n));
            commands(0x30, 0, 0x4, 0x1f);                       // forget everything, without a SYNC
        }

        void commands(long... words) {
            int prod = smmu.mmio().read32(Reg.CMDQ_PROD.offset());
            for (int i = 0; i < words.length; i++) {
                machine.ram().store(CMDQ + 16L * prod + 8 * i, words[i]);
            }
            write(Reg.CMDQ_PROD, prod + words.length / 2);
            settle();
        }

        void check(Access access, List<String> wrong) {
            long iova = access.iova() & ~7;
            var function = functions.get(access.sid());
            long before = access.event() == null ? machine.ram().load(access.pa() & ~7) : 0;
            if (access.write()) {
                function.writes(iova, before);
            } else {
                function.reads(iova);
            }
            settle();
            boolean as = switch (ends.removeLast()) {
                case SmmuEntry.DmaLanded landed ->
                    access.event() == null && landed.pa() == (access.pa() & ~7) && landed.data() == before;
                case SmmuEntry.DmaRefused refused -> refused.why().equals(access.event());
                case SmmuEntry other -> throw new AssertionError(other);
            };
            if (!as) {
                wrong.add(access.toString());
            }
            write(Reg.EVENTQ_CONS, smmu.mmio().read32(Reg.EVENTQ_PROD.offset()));
        }
    }
}
