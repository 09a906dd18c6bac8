// SPDX-License-Identifier: Apache-2.0
package lazaret.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import lazaret.inspect.Query;
import lazaret.inspect.Recording;
import lazaret.machine.Alone;
import lazaret.machine.Machine;
import lazaret.pcie.At;
import lazaret.pcie.DownTlp;
import lazaret.pcie.Function;
import lazaret.pcie.Pasid;
import lazaret.pcie.RootPort;
import lazaret.pcie.Tlp;
import lazaret.smmuv3.Command;
import lazaret.smmuv3.Idr;
import lazaret.smmuv3.Reg;
import lazaret.smmuv3.hw.Liberty;
import lazaret.smmuv3.hw.Smmu;
import lazaret.smmuv3.hw.SmmuEntry;
import lazaret.smmuv3.hw.SmmuParams;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The recordings of a Linux kernel, on the hardware model: with caches cold, warm, and forgetful. */
class RecordingPlayedTest {
    static final List<String> RECORDINGS = List.of("k61-s1-4k", "k73-s1-4k", "k73-s2-4k");

    private static final Pattern OPERAND = Pattern.compile(
            "\"(sid|ssid|vmid|asid|addr|leaf|num|scale|tg|ttl|cs|msh|msiattr|msiaddr)\": \"?(\\w+)");

    private static final long CMDQ = 0xC_0000_0000L;

    @ParameterizedTest
    @FieldSource("RECORDINGS")
    void every_recorded_access_ends_where_it_did_whatever_the_caches_hold(String name) {
        Recording recording = open(name);
        Stage play = new Stage(recording, accesses(name), p -> p);
        List<Query> accesses = accesses(name);
        var wrong = new ArrayList<String>();
        for (Query access : accesses) {
            play.check(access, wrong);
        }
        Collections.shuffle(accesses, new Random(4));
        for (Query access : accesses) {
            play.check(access, wrong);
        }
        play.forgets();
        for (Query access : accesses) {
            play.check(access, wrong);
        }
        assertThat(wrong).isEmpty();
    }

    @ParameterizedTest
    @FieldSource("RECORDINGS")
    void every_recorded_access_ends_where_it_did_whatever_liberties_hardware_takes(String name) {
        Stage play = new Stage(open(name), accesses(name), p -> {
            for (Liberty liberty : Liberty.values()) {
                p = p.with(liberty);
            }
            return p;
        });
        play.forgets();
        var wrong = new ArrayList<String>();
        for (Query access : accesses(name)) {
            play.check(access, wrong);
        }
        assertThat(wrong).isEmpty();
    }

    @ParameterizedTest
    @FieldSource("RECORDINGS")
    void every_recorded_access_ends_where_it_did_without_caches(String name) {
        Recording recording = open(name);
        Stage play = new Stage(recording, accesses(name), SmmuParams::coherent);
        var wrong = new ArrayList<String>();
        for (Query access : accesses(name)) {
            play.check(access, wrong);
        }
        assertThat(wrong).isEmpty();
    }

    @ParameterizedTest
    @FieldSource("RECORDINGS")
    void the_whole_history_of_commands_is_executed(String name) {
        Recording recording = open(name);
        Stage play = new Stage(recording, accesses(name), p -> p);
        long[] words = recording.commands();

        play.commands(words);

        assertThat(play.smmu.mmio().read32(Reg.CMDQ_CONS.offset())).isEqualTo(words.length / 2);
        assertThat(play.smmu.mmio().read32(Reg.GERROR.offset())).isZero();
    }

    @ParameterizedTest
    @FieldSource("RECORDINGS")
    void every_command_of_the_history_is_decoded_without_loss(String name) {
        long[] words = open(name).commands();
        assertThat(words).isNotEmpty();
        for (int i = 0; i < words.length; i += 2) {
            Command command = Command.decode(words[i], words[i + 1]);
            assertThat(command).isNotInstanceOf(Command.Illegal.class);
            assertThat(command.w0()).isEqualTo(words[i]);
            assertThat(command.w1()).isEqualTo(words[i + 1]);
        }
    }

    @ParameterizedTest
    @FieldSource("RECORDINGS")
    void the_text_of_a_command_says_what_the_sample_says_and_nothing_else(String name) {
        Recording recording = open(name);
        long[] words = recording.commands();
        assertThat(recording.lines("cmdstream-sample.jsonl")).hasSizeGreaterThan(500).allSatisfy(line -> {
            int i = Integer.parseInt(find("\"i\": (\\d+)", line));
            assertThat(find("\"raw\": \"([0-9a-f ]+)\"", line))
                    .isEqualTo("%016x %016x".formatted(words[2 * i], words[2 * i + 1]));
            assertThat(said(Command.decode(words[2 * i], words[2 * i + 1]).text())).isEqualTo(sampled(line));
        });
    }

    /** What a line of the sample says; zeros say nothing, and of a prefetch it lacks the stream. */
    private static Map<String, Long> sampled(String line) {
        var says = new TreeMap<String, Long>();
        String op = find("\"op\": \"(\\w+)\"", line);
        says.put(op.equals("PREFETCH_CFG") ? "PREFETCH_CONFIG" : op, 1L);
        var operands = OPERAND.matcher(line);
        while (operands.find()) {
            says.put(operands.group(1), Long.decode(operands.group(2)));
        }
        says.values().removeIf(value -> value == 0);
        return says;
    }

    private static Map<String, Long> said(String text) {
        var says = new TreeMap<String, Long>();
        for (String word : text.split(" ")) {
            String[] pair = word.split("=");
            boolean named = pair[0].equals("cs");
            says.put(pair[0].replace("ipa", "addr").replace("msiaddress", "msiaddr"), pair.length == 1 ? 1L
                    : named ? Command.Cs.valueOf(pair[1]).code() : Long.decode(pair[1]));
        }
        says.values().removeIf(value -> value == 0);
        if (says.containsKey("PREFETCH_CONFIG")) {
            says.remove("sid");
        }
        return says;
    }

    private static String find(String pattern, String text) {
        var match = Pattern.compile(pattern).matcher(text);
        return match.find() ? match.group(1) : null;
    }

    private static Path folder(String name) {
        return Path.of("..", "inspect", "src", "test", "resources", "recordings", name);
    }

    private static Recording open(String name) {
        return Recording.open(folder(name));
    }

    private static List<Query> accesses(String name) {
        return Query.read(folder(name).resolve("tuples-public.jsonl.gz"));
    }

    /** An SMMU as it was when the recording stopped, and a function for each stream. */
    private static final class Stage {
        private final Machine machine = new Machine();
        private final Smmu smmu;
        private final Map<Integer, Played> functions = new LinkedHashMap<>();
        private final List<SmmuEntry> ends = new ArrayList<>();

        Stage(Recording recording, List<Query> accesses, UnaryOperator<SmmuParams> how) {
            Idr idr = recording.regs().idr();
            smmu = new Smmu(machine, how.apply(SmmuParams.USUAL.with(idr)));
            recording.load(machine.ram());
            for (Query access : accesses) {
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

        void check(Query access, List<String> wrong) {
            long iova = access.iova() & ~7;
            var function = functions.get(access.sid());
            long before = access.event() == null ? machine.ram().load(access.pa() & ~7) : 0;
            if (access.type().write()) {
                function.writes(iova, before);
            } else {
                function.reads(iova);
            }
            settle();
            boolean as = switch (ends.removeLast()) {
                case SmmuEntry.DmaLanded landed ->
                    access.event() == null && landed.pa() == (access.pa() & ~7) && landed.data() == before;
                case SmmuEntry.DmaRefused refused -> access.event() != null
                        && refused.why().equals(access.event().name());
                case SmmuEntry other -> throw new AssertionError(other);
            };
            if (!as) {
                wrong.add(access.toString());
            }
            write(Reg.EVENTQ_CONS, smmu.mmio().read32(Reg.EVENTQ_PROD.offset()));
        }
    }

    /** A function that sends what it is told to, and does not look at answers. */
    private static final class Played implements Function {
        private final int sid;
        private RootPort port;

        Played(int sid) {
            this.sid = sid;
        }

        @Override
        public int rid() {
            return sid;
        }

        @Override
        public void receive(DownTlp tlp) {
        }

        @Override
        public boolean listening() {
            return true;
        }

        void writes(long iova, long data) {
            port.send(new Tlp.MemWrite(sid, At.UNTRANSLATED, Pasid.NONE, iova, data, iova));
        }

        void reads(long iova) {
            port.send(new Tlp.MemRead(sid, At.UNTRANSLATED, Pasid.NONE, iova, 7, iova));
        }
    }
}
