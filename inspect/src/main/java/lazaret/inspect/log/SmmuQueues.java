// SPDX-License-Identifier: Apache-2.0
package lazaret.inspect.log;

import static lazaret.inspect.log.Text.hex;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import lazaret.inspect.Decoder;
import lazaret.smmuv3.Cmd;
import lazaret.smmuv3.CmdError;
import lazaret.smmuv3.CmdqCons;
import lazaret.smmuv3.Command;
import lazaret.smmuv3.Gerror;
import lazaret.smmuv3.Op;

/**
 * What the driver says about the queues of an SMMU: how large they are, errors, CPUs that waited in vain.
 *
 * @kernel arm_smmu_cmdq_skip_err
 */
final class SmmuQueues {
    private static final int BITS = 1 << 20;

    /** One SMMU, as far as the log told. */
    private static final class State {
        private Long commands;
        private Boolean pri;
        private boolean priq;
        private boolean gerror;
        private Line queueError;
        private Long lastError;
        private long timeouts;
        private long atSync;
        private long firstProd;
        private long lastProd;
        private long lastCons;
        private boolean moved;
        private Line skipping;
        private Long skipped;
        private Line last;
    }

    private final Book book;
    private final Map<String, State> states = new LinkedHashMap<>();

    SmmuQueues(Book book) {
        this.book = book;
    }

    private State state(String instance) {
        return states.computeIfAbsent(String.valueOf(instance), _ -> new State());
    }

    private Incident at(String instance, Line line) {
        state(instance).last = line;
        Incident incident = book.of(Topic.SMMU_QUEUE, instance, null, line);
        if (instance == null) {
            incident.unknown("which SMMU: the lines have no device prefix");
        }
        return incident;
    }

    void size(String instance, String queue, long entries) {
        if (queue.equals("cmdq") && Long.bitCount(entries) == 1 && entries <= BITS / 2) {
            state(instance).commands = entries;
        }
        state(instance).priq |= queue.equals("priq");
    }

    void pri(String instance, boolean pri) {
        state(instance).pri = pri;
    }

    boolean read(Line line, String instance, String rest) {
        if (rest.startsWith("CMD_SYNC timeout at")) {
            return timeout(line, instance, rest);
        }
        if (rest.startsWith("CMDQ error (cons")) {
            return error(line, instance, rest);
        }
        if (rest.startsWith("unexpected global error reported")) {
            return global(line, instance, rest);
        }
        if (rest.startsWith("skipping command in error state")) {
            at(instance, line).saw(line, "the kernel skips the command that stopped the queue");
            state(instance).skipping = line;
            state(instance).skipped = null;
            return true;
        }
        if (rest.startsWith("retrying command fetch")) {
            at(instance, line).saw(line, "retrying command fetch: nothing is skipped");
            return true;
        }
        return rest.startsWith("unexpected PRI request") ? pri(line, instance)
                : lost(line, instance, rest) || service(line, instance, rest);
    }

    private boolean pri(Line line, String instance) {
        at(instance, line).saw(line, "unexpected PRI request received");
        return true;
    }

    /** What the page request wanted: {@code sid 0x00000100.0x00003: [5] last, unprivileged rw access …}. */
    void request(Line line, String instance, String rest) {
        int dot = rest.indexOf('.');
        Long sid = hex(rest, "sid 0x");
        Long ssid = Text.hexAt(rest, dot + 1);
        at(instance, line).saw(line, "page request of sid " + (sid == null ? "?" : hex(sid)) + ", ssid "
                + (ssid == null ? "?"
                : hex(ssid)) + ", " + Text.from(rest, rest.indexOf('[')))
                .note("nobody handles page requests here: the kernel answers that they failed");
    }

    private boolean lost(Line line, String instance, String rest) {
        boolean overflow = rest.contains("overflow detected");
        if (!overflow && !rest.contains("write aborted")) {
            return false;
        }
        at(instance, line).saw(line, rest).note(overflow
                ? "records were lost: what is counted here is a lower bound"
                : "records or interrupts were lost: what is counted here is a lower bound");
        return true;
    }

    private boolean service(Line line, String instance, String rest) {
        if (!rest.contains("Service Failure Mode")) {
            return false;
        }
        at(instance, line).saw(line, "the SMMU entered service failure mode").verdict(Verdict.QUEUE_STOPPED,
                line,
                "service failure mode: queues are no longer served, all traffic is terminated");
        return true;
    }

    /** A word of the command that is being skipped. */
    boolean word(Line line, String instance, String rest) {
        State state = state(instance);
        if (state.skipping == null) {
            return false;
        }
        Long word = Text.hexAt(rest, 0);
        if (state.skipped == null) {
            state.skipped = word == null ? Long.valueOf(0) : word;
            return true;
        }
        long w0 = state.skipped;
        long w1 = word == null ? 0 : word;
        Op op = Op.of(Cmd.OPCODE.getInt(w0));
        String zero = w0 == 0 && w1 == 0 ? ", the whole command is all zero" : "";
        at(instance, line).saw(line, "the command was " + Command.decode(w0, w1).text() + " (opcode 0x"
                + String.format("%02x", Cmd.OPCODE.get(w0)) + (op == null ? ", reserved" : "") + zero + ")");
        state.skipping = null;
        return true;
    }

    private boolean global(Line line, String instance, String rest) {
        Long bits = hex(rest, "reported (0x");
        state(instance).gerror = true;
        Incident incident = at(instance, line);
        if (bits != null && Gerror.CMDQ_ERR.test(bits)) {
            state(instance).queueError = line;
        }
        if (bits != null && bits == 0xffff_ffffL) {
            incident.note("GERROR reads as all ones: the SMMU did not answer the read (no clock, no power)");
        }
        incident.saw(line, "GERROR 0x" + (bits == null ? "?" : Long.toHexString(bits)) + " = "
                + (bits == null ? "?" : names(bits)));
        return true;
    }

    private static String names(long bits) {
        var text = new StringBuilder();
        for (var field : Gerror.GERROR.fields()) {
            if (field.test(bits)) {
                text.append(text.isEmpty() ? "" : " ").append(field.name());
            }
        }
        long rest = bits & Gerror.GERROR.res0(0);
        return rest == 0 ? text.toString() : text + " and reserved bits " + hex(rest);
    }

    private boolean error(Line line, String instance, String rest) {
        Long cons = hex(rest, "cons 0x");
        if (cons == null) {
            return false;
        }
        State state = state(instance);
        CmdError error = CmdError.of(cons);
        long code = CmdqCons.ERR.get(cons);
        String name = error == null ? "reserved" : "CERROR_" + error;
        Incident incident = at(instance, line);
        state.gerror = true;
        OptionalInt log2 = state.commands == null ? OptionalInt.empty()
                : OptionalInt.of(Long.numberOfTrailingZeros(state.commands));
        incident.saw(line, "CMDQ_CONS 0x" + String.format("%08x", cons) + ": ERR field [30:24]=" + code
                + " " + name
                + ", raw index " + hex(CmdqCons.RD.get(cons)));
        Decoder.positions(cons, log2).forEach(p -> incident.note("the queue stopped at: " + p));
        if (cons == 0xffff_ffffL) {
            incident.note("CMDQ_CONS reads as all ones: the SMMU did not answer the read; ERR means nothing");
        }
        contradiction(incident, rest, error);
        if (error == null) {
            incident.verdict(Verdict.LOST_FLUSH_POSSIBLE, line,
                    "the queue stopped with an error nobody defined");
            return true;
        }
        again(incident, state, CmdqCons.RD.get(cons));
        judge(line, incident, error);
        return true;
    }

    private static void contradiction(Incident incident, String rest, CmdError error) {
        int colon = rest.indexOf("): ");
        String said = colon < 0 ? null : rest.substring(colon + 3).strip();
        String ours = error == null ? "Unknown" : error.text();
        if (said != null && !said.startsWith(ours)) {
            incident.note("CMDQ_CONS.ERR contradicts the kernel's text: the field says \"" + ours
                    + "\", the text \"" + said + "\"; one of them is from another moment or was put in "
                    + "by hand");
        }
    }

    /** One error after the other: how far the queue came in between. */
    private static void again(Incident incident, State state, long index) {
        if (state.lastError != null) {
            long bits = state.commands == null ? BITS - 1 : 2 * state.commands - 1;
            long on = index - state.lastError & bits;
            incident.note(on == 0 ? "the queue stops again at the same command: the error repeats"
                    : "the queue stops again " + on + " commands further on, index " + hex(index));
        }
        state.lastError = index;
    }

    private static void judge(Line line, Incident incident, CmdError error) {
        switch (error) {
            case ATC_INV_SYNC -> {
                incident.verdict(Verdict.LOST_FLUSH_CERTAIN, line,
                        "an ATC invalidation was not answered in time; "
                        + "after the acknowledgement the same SYNC completes and the flush reports success");
                incident.unknown("which device did not answer: no CERROR line names one. Device "
                        + "unknown: look for AER, "
                        + "DPC or pciehp lines of a device with ATS behind this SMMU");
                incident.unknown("whether this kernel retries or fences; mainline up to 6.19 does neither");
            }
            case ILL -> {
                incident.verdict(Verdict.LOST_FLUSH_POSSIBLE, line,
                        "the queue stopped at a command that is illegal; "
                        + "the kernel replaces it by a SYNC and goes on, so that what it was to "
                        + "invalidate stays");
                incident.note("the queue goes on after the command was replaced (recovered), but that "
                        + "command had no "
                        + "effect");
            }
            case ABT -> incident.verdict(Verdict.LOST_FLUSH_POSSIBLE, line,
                    "the SMMU could not fetch a command; the kernel lets it try again");
            case NONE -> incident.verdict(Verdict.SAFE, line, "the error was gone when the kernel looked");
        }
    }

    /** A reproducer says that the call which submitted the invalidation returned 0. */
    void returnedOk(Line line) {
        Incident queue = book.latest(Topic.SMMU_QUEUE);
        Incident incident = queue == null ? at(null, line) : queue;
        incident.saw(line, "the submitting call returned 0: ATC_INV ret=0");
        incident.note("flush reported success although the ATC was not invalidated");
        incident.verdict(Verdict.LOST_FLUSH_CERTAIN, line, "the call returned 0 although its ATC_INV "
                + "timed out");
    }

    private boolean timeout(Line line, String instance, String rest) {
        Long at = hex(rest, "timeout at 0x");
        Long prod = hex(rest, "hwprod 0x");
        Long cons = hex(rest, "hwcons 0x");
        if (at == null || prod == null || cons == null) {
            at(instance, line).saw(line, "CMD_SYNC timeout").verdict(Verdict.LOST_FLUSH_POSSIBLE, line,
                    "a CPU gave up waiting for its SYNC");
            return true;
        }
        State state = state(instance);
        Incident incident = at(instance, line);
        long entries = state.commands == null ? BITS / 2 : state.commands;
        long out = prod - cons & 2 * entries - 1;
        boolean on = at.longValue() == cons.longValue();
        incident.saw(line, "CMD_SYNC timeout: software gave up after 1 s of polling", "sync at " + hex(at)
                + ", hwprod " + hex(prod) + ", hwcons " + hex(cons) + ": " + out + " commands outstanding");
        progress(incident, state, prod, cons);
        state.atSync += on ? 1 : 0;
        where(line, incident, state, on, out, cons);
        return true;
    }

    private static void where(Line line, Incident incident, State state, boolean on, long out, long cons) {
        if (on) {
            incident.note("hwcons stands exactly on the CMD_SYNC (" + hex(cons) + "), " + out
                    + " commands behind the producer: the SYNC waits for something older that never "
                    + "completes");
            incident.verdict(Verdict.QUEUE_STOPPED, line, "CMDQ stalled: the consumer stands on a SYNC "
                    + "that does not "
                    + "complete");
        } else if (state.timeouts > 1 && !state.moved) {
            incident.verdict(Verdict.QUEUE_STOPPED, line, "command queue stopped: the consumer is frozen at "
                    + hex(cons) + " while the producer goes on");
        } else {
            incident.note("the consumer is not at the SYNC (" + out
                    + " commands outstanding at that instant): the "
                    + "queue is slow or wedged");
            incident.verdict(Verdict.LOST_FLUSH_POSSIBLE, line,
                    "a CPU gave up waiting for its SYNC; the kernel frees "
                    + "the IOVA all the same");
        }
        incident.note("everything unmapped under this SYNC must be treated as still reachable");
        incident.note("each time-out is a CPU that polled for 1 s, with interrupts off where the caller "
                + "has them off");
        incident.note("fences and other edits of STEs need CFGI_STE and SYNC through the same queue: "
                + "they cannot "
                + "complete while it stands");
        incident.unknown("whether the queue went on later");
    }

    private static void progress(Incident incident, State state, long prod, long cons) {
        state.timeouts++;
        if (state.timeouts == 1) {
            state.firstProd = prod;
        } else {
            boolean frozen = cons == state.lastCons;
            state.moved |= !frozen;
            if (frozen) {
                incident.note("hwcons frozen at " + hex(cons) + " while hwprod grows by "
                        + (prod - state.lastProd)
                        + " each time");
            } else {
                incident.note("hwcons moves between time-outs (" + hex(state.lastCons) + " to " + hex(cons)
                        + "): the queue is slow, not dead");
            }
        }
        state.lastProd = prod;
        state.lastCons = cons;
    }

    /** What can only be said at the end. */
    void end() {
        states.forEach((key, state) -> {
            String instance = "null".equals(key) ? null : key;
            Incident queue = book.peek(Topic.SMMU_QUEUE, instance, null);
            if (queue != null && state.queueError != null && state.lastError == null) {
                queue.verdict(Verdict.LOST_FLUSH_POSSIBLE, state.queueError,
                        "the command queue stopped with an error, and "
                        + "the line that says which is missing");
                queue.unknown("which error of the command queue");
            }
            if (queue != null && state.timeouts > 0 && !state.gerror) {
                queue.note("no GERROR line: not a CERROR, and not an ATC time-out by itself");
            }
            if (queue != null && state.timeouts > 1 && !state.moved) {
                queue.note("hwcons is frozen at " + hex(state.lastCons) + " across " + state.timeouts
                        + " time-outs, hwprod went from " + hex(state.firstProd) + " to "
                        + hex(state.lastProd));
                queue.note("an SMMU that was switched off under its clients (shutdown) looks like this");
            }
            Incident boot = book.peek(Topic.SMMU_BOOT, instance, null);
            if (boot != null && state.pri != null && state.commands != null) {
                boot.note(state.pri == state.priq ? state.pri ? "PRI=1 and a priq was allocated: consistent"
                        : "PRI=0 and no priq line: consistent"
                        : state.pri ? "PRI=1 but no priq line: the log is cut, or the allocation failed"
                        : "a priq although PRI=0: the bits of features are those of another kernel version");
            }
        });
    }
}
