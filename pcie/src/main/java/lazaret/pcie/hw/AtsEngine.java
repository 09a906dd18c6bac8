// SPDX-License-Identifier: Apache-2.0
package lazaret.pcie.hw;

import java.util.List;
import lazaret.machine.Alarm;
import lazaret.machine.Log;
import lazaret.machine.Machine;
import lazaret.machine.Strand;
import lazaret.machine.Word;
import lazaret.pcie.AtsSpan;
import lazaret.pcie.DownTlp.InvalidateRequest;
import lazaret.pcie.PcieEntry;
import lazaret.pcie.Tlp.InvalidateCompletion;
import lazaret.pcie.hw.EndpointFaults.Answers;
import lazaret.pcie.hw.EndpointFaults.AtsOff;
import lazaret.pcie.hw.EndpointFaults.Defect;

/**
 * The part of an endpoint that owes others an answer in time. Takes invalidate requests in the order in which
 * they came, each in these steps:
 * <ol>
 * <li>drops the entries; from here on they serve nobody. Marks what an engine has translated and not sent,
 *     every read of the range on its way, and every translation request whose answer may be stale;
 * <li>sends what was marked as translated, one TLP a step; waits until the marked reads are answered;
 * <li>answers, behind all that in the same outbound queue.
 * </ol>
 * It also ends a function level reset when its time has come.
 */
final class AtsEngine implements Strand {
    private final String name;
    private final Machine machine;
    private final Log log;
    private final Endpoint endpoint;
    private final List<DmaEngine> engines;
    private final Ring<InvalidateRequest> inbox;
    private final Word taken;
    private final Alarm late;

    AtsEngine(Machine machine, Endpoint endpoint, int room, List<DmaEngine> engines) {
        name = endpoint.name() + " ats";
        this.machine = machine;
        this.endpoint = endpoint;
        this.engines = engines;
        log = machine.log();
        inbox = new Ring<>(machine.undo(), name, room);
        taken = new Word(machine.undo());
        late = machine.clock().alarm(endpoint.name() + " late answer");
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String lane() {
        return endpoint.name();
    }

    @Override
    public boolean enabled() {
        return endpoint.resetOver() || !inbox.isEmpty() && endpoint.answers() && mayGoOn();
    }

    @Override
    public void step() {
        if (endpoint.resetOver()) {
            endpoint.endReset();
        } else if (!taken.test()) {
            take(inbox.peek());
        } else if (!push()) {
            answer(inbox.peek());
        }
    }

    /** How many requests wait. */
    int queued() {
        return inbox.size();
    }

    /** Only with room. */
    void receive(InvalidateRequest request) {
        inbox.add(request, machine.clock().now() + endpoint.faults().lateUs());
        expect();
    }

    /** Does not answer what it has, ever. */
    void forget() {
        inbox.clear();
        taken.set(false);
        late.cancel();
    }

    /** Answers what it has without further delay. */
    void hurry() {
        inbox.retime(machine.clock().now());
        late.cancel();
    }

    private boolean mayGoOn() {
        if (!taken.test()) {
            return inbox.time() <= machine.clock().now();
        }
        for (int i = 0; i < engines.size(); i++) {
            if (engines.get(i).mustAwait()) {
                return false;
            }
        }
        return true;
    }

    private void take(InvalidateRequest request) {
        if (log.narrates()) {
            AtsSpan span = AtsSpan.decode(request.body());
            log.add(new PcieEntry.InvalidateReceived(endpoint.rid(), request.itag(), request.pasid(), span));
        }
        if (staysSilent(request)) {
            if (log.narrates()) {
                log.add(new PcieEntry.InvalidateForgotten(endpoint.rid(), request.itag()));
            }
            next();
            return;
        }
        taken.set(true);
        if (endpoint.has(Defect.ACK_WITHOUT_INVALIDATE)) {
            return;
        }
        endpoint.drop(request);
        for (int i = 0; i < engines.size(); i++) {
            engines.get(i).crossedBy(request);
        }
    }

    private boolean staysSilent(InvalidateRequest request) {
        EndpointFaults faults = endpoint.faults();
        if (faults.atsOff() == AtsOff.SILENT && !endpoint.atsEnabled()) {
            return true;
        }
        if (faults.has(Defect.SILENT_ON_FOREIGN_PASID) && !endpoint.has(request.pasid())) {
            return true;
        }
        return switch (faults.answers()) {
            case NEVER -> true;
            case MAYBE -> machine.pick(2, "the function leaves an invalidate request unanswered") == 1;
            case ONCE, LATE, TWICE, WRONG_ITAG, TOO_FEW -> false;
        };
    }

    /** Sends one TLP that must precede the answer; false if there is none. */
    private boolean push() {
        if (endpoint.has(Defect.COMPLETION_OVERTAKES_WRITES)) {
            return false;
        }
        for (int i = 0; i < engines.size(); i++) {
            if (engines.get(i).mustPush()) {
                engines.get(i).push();
                return true;
            }
        }
        return false;
    }

    private void answer(InvalidateRequest request) {
        Answers how = endpoint.faults().answers();
        int itag = how == Answers.WRONG_ITAG ? request.itag() + 1 & 0x1f : request.itag();
        complete(1 << itag, how == Answers.TOO_FEW ? 2 : 1);
        if (how == Answers.TWICE) {
            complete(1 << itag, 1);
        }
        next();
    }

    private void complete(int itagVector, int cc) {
        if (log.hears()) {
            log.add(new PcieEntry.InvalidateAnswered(endpoint.rid(), itagVector));
        }
        endpoint.send(new InvalidateCompletion(endpoint.rid(), itagVector, cc));
    }

    private void next() {
        inbox.take();
        taken.set(false);
        endpoint.family().madeRoom();
        expect();
    }

    /** Time must reach the moment when the oldest request is due. */
    private void expect() {
        if (!inbox.isEmpty() && inbox.time() > machine.clock().now()) {
            late.armAt(inbox.time());
        } else {
            late.cancel();
        }
    }
}
