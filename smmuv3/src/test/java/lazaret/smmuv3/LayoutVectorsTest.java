// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

import static lazaret.smmuv3.Vectors.hex;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.Stream;
import lazaret.machine.Field;
import lazaret.machine.Layout;
import lazaret.pcie.AtsSpan;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Encodings and what they mean, one test for each line of {@code layout.vectors}. */
class LayoutVectorsTest {
    @TestFactory
    Stream<DynamicTest> an_encoding_means_what_the_vector_says() {
        return Vectors.lines("layout.vectors").stream()
                .map(line -> DynamicTest.dynamicTest(String.join(" ", line), () -> check(line)));
    }

    private static void check(String[] line) {
        switch (line[0]) {
            case "STE" -> ste(line);
            case "CD" -> cd(line);
            case "L1CD" -> fields(L1Cd.L1CD, new long[] {hex(line[2])}, line, 3);
            case "L1STD" -> l1std(line);
            case "CMD" -> cmd(line);
            case "SPAN" -> span(line);
            case "BODY" -> body(line);
            case "CPL" -> completion(line);
            case "QUEUE" -> queue(line);
            case "DROP" -> drop(line);
            case "CONS" -> cons(line);
            case "EVENT" -> event(line);
            case "PRIQ" -> priq(line);
            default -> throw new AssertionError("no such kind of vector");
        }
    }

    private static void ste(String[] v) {
        Ste ste = Ste.of(hex(v[2]), hex(v[3]), hex(v[4]), hex(v[5]), 0, 0, 0, 0);
        Idr idr = Vectors.idr(v[6]);

        verdict(Legality.ste(ste, idr), v[7]);
        fields(Ste.STE, ste.words(), v, 8);
        var setup = new Setup();
        setup.cr0 = Cr0.ATSCHK.put(setup.cr0, v[6].equals("ATSCHK=0") ? 0 : 1);
        Arrays.stream(v).filter(f -> f.startsWith("eats=")).forEach(f ->
                assertThat(Ats.effective(ste, setup.regs()).code()).isEqualTo((int) Vectors.value(f)));
    }

    private static void cd(String[] v) {
        Cd cd = Cd.of(hex(v[2]), hex(v[3]), 0, hex(v[4]), 0, 0, 0, 0);
        Ste ste = Setup.STE.with(Ste.S1STALLD, v[5].equals("S1STALLD=1") ? 1 : 0);

        verdict(Legality.cd(cd, ste, Vectors.idr(v[5]), false), v[6]);
        fields(Cd.CD, cd.words(), v, 7);
    }

    private static void verdict(String reason, String expected) {
        assertThat(reason.isEmpty() ? "legal" : "bad").as(reason).isEqualTo(expected);
    }

    private static void fields(Layout layout, long[] words, String[] v, int from) {
        for (int i = from; i < v.length; i++) {
            if (!v[i].startsWith("eats=")) {
                Field field = Vectors.field(layout, v[i].substring(0, v[i].indexOf('=')));
                assertThat(field.of(words)).as(v[i]).isEqualTo(Vectors.value(v[i]));
            }
        }
    }

    private static void l1std(String[] v) {
        int split = Integer.parseInt(v[2]);
        StreamTable table = new StreamTable(0, 16, split, StreamTable.Fmt.TWO_LEVEL);

        long expected = v[4].equals("nowhere") ? StreamTable.NOWHERE : hex(v[4]);
        assertThat(table.ste((int) hex(v[3]), hex(v[1]))).isEqualTo(expected);
    }

    private static void cmd(String[] v) {
        long w0 = hex(v[2]);
        long w1 = hex(v[3]);
        Command command = Command.decode(w0, w1);
        String legality = Legality.command(command, Vectors.idr(v[4]));
        if (v[5].equals("ILL")) {
            assertThat(legality).isNotEmpty();
        } else {
            assertThat(legality).isEmpty();
            assertThat(command.text()).isEqualTo(rest(v, 5));
            assertThat(command.w0()).isEqualTo(w0);
            assertThat(command.w1()).isEqualTo(w1);
            assertThat(Command.reserved(0, w0, w1) | Command.reserved(1, w0, w1)).isZero();
        }
    }

    private static void span(String[] v) {
        AtcSpan span = AtcSpan.of(hex(v[2]), hex(v[3]));
        assertThat(span).isEqualTo(new AtcSpan(hex(v[4]), (int) hex(v[5])));

        var inv = new Command.AtcInv(0x100, false, 0, false, span.address(), span.size());
        assertThat(inv.w0()).isEqualTo(0x0000_0100_0000_0040L);
        assertThat(inv.w1()).isEqualTo(hex(v[6]));
        assertThat(AtsSpan.encode(inv.address(), inv.size())).isEqualTo(hex(v[7]));
    }

    private static void body(String[] v) {
        long body = AtsSpan.encode(hex(v[2]), (int) hex(v[3]));

        assertThat(body).isEqualTo(hex(v[5]));
        assertThat(AtsSpan.base(body)).isEqualTo(hex(v[4]));
    }

    private static void completion(String[] v) {
        var mode = new Rights.Mode(v[3].contains("r"), v[3].contains("w"), false);
        int log2size = (int) hex(v[2]);
        var page = new Translation(0, hex(v[1]), log2size, new Rights(mode, mode), false, 0, null, null);

        assertThat(Ats.entry(Setup.translationRequest(0), Setup.STE, page)).isEqualTo(hex(v[4]));
    }

    private static void queue(String[] v) {
        Queue queue = new Queue((int) hex(v[2]));
        int prod = (int) hex(v[3]);
        int cons = (int) hex(v[4]);

        assertThat(queue.empty(prod, cons)).isEqualTo(v[5].equals("empty"));
        assertThat(queue.full(prod, cons)).isEqualTo(v[5].equals("full"));
        assertThat(queue.inconsistent(prod, cons)).isEqualTo(v[5].equals("inconsistent"));
        if (v.length > 6) {
            assertThat(queue.used(prod, cons)).isEqualTo((int) hex(v[6]));
        }
    }

    private static void drop(String[] v) {
        Queue queue = new Queue((int) hex(v[2]));
        int prod = (int) hex(v[3]);
        int cons = (int) hex(v[4]);

        int after = queue.full(prod, cons) ? Queue.drop(prod, cons) : queue.inc(prod);
        assertThat(after).isEqualTo((int) hex(v[5]));
    }

    private static void cons(String[] v) {
        long cons = hex(v[2]);
        Queue queue = new Queue((int) hex(v[5]));

        assertThat(CmdqCons.ERR.get(cons)).isEqualTo(hex(v[3]));
        assertThat(CmdqCons.RD.get(cons)).isEqualTo(hex(v[4]));
        assertThat(queue.idx((int) cons)).isEqualTo((int) hex(v[6]));
        assertThat(queue.wrap((int) cons)).isEqualTo((int) hex(v[7]));
        assertThat(CmdError.of(cons).text()).isEqualTo(rest(v, 8));
    }

    private static void event(String[] v) {
        Event event = Event.decode(hex(v[2]), hex(v[3]), hex(v[4]), hex(v[5]));

        assertThat(event.text()).isEqualTo(rest(v, 6));
        assertThat(Event.decode(event.w0(), event.w1(), event.w2(), event.w3())).isEqualTo(event);
        boolean fromALog = v[1].equals("V2") || v[1].equals("V9");
        if (!fromALog) {
            assertThat(new long[] {event.w0(), event.w1(), event.w2(), event.w3()})
                    .containsExactly(hex(v[2]), hex(v[3]), hex(v[4]), hex(v[5]));
        }
    }

    private static void priq(String[] v) {
        PriEntry entry = PriEntry.decode(hex(v[1]), hex(v[2]));

        assertThat(entry.text()).isEqualTo(rest(v, 3));
        assertThat(entry.w0()).isEqualTo(hex(v[1]));
        assertThat(entry.w1()).isEqualTo(hex(v[2]));
    }

    private static String rest(String[] v, int from) {
        return String.join(" ", Arrays.copyOfRange(v, from, v.length));
    }
}
