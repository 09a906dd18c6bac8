// SPDX-License-Identifier: Apache-2.0
package lazaret.inspect.log;

import static lazaret.inspect.log.Text.hex;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The block of lines that AER prints for one error: who told, severity, status and mask, a line for each bit,
 * perhaps the header of the TLP.
 */
final class PciErrors {
    private static final int KEPT = 512;

    /** The block on its way, by device. */
    private static final class Block {
        private boolean corrected;
        private Long status;
        private Long mask;
        private Line line;
        private long named;
    }

    private final Episodes episodes;
    private Line last;
    private final Map<String, Block> blocks = new LinkedHashMap<>();

    PciErrors(Episodes episodes) {
        this.episodes = episodes;
    }

    private Block block(String device) {
        if (blocks.size() > KEPT) {
            blocks.clear();
        }
        return blocks.computeIfAbsent(device, _ -> new Block());
    }

    boolean read(Line line, Header header, String rest) {
        return message(line, header, rest) || severity(line, header, rest) || status(line, header, rest)
                || bit(line, header, rest) || tlp(line, header, rest) || injection(line, header, rest);
    }

    private boolean message(Line line, Header header, String rest) {
        boolean old = rest.contains("error received: ");
        int from = rest.indexOf(old ? "error received: " : "error message received from ");
        if (from < 0) {
            return false;
        }
        String reporter = Header.device(rest, from);
        boolean corrected = rest.contains("orrect") && !rest.contains("ncorrect");
        Incident incident = episodes.of(line, header.device());
        incident.saw(line, (rest.contains("Multiple") ? "multiple " : "") + (corrected ? "corrected"
                : rest.contains("Non-Fatal") ? "uncorrectable non-fatal" : "uncorrectable fatal")
                + " error message received by " + header.device() + " from " + reporter);
        if (reporter != null && !reporter.equals(header.device())) {
            episodes.mention(line, header.device(), reporter);
        }
        if (!corrected) {
            episodes.uncorrected(line, incident);
        }
        return true;
    }

    private boolean severity(Line line, Header header, String rest) {
        int at = rest.indexOf("Bus Error: severity=");
        if (at < 0) {
            return false;
        }
        Block block = block(header.device());
        close(line, header.device(), block);
        block.corrected = rest.contains("severity=Correct");
        block.line = line;
        Incident incident = episodes.member(line, header.device());
        incident.saw(line, header.device() + " " + rest.substring(rest.indexOf("severity=")));
        if (block.corrected) {
            incident.note("corrected by hardware: a quality signal only; must not trigger containment");
        } else {
            episodes.uncorrected(line, incident);
        }
        return true;
    }

    private boolean status(Line line, Header header, String rest) {
        int at = rest.indexOf("error status/mask=");
        if (at < 0) {
            return false;
        }
        Block block = block(header.device());
        last = line;
        if (block.line == null) {
            block.corrected = true;
        }
        block.status = hex(rest, "status/mask=");
        String both = Text.word(rest, "status/mask=");
        block.mask = both == null ? null : hex(both, "/");
        block.named = 0;
        String device = rest.startsWith("device [") ? Text.until(rest, 8, ']') : "?";
        Incident incident = episodes.member(line, header.device());
        incident.saw(line, header.device() + " [" + device + "] status 0x" + (block.status == null ? "?"
                : String.format("%08x", block.status) + " (" + PciTables.status(block.status,
                block.corrected) + ")")
                + ", mask " + (block.mask == null ? "?" : hex(block.mask)));
        return true;
    }

    private boolean bit(Line line, Header header, String rest) {
        int close = rest.indexOf(']');
        boolean shaped = rest.startsWith("[") && close > 1 && close <= 3 && rest.length() > close + 1;
        String number = shaped ? rest.substring(1, close).strip() : "";
        if (number.isEmpty() || !number.chars().allMatch(Character::isDigit)) {
            return false;
        }
        int bit = Integer.parseInt(number);
        String name = rest.substring(close + 1).replace("(First)", "").strip();
        Incident incident = episodes.member(line, header.device());
        boolean first = rest.contains("(First)");
        incident.saw(line, "bit " + bit + " " + PciTables.inWords(name) + (first
                ? ", First: this one came first" : ""));
        Block block = block(header.device());
        block.named |= 1L << bit;
        if (block.status != null && (block.status >>> bit & 1) == 0) {
            incident.note("the list of bits contradicts the status word: bit " + bit + " " + name
                    + " is not set in 0x"
                    + String.format("%08x", block.status));
        }
        if (name.equals("SDES")) {
            episodes.surprise(line, incident);
        }
        pattern(incident, name);
        return true;
    }

    private static void pattern(Incident incident, String name) {
        if (name.equals("ACSViol")) {
            incident.note("ACS violation");
        }
    }

    /** The block is over: was every bit of its status named that is not masked? */
    private void close(Line line, String device, Block block) {
        long mask = block.mask == null ? 0 : block.mask;
        long silent = block.status == null || block.named == 0 ? 0 : block.status & ~mask & ~block.named;
        if (silent != 0) {
            episodes.member(line, device).note("the list of bits contradicts the status word: "
                    + PciTables.status(silent, block.corrected) + " is set and not listed");
        }
        block.status = null;
        block.named = 0;
    }

    void end() {
        blocks.forEach((device, block) -> close(last, device, block));
    }

    private boolean tlp(Line line, Header header, String rest) {
        int at = rest.indexOf("TLP Header:");
        if (at < 0) {
            return false;
        }
        Incident incident = episodes.member(line, header.device());
        List<Long> words = new ArrayList<>();
        for (String word : rest.substring(at + 11).strip().split("\\s+")) {
            Long value = Text.hexAt(word, 0);
            if (value != null && words.size() < 4) {
                words.add(value);
            }
        }
        if (words.size() < 4) {
            incident.saw(line, "TLP header, incomplete: " + rest.substring(at))
                    .unknown("which transaction: the header "
                    + "of the TLP is cut");
            return true;
        }
        String text = PciTables.tlp(words.get(0), words.get(1), words.get(2), words.get(3));
        incident.saw(line, "TLP header 0x" + String.format("%08x 0x%08x 0x%08x 0x%08x", words.get(0),
                words.get(1),
                words.get(2), words.get(3)) + ": " + text);
        Block block = block(header.device());
        if (text.contains("PTM request") && (block.named >>> 21 & 1) != 0) {
            incident.note("known pattern: ACS violation (ACSViol) from a PTM request message; the same "
                    + "signature on other "
                    + "machines; harmless to memory");
        } else if (text.contains(" LTR,") && (block.named >>> 20 & 1) != 0) {
            incident.note("known pattern: UnsupReq from an LTR message to a port that does not take "
                    + "any; harmless to "
                    + "memory");
        } else if (text.contains("MSI write") && (block.named >>> 18 & 1) != 0) {
            incident.note("malformed MSI write: MalfTLP with a write to an MSI doorbell");
        }
        return true;
    }

    private boolean injection(Line line, Header header, String rest) {
        if (!rest.startsWith("aer_inject: Injecting")) {
            return false;
        }
        Incident incident = episodes.of(line, header.device()).saw(line, "software-injected: " + rest);
        incident.markInjected();
        incident.note("injected=true: aer_inject put this error in; it is a test");
        return true;
    }
}
