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

    private final Supplier<Powered> power;
    private final List<String> said = new ArrayList<>();
    private Powered now;
    private boolean marked;
    private boolean moved;

    PoweredWire(Path binary, List<String> arguments, long patienceMs) {
        power = () -> Powered.up(binary, arguments, patienceMs);
        now = power.get();
    }

    @Override
    public List<Answer> ask(List<String> requests) {
        if (marked) {
            moved |= !requests.isEmpty();
        } else {
            said.addAll(requests);
        }
        return now.wire.ask(requests);
    }

    @Override
    public void mark() {
        marked = true;
    }

    @Override
    public void rewind() {
        if (moved) {
            now.down();
            now = power.get();
            now.wire.ask(said);
            moved = false;
        }
    }

    @Override
    public void close() {
        now.down();
    }
}
