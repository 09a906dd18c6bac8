// SPDX-License-Identifier: Apache-2.0
package lazaret.inspect;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import lazaret.smmuv3.Reg;

/**
 * What can be decoded, by the names that a user may give it.
 */
public sealed interface Structure {
    /** Something in memory. */
    enum Kind {
        STE(8), CD(8), L1STD(1), L1CD(1), CMD(2), EVENT(4), PRI(2), CMDQ_CONS(1), ATC_SIZE(1);

        private final int words;

        Kind(int words) {
            this.words = words;
        }

        public int words() {
            return words;
        }
    }

    record Entry(Kind kind) implements Structure { }

    /** A register of the SMMU. */
    record Register(Reg reg) implements Structure { }

    /** The structure that is called so, in any case and with - or _; null if there is none. */
    static Structure named(String name) {
        String upper = name.toUpperCase(Locale.ROOT).replace('-', '_');
        for (Kind kind : Kind.values()) {
            if (kind.name().equals(upper) || alias(kind).contains(upper)) {
                return new Entry(kind);
            }
        }
        for (Reg reg : Reg.values()) {
            if (reg.name().equals(upper)) {
                return new Register(reg);
            }
        }
        return null;
    }

    private static List<String> alias(Kind kind) {
        return switch (kind) {
            case CMD -> List.of("COMMAND");
            case EVENT -> List.of("EVT");
            case PRI -> List.of("PRIQ", "PAGE_REQUEST");
            case CMDQ_CONS -> List.of("CONS");
            case ATC_SIZE -> List.of("ATC", "ATC_INV_SIZE");
            case STE, CD, L1STD, L1CD -> List.of();
        };
    }

    /** All names, for a message. */
    static String names() {
        return Arrays.stream(Kind.values()).map(k -> k.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .collect(Collectors.joining(", ")) + ", or a register such as CR0 or GERROR";
    }

    /** That many words are one of them. */
    default int words() {
        return switch (this) {
            case Entry e -> e.kind.words();
            case Register _ -> 1;
        };
    }

    /** The fewest words that can be given; the rest are then taken as 0. */
    default int least() {
        return switch (this) {
            case Entry e -> switch (e.kind) {
                case STE, CD -> 1;
                case L1STD, L1CD, CMD, EVENT, PRI, CMDQ_CONS, ATC_SIZE -> e.kind.words();
            };
            case Register _ -> 1;
        };
    }
}
