// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3.hw;

import java.util.HexFormat;
import lazaret.machine.Entry;
import lazaret.pcie.At;
import lazaret.pcie.AtsSpan;
import lazaret.pcie.CplStatus;
import lazaret.pcie.Pasid;
import lazaret.smmuv3.CmdError;
import lazaret.smmuv3.Command;
import lazaret.smmuv3.Event;
import lazaret.smmuv3.PriEntry;
import lazaret.smmuv3.Reg;

/**
 * What the SMMU does, for the log. Facts: {@link DmaLanded}, {@link DmaRefused}, the {@code AtcInv…} entries,
 * {@link Fetched}, {@link CmdqError}, {@link SyncDone}, {@link Frozen}, {@link Failed}. The rest is detail.
 */
public sealed interface SmmuEntry extends Entry {
    private static String hex(long value) {
        return "0x" + Long.toHexString(value);
    }

    private static String access(boolean write, At at) {
        return switch (at) {
            case UNTRANSLATED -> write ? " write " : " read ";
            case TRANSLATED -> write ? " translated write " : " translated read ";
            case TRANSLATION_REQUEST -> " translation request ";
        };
    }

    /**
     * A function's access reached memory.
     *
     * @param iova what the function meant
     * @param data what was written, or read
     */
    record DmaLanded(int sid, At at, long iova, long pa, boolean write, long data) implements SmmuEntry {
        @Override
        public String text() {
            return "sid=" + hex(sid) + access(write, at) + hex(iova) + " lands at " + hex(pa) + ": "
                    + hex(data);
        }
    }

    /**
     * A function's access ended before memory.
     *
     * @param why the name of the event, recorded or not, or a word for what has none
     */
    record DmaRefused(int sid, At at, long iova, boolean write, String why) implements SmmuEntry {
        @Override
        public String text() {
            return "sid=" + hex(sid) + access(write, at) + hex(iova) + " refused: " + why;
        }
    }

    /** An invalidate request went to a function. */
    record AtcInvSent(int sid, int pasid, boolean global, long address, int size, int itag)
            implements SmmuEntry {
        @Override
        public String text() {
            return "invalidate request to sid=" + hex(sid) + Pasid.text(pasid) + (global ? " global" : "")
                    + " for " + (size == AtsSpan.ALL ? "everything" : new AtsSpan(address, size))
                    + " itag=" + itag;
        }
    }

    /** The function answered, in time, and everything it had written before has landed. */
    record AtcInvAnswered(int sid, int itag) implements SmmuEntry {
        @Override
        public String text() {
            return "invalidate completion of sid=" + hex(sid) + " itag=" + itag;
        }
    }

    /** The root ended the request itself, because nobody was there; for a CMD_SYNC that is an answer. */
    record AtcInvUnsupported(int sid, int itag) implements SmmuEntry {
        @Override
        public String text() {
            return "invalidate request to sid=" + hex(sid) + " itag=" + itag + ": unsupported request";
        }
    }

    /** The root gave a request up. */
    record AtcInvTimedOut(int sid, int itag) implements SmmuEntry {
        @Override
        public String text() {
            return "invalidate request to sid=" + hex(sid) + " itag=" + itag + " timed out";
        }
    }

    /** The answer to a request that was given up, while a CMD_SYNC is still to fail because of it. */
    record AtcInvLate(int sid, int itag) implements SmmuEntry {
        @Override
        public String text() {
            return "late invalidate completion of sid=" + hex(sid) + " itag=" + itag;
        }
    }

    /** An answer that no request waits for; it was ignored. */
    record AtcInvUnexpected(int sid, int itag) implements SmmuEntry {
        @Override
        public String text() {
            return "unexpected invalidate completion of sid=" + hex(sid) + " itag=" + itag + ": ignored";
        }
    }

    /** The command engine read a command, legal or not, from its slot; {@code index} with the wrap bit. */
    record Fetched(int index, Command command) implements SmmuEntry {
        @Override
        public String text() {
            return "fetches " + command.text() + " at " + hex(index);
        }
    }

    /** The command queue stopped. {@code cons} is the whole register. */
    record CmdqError(int cons, CmdError error) implements SmmuEntry {
        @Override
        public String text() {
            return "CERROR_" + error + " (cons 0x" + HexFormat.of().toHexDigits(cons) + ")";
        }
    }

    /**
     * The CMD_SYNC at {@code index} in the queue, wrap bit included, is complete: what it guarantees holds.
     * Software sees it at once by a message, if it asked for one, or a step later by CMDQ_CONS.
     */
    record SyncDone(int index) implements SmmuEntry {
        @Override
        public String text() {
            return "SYNC at " + hex(index) + " complete";
        }
    }

    /** The command engine stopped without a word. */
    record Frozen() implements SmmuEntry {
        @Override
        public String text() {
            return "command engine stops";
        }
    }

    /** It entered service failure mode. */
    record Failed() implements SmmuEntry {
        @Override
        public String text() {
            return "enters service failure mode";
        }
    }

    /** A command was executed and left the queue. */
    record Consumed(Command command) implements SmmuEntry {
        @Override
        public String text() {
            return command.text();
        }
    }

    /** A CMD_SYNC waits; {@code why} for what. */
    record SyncWaits(int index, String why) implements SmmuEntry {
        @Override
        public String text() {
            return "SYNC at " + hex(index) + " waits for " + why;
        }
    }

    /** A cache remembers something; {@code what} is printed. */
    record Cached(String what) implements SmmuEntry {
        @Override
        public String text() {
            return "caches " + what;
        }
    }

    /** A transaction used a cached entry although memory says something else. */
    record UsedStale(int sid, String what) implements SmmuEntry {
        @Override
        public String text() {
            return "sid=" + hex(sid) + " uses stale " + what;
        }
    }

    /** A translation request was answered. */
    record TranslationServed(int sid, int pasid, long iova, CplStatus status, long entry)
            implements SmmuEntry {
        @Override
        public String text() {
            return "sid=" + hex(sid) + Pasid.text(pasid) + " translation of " + hex(iova) + ": " + status
                    + (status == CplStatus.SC ? " " + hex(entry) : "");
        }
    }

    /** An event was recorded, or lost because the queue did not take it. */
    record EventRecorded(Event event, boolean written) implements SmmuEntry {
        @Override
        public String text() {
            return (written ? "event: " : "event lost: ") + event.text();
        }
    }

    /** A function asked for a page; {@code written}: the page request queue could take it. */
    record PageRequested(PriEntry entry, boolean written) implements SmmuEntry {
        @Override
        public String text() {
            return (written ? "page request: " : "page request not queued: ") + entry.text();
        }
    }

    /** A group of page requests was answered: 0 success, 1 invalid request, 15 failure. */
    record PageAnswered(int sid, int pasid, int prgIndex, int code) implements SmmuEntry {
        @Override
        public String text() {
            String whom = "sid=" + hex(sid) + Pasid.text(pasid);
            return "page response to " + whom + " group=" + prgIndex + ": " + code;
        }
    }

    /** Software wrote a register; not every write has an effect. */
    record RegisterWritten(Reg reg, long value) implements SmmuEntry {
        @Override
        public String text() {
            return reg.print(value);
        }
    }
}
