// SPDX-License-Identifier: Apache-2.0
package lazaret.qemu;

import java.util.ArrayList;
import java.util.List;

/** The lines that come back on a wire, sorted into answers. An interrupt may be told anywhere. */
final class Dialogue {
    private static final String RAISED = "IRQ raise ";

    private final List<Wire.Answer> answers = new ArrayList<>();
    private final List<Integer> raised = new ArrayList<>();

    /** @param request that is to be answered next, for the complaint */
    void hear(String line, String request) {
        if (line.startsWith(RAISED)) {
            raised.add(Integer.parseInt(line.substring(RAISED.length()).strip()));
        } else if (line.equals("OK") || line.startsWith("OK ")) {
            answers.add(new Wire.Answer(line.substring(2).strip(), raised));
            raised.clear();
        } else if (!line.startsWith("IRQ lower ")) {
            throw new QemuFailure("QEMU answers \"" + line + "\" to \"" + request + "\"");
        }
    }

    int answered() {
        return answers.size();
    }

    /** What was answered since this was last asked; interrupts behind the last answer wait for the next. */
    List<Wire.Answer> taken() {
        List<Wire.Answer> all = List.copyOf(answers);
        answers.clear();
        return all;
    }
}
