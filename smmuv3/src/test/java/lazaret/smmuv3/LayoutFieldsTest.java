// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import lazaret.machine.Field;
import lazaret.machine.Layout;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every table against a transcription that was not made from it. */
class LayoutFieldsTest {
    private static final List<Layout> TABLES = List.of(
            Ste.STE, Cd.CD, L1Std.L1STD, L1Cd.L1CD, Pte.LEAF, Pte.LEAF2, Pte.TABLE,
            Cmd.CMD, Cmd.PREFETCH, Cmd.CFGI, Cmd.TLBI, Cmd.ATC, Cmd.PRI, Cmd.STALL, Cmd.SYNC,
            Evt.EVT, Evt.FETCH, Evt.HINT, PriEntry.PRIQ,
            Idr0.IDR0, Idr1.IDR1, Idr3.IDR3, Idr5.IDR5, Idr6.IDR6, Aidr.AIDR, Iidr.IIDR,
            Cr0.CR0, Cr1.CR1, Cr2.CR2, Gbpa.GBPA, Statusr.STATUSR, Gerror.GERROR,
            IrqCtrl.IRQ_CTRL, IrqCfg0.IRQ_CFG0, IrqCfg1.IRQ_CFG1, IrqCfg2.IRQ_CFG2,
            StrtabBase.STRTAB_BASE, StrtabBaseCfg.STRTAB_BASE_CFG, QueueBase.Q_BASE,
            CmdqProd.CMDQ_PROD, CmdqCons.CMDQ_CONS, OutqProd.Q_PROD, OutqCons.Q_CONS);

    @TestFactory
    Stream<DynamicTest> a_table_has_the_fields_of_the_manual_and_no_others() {
        return TABLES.stream().map(table -> DynamicTest.dynamicTest(table.name(), () ->
                assertThat(table.fields()).extracting(LayoutFieldsTest::line)
                        .containsExactlyInAnyOrderElementsOf(transcribed(table.name()))));
    }

    @Test
    void every_transcribed_structure_has_a_table() {
        assertThat(Vectors.lines("layout.fields")).extracting(line -> line[0])
                .isSubsetOf(TABLES.stream().map(Layout::name).toList());
    }

    @Test
    void every_register_with_fields_is_among_the_tables() {
        assertThat(Reg.values()).extracting(Reg::layout).filteredOn(table -> table != null)
                .isSubsetOf(TABLES);
    }

    @Test
    void registers_are_where_the_manual_maps_them() {
        var mapped = Arrays.stream(Reg.values()).map(LayoutFieldsTest::line).toList();

        assertThat(Vectors.lines("layout.registers")).extracting(line -> String.join(" ", line))
                .containsExactlyInAnyOrderElementsOf(mapped);
    }

    @Test
    void commands_have_the_operands_of_the_manual() {
        var commands = new ArrayList<String>();
        for (Op op : Op.values()) {
            commands.add("OP " + line(op.code(), op.name(), op.operands()));
        }

        assertThat(transcribed("layout.ops", "OP")).containsExactlyInAnyOrderElementsOf(commands);
    }

    @Test
    void events_have_the_fields_of_the_manual() {
        var events = new ArrayList<String>();
        for (EventId id : EventId.values()) {
            events.add("EVENT " + line(id.code(), id.name(), id.fields()));
        }

        assertThat(transcribed("layout.ops", "EVENT")).containsExactlyInAnyOrderElementsOf(events);
    }

    private static List<String> transcribed(String structure) {
        return Vectors.lines("layout.fields").stream().filter(line -> line[0].equals(structure))
                .map(line -> String.join(" ", line)).toList();
    }

    /** Fields of a command or event, in the order of their names. */
    private static List<String> transcribed(String file, String kind) {
        return Vectors.lines(file).stream().filter(line -> line[0].equals(kind)).map(line -> {
            Arrays.sort(line, 3, line.length);
            return String.join(" ", line);
        }).toList();
    }

    private static String line(Field f) {
        return f.layout().name() + " " + f.word() + " " + f.name() + " " + f.msb() + ":" + f.lsb();
    }

    private static String line(Reg reg) {
        return "0x%03X %s %d".formatted(reg.offset(), reg, reg.bits());
    }

    private static String line(int code, String name, List<Field> fields) {
        String start = "%02X %s".formatted(code, name);
        return Stream.concat(Stream.of(start), fields.stream().map(Field::name).sorted())
                .reduce((a, b) -> a + " " + b).orElseThrow();
    }
}
