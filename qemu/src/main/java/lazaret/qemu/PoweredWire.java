// SPDX-License-Identifier: Apache-2.0
package lazaret.qemu;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * The wire of a QEMU process that can go back: QEMU has no undo, so a new process is told the same things
 * again up to the mark.
 */
final class PoweredWire implements Wire {
    private record Powered(QemuProcess process, Wire wire) {
        static Powered up(Path binary, List<String> arguments, long patienceMs) {
            QemuProcess process = QemuProcess.start(binary, arguments);
            try {
                return new Powered(process, process.connect(patienceMs));
            } catch (QemuFailure failure) {
                process.close();
                throw failure;
            }
        }

        void down() {
            try {
                wire.close();
            } finally {
                process.close();
            }
        }
    }

    /** What was asked, and what it came to; of something asked again and again the last answer. */
    private record Said(String request, String answer) {
        /** Its answer may be another one until something is done. */
        boolean waits() {
            return request.startsWith("readq");
        }
    }

    private final Supplier<Powered> power;
    private final long patienceMs;
    private final List<Said> said = new ArrayList<>();
    private Powered now;
    private int marks;
    /** Something was asked since the last mark, or since this went back there. */
    private boolean asked;

    PoweredWire(Path binary, List<String> arguments, long patienceMs) {
        this.patienceMs = patienceMs;
        power = () -> Powered.up(binary, arguments, patienceMs);
        now = power.get();
    }

    @Override
    public List<Answer> ask(List<String> requests) {
        List<Answer> answers = now.wire.ask(requests);
        asked |= !requests.isEmpty();
        for (int i = 0; i < requests.size() && marks == 0; i++) {
            remember(new Said(requests.get(i), answers.get(i).value()));
        }
        return answers;
    }

    private void remember(Said next) {
        if (next.waits() && !said.isEmpty() && said.getLast().request.equals(next.request)) {
            said.removeLast();
        }
        said.add(next);
    }

    @Override
    public void mark() {
        marks++;
        asked = false;
    }

    @Override
    public void rewind() {
        if (!asked) {
            return;
        }
        if (marks > 1) {
            throw new QemuFailure("only the first mark can be gone back to");
        }
        now.down();
        now = power.get();
        sayAgain();
        asked = false;
    }

    private void sayAgain() {
        var batch = new ArrayList<String>();
        for (Said each : said) {
            batch.add(each.request);
            if (each.waits()) {
                List<Answer> answers = now.wire.ask(batch);
                awaits(each, answers.getLast().value());
                batch.clear();
            }
        }
        now.wire.ask(batch);
    }

    private void awaits(Said before, String answer) {
        var deadline = Deadline.in(patienceMs);
        while (!answer.equals(before.answer)) {
            if (deadline.over()) {
                throw new QemuFailure("QEMU does not come to where it was: \"" + before.request + "\" gives "
                        + answer + ", not " + before.answer);
            }
            answer = now.wire.ask(List.of(before.request)).getFirst().value();
        }
    }

    @Override
    public void close() {
        now.down();
    }
}
