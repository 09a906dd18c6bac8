// SPDX-License-Identifier: Apache-2.0
package lazaret.qemu;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/** Writes down what is asked and answered on a wire, as {@link Transcript} reads it; packed if called .gz. */
final class Recorder implements Wire {
    private final Wire wire;
    private final PrintWriter out;

    Recorder(Wire wire, String version, Path file) {
        this.wire = wire;
        try {
            OutputStream plain = Files.newOutputStream(file);
            out = new PrintWriter(Transcript.packed(file) ? new GZIPOutputStream(plain) : plain, false,
                    StandardCharsets.UTF_8);
        } catch (IOException e) {
            wire.close();
            throw new QemuFailure("cannot write " + file, e);
        }
        out.println(Transcript.HEAD + version);
    }

    @Override
    public List<Answer> ask(List<String> requests) {
        List<Answer> answers = wire.ask(requests);
        for (int i = 0; i < requests.size(); i++) {
            out.println("> " + requests.get(i));
            answers.get(i).raised().forEach(line -> out.println("< IRQ raise " + line));
            out.println(("< OK " + answers.get(i).value()).strip());
        }
        return answers;
    }

    @Override
    public void mark() {
        wire.mark();
    }

    @Override
    public void rewind() {
        wire.rewind();
    }

    @Override
    public void close() {
        wire.close();
        out.close();
        if (out.checkError()) {
            throw new QemuFailure("the recording could not be written to its end");
        }
    }
}
