// SPDX-License-Identifier: Apache-2.0
package lazaret.pcie.hw;

import java.util.List;
import lazaret.machine.Log;
import lazaret.machine.Machine;
import lazaret.pcie.CplStatus;
import lazaret.pcie.DownTlp;
import lazaret.pcie.DownTlp.InvalidateRequest;
import lazaret.pcie.DownTlp.PrgResponse;
import lazaret.pcie.DownTlp.ReadCompletion;
import lazaret.pcie.DownTlp.TranslationCompletion;
import lazaret.pcie.PcieEntry;

/** What comes down an endpoint's link: to the engine that waits for it, or to nobody. */
final class Inbound {
    /** More than that a root has not on its way. */
    private static final int LENGTH = 128;

    private final Machine machine;
    private final Log log;
    private final Endpoint endpoint;
    private final ConfigRegisters config;
    private final AtsEngine ats;
    private final List<DmaEngine> engines;
    /** What waits because the function cannot queue one more invalidate request. */
    private final Ring<DownTlp> link;

    Inbound(Machine machine, Endpoint endpoint, ConfigRegisters config, AtsEngine ats,
            List<DmaEngine> engines) {
        this.machine = machine;
        this.endpoint = endpoint;
        this.config = config;
        this.ats = ats;
        this.engines = engines;
        log = machine.log();
        link = new Ring<>(machine.undo(), endpoint.name() + " link", LENGTH);
    }

    boolean throttled() {
        return !link.isEmpty();
    }

    void receive(DownTlp tlp) {
        if (!endpoint.alive()) {
            discard(tlp, "nobody there");
        } else if (throttled() && !completion(tlp) || stuck(tlp)) {
            link.add(tlp, machine.clock().now());
        } else {
            take(tlp);
        }
    }

    /** An invalidate request has left the queue. */
    void madeRoom() {
        while (throttled() && !stuck(link.peek())) {
            take(link.take());
        }
    }

    /** What waits on the link is lost. */
    void forget() {
        link.clear();
    }

    private static boolean completion(DownTlp tlp) {
        return switch (tlp) {
            case TranslationCompletion _, ReadCompletion _ -> true;
            case InvalidateRequest _, PrgResponse _ -> false;
        };
    }

    private boolean stuck(DownTlp tlp) {
        return tlp instanceof InvalidateRequest && endpoint.answers() && endpoint.family().full();
    }

    private void take(DownTlp tlp) {
        switch (tlp) {
            case TranslationCompletion done -> completed(tlp, true, done.status(), done.tag(), done.entry());
            case ReadCompletion done -> completed(tlp, false, done.status(), done.tag(), done.data());
            case InvalidateRequest request -> {
                if (endpoint.answers()) {
                    ats.receive(request);
                } else {
                    discard(tlp, endpoint.asleep() ? "in D3hot" : "in reset");
                }
            }
            case PrgResponse done -> responded(done);
        }
    }

    private void responded(PrgResponse done) {
        int index = done.prgIndex();
        if (index >= engines.size() || !engines.get(index).responds(done.code())) {
            config.unexpectedPrg();
            discard(done, "no such page request group");
        } else if (done.code() > 1) {
            config.prgFailed();
        } else {
            config.pagesAnswered();
        }
    }

    private void completed(DownTlp tlp, boolean translation, CplStatus status, int tag, long data) {
        int index = DmaEngine.index(tag);
        if (index >= engines.size() || !engines.get(index).completes(translation, status, tag, data)) {
            discard(tlp, "unexpected");
        }
    }

    private void discard(DownTlp tlp, String why) {
        if (log.narrates()) {
            log.add(new PcieEntry.Unexpected(endpoint.rid(), tlp, why));
        }
    }
}
