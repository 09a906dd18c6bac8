// SPDX-License-Identifier: Apache-2.0
package lazaret.pcie;

import java.util.StringJoiner;
import lazaret.machine.Entry;

/**
 * What functions do, for the log. Facts: {@link AtsControl}, {@link InvalidateAnswered}, {@link
 * FunctionReset}, {@link Broke}, {@link LinkDown}, {@link Removed}. The rest is detail.
 */
public sealed interface PcieEntry extends Entry {
    int rid();

    /** Who, for the beginning of a line: {@code 01:00.0 }. */
    private static String who(int rid) {
        return new Bdf(rid) + " ";
    }

    private static String hex(long value) {
        return "0x" + Long.toHexString(value);
    }

    /** Software switched the function's ATS. */
    record AtsControl(int rid, boolean on) implements PcieEntry {
        @Override
        public String text() {
            return who(rid) + "ATS " + (on ? "enabled" : "disabled");
        }
    }

    /** A translation went into the ATC; {@code stale}: although an invalidation had crossed it. */
    record AtcFilled(int rid, int pasid, AtsSpan iova, long entry, boolean stale) implements PcieEntry {
        @Override
        public String text() {
            String target = AtsEntry.ATS_ENTRY.print(entry);
            String page = iova + Pasid.text(pasid);
            return who(rid) + "ATC holds " + page + " → " + target + (stale ? ", stale" : "");
        }
    }

    /** Translations left the ATC. */
    record AtcDropped(int rid, int entries, String why) implements PcieEntry {
        @Override
        public String text() {
            return who(rid) + "ATC drops " + entries + (entries == 1 ? " entry: " : " entries: ") + why;
        }
    }

    /** The function took an invalidate request out of its queue. What it does about it is another matter. */
    record InvalidateReceived(int rid, int itag, int pasid, AtsSpan iova) implements PcieEntry {
        @Override
        public String text() {
            return who(rid) + "invalidate request itag=" + itag + Pasid.text(pasid) + ' ' + iova;
        }
    }

    /** The function forgot an invalidate request: whoever waits for its completion waits for his time-out. */
    record InvalidateForgotten(int rid, int itag) implements PcieEntry {
        @Override
        public String text() {
            return who(rid) + "never answers invalidate request itag=" + itag;
        }
    }

    /** The function sent an invalidate completion. */
    record InvalidateAnswered(int rid, int itagVector) implements PcieEntry {
        @Override
        public String text() {
            var tags = new StringJoiner(",");
            for (int left = itagVector; left != 0; left &= left - 1) {
                tags.add(Integer.toString(Integer.numberOfTrailingZeros(left)));
            }
            return who(rid) + "invalidate completion itag=" + tags;
        }
    }

    /** A translation request left the function. */
    record TranslationAsked(int rid, int pasid, long iova) implements PcieEntry {
        @Override
        public String text() {
            return who(rid) + "asks for " + hex(iova) + Pasid.text(pasid);
        }
    }

    /** A read or write left the function; whether it lands is for the root. {@code data} only of a write. */
    record DmaIssued(int rid, At at, boolean write, long iova, long address, long data) implements PcieEntry {
        @Override
        public String text() {
            return who(rid) + (write ? "writes " + hex(data) + " to " : "reads ") + hex(iova)
                    + (at == At.TRANSLATED ? " translated " + hex(address) : " untranslated");
        }
    }

    /** The answer to a read arrived. */
    record ReadDone(int rid, long iova, long data) implements PcieEntry {
        @Override
        public String text() {
            return who(rid) + "read " + hex(data) + " from " + hex(iova);
        }
    }

    /** An operation came to nothing: refused by the root, or the function could not even try. */
    record DmaFailed(int rid, boolean write, long iova, String why) implements PcieEntry {
        @Override
        public String text() {
            return who(rid) + (write ? "cannot write " : "cannot read ") + hex(iova) + ": " + why;
        }
    }

    /** A port above the function let something go no further. */
    record Stopped(int rid, String port, String what, String why) implements PcieEntry {
        @Override
        public String text() {
            return who(rid) + what + " ends at " + port + ": " + why;
        }
    }

    /** A read or write of another function reached this one without passing the root. */
    record PeerReached(int rid, int from, At at, boolean write, long address, long data)
            implements PcieEntry {
        @Override
        public String text() {
            String how = at == At.TRANSLATED ? "translated" : "untranslated";
            return who(rid) + (write ? "is written " + hex(data) + " at " : "is read at ") + hex(address)
                    + " by " + who(from) + how;
        }
    }

    /** A port changed: contained, released, its link. */
    record PortChanged(int rid, String port, String how) implements PcieEntry {
        @Override
        public String text() {
            return who(rid) + port + ' ' + how;
        }
    }

    /** A completion or message that nobody waits for was thrown away. */
    record Unexpected(int rid, DownTlp tlp, String why) implements PcieEntry {
        @Override
        public String text() {
            return who(rid) + "discards " + tlp + ": " + why;
        }
    }

    /** A reset of the function: begun, then over ({@code ready}). */
    record FunctionReset(int rid, boolean ready) implements PcieEntry {
        @Override
        public String text() {
            return who(rid) + (ready ? "ready after a reset" : "reset begins");
        }
    }

    /** The function changed for the worse, or recovered. */
    record Broke(int rid, String how) implements PcieEntry {
        @Override
        public String text() {
            return who(rid) + how;
        }
    }

    /** Nothing reaches the function or comes from it until its link is up again, which resets it. */
    record LinkDown(int rid) implements PcieEntry {
        @Override
        public String text() {
            return who(rid) + "link down";
        }
    }

    /** The function is no longer there. */
    record Removed(int rid) implements PcieEntry {
        @Override
        public String text() {
            return who(rid) + "removed by surprise";
        }
    }
}
