// SPDX-License-Identifier: Apache-2.0
package lazaret.pcie;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PcieEntryTest {
    private record Line(PcieEntry entry, String text) { }

    static Line[] lines() {
        return new Line[] {
            new Line(new PcieEntry.AtsControl(0x100, true), "ATS enabled"),
            new Line(new PcieEntry.AtsControl(0x100, false), "ATS disabled"),
            new Line(new PcieEntry.AtcFilled(0x100, Pasid.NONE, new AtsSpan(0x1000, 0), 0x7003, false),
                    "ATC holds 0x1000…0x1fff → AtsEntry[Address=7 W=1 R=1]"),
            new Line(new PcieEntry.AtcFilled(0x100, 5, new AtsSpan(0, 0), 0x7001, true),
                    "ATC holds 0x0…0xfff pasid=0x5 → AtsEntry[Address=7 R=1], stale"),
            new Line(new PcieEntry.AtcDropped(0x100, 1, "FLR"), "ATC drops 1 entry: FLR"),
            new Line(new PcieEntry.AtcDropped(0x100, 2, "FLR"), "ATC drops 2 entries: FLR"),
            new Line(new PcieEntry.InvalidateReceived(0x100, 3, Pasid.NONE, new AtsSpan(0x2000, 1)),
                    "invalidate request itag=3 0x2000…0x3fff"),
            new Line(new PcieEntry.InvalidateForgotten(0x100, 3),
                    "never answers invalidate request itag=3"),
            new Line(new PcieEntry.InvalidateAnswered(0x100, 1 << 31),
                    "invalidate completion itag=31"),
            new Line(new PcieEntry.TranslationAsked(0x100, Pasid.NONE, 0x1000), "asks for 0x1000"),
            new Line(new PcieEntry.DmaIssued(0x100, At.TRANSLATED, true, 0x1008, 0x7008, 0x2a),
                    "writes 0x2a to 0x1008 translated 0x7008"),
            new Line(new PcieEntry.DmaIssued(0x100, At.UNTRANSLATED, false, 0x1008, 0x1008, 0),
                    "reads 0x1008 untranslated"),
            new Line(new PcieEntry.ReadDone(0x100, 0x1008, 0x2a), "read 0x2a from 0x1008"),
            new Line(new PcieEntry.DmaFailed(0x100, true, 0x1008, "no translation"),
                    "cannot write 0x1008: no translation"),
            new Line(new PcieEntry.Unexpected(0x100, new DownTlp.PrgResponse(1, 0, Pasid.NONE), "unexpected"),
                    "discards PrgResponse[prgIndex=1, code=0, pasid=-1]: unexpected"),
            new Line(new PcieEntry.FunctionReset(0x100, false), "reset begins"),
            new Line(new PcieEntry.FunctionReset(0x100, true), "ready after a reset"),
            new Line(new PcieEntry.Broke(0x100, "dies"), "dies"),
            new Line(new PcieEntry.LinkDown(0x100), "link down"),
            new Line(new PcieEntry.Removed(0x100), "removed by surprise"),
        };
    }

    @ParameterizedTest
    @MethodSource("lines")
    void each_entry_says_who_and_what(Line line) {
        assertThat(line.entry().text()).isEqualTo("01:00.0 " + line.text());
    }
}
