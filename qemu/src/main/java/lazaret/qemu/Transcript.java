// SPDX-License-Identifier: Apache-2.0
package lazaret.qemu;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * What a QEMU answered once, answered again: to the same requests in the same order. A request is a line that
 * begins with {@code >}, what came back one with {@code <}.
 */
final class Transcript implements Wire {
    static final String HEAD = "# QEMU ";

    private final Path file;
    private final BufferedReader in;
    private final String version;
    private int line;

    Transcript(Path file) {
        this.file = file;
        try {
            InputStream plain = Files.newInputStream(file);
            in = new BufferedReader(new InputStreamReader(packed(file) ? new GZIPInputStream(plain) : plain,
                    StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new QemuFailure("cannot read " + file, e);
        }
        String head = next();
        if (!head.startsWith(HEAD)) {
            throw new QemuFailure(file + ":1: \"" + HEAD.strip() + "\" and a version expected");
        }
        version = head.substring(HEAD.length());
    }

    static boolean packed(Path file) {
        return file.toString().endsWith(".gz");
    }

    /** Of the QEMU that answered. */
    String version() {
        return version;
    }

    @Override
    public List<Answer> ask(List<String> requests) {
        var answers = new ArrayList<Answer>();
        for (String request : requests) {
            String asked = next();
            if (!asked.equals("> " + request)) {
                throw new QemuFailure(file + ":" + line + ": has \"" + asked + "\" where \"" + request
                        + "\" is asked: recorded with another seed, or by another version");
            }
            answers.add(answer(request));
        }
        return answers;
    }

    private Answer answer(String request) {
        var dialogue = new Dialogue();
        while (dialogue.answered() == 0) {
            String said = next();
            if (!said.startsWith("< ")) {
                throw new QemuFailure(file + ":" + line + ": an answer expected, not \"" + said + "\"");
            }
            dialogue.hear(said.substring(2), request);
        }
        return dialogue.taken().getFirst();
    }

    private String next() {
        try {
            line++;
            String next = in.readLine();
            if (next == null) {
                throw new QemuFailure(file + " ends at line " + line + ", and more is asked");
            }
            return next;
        } catch (IOException e) {
            throw new QemuFailure("cannot read " + file, e);
        }
    }

    /** The recording goes on behind it with what came after going back. */
    @Override
    public void rewind() { }

    @Override
    public void close() {
        try {
            in.close();
        } catch (IOException e) {
            throw new QemuFailure("cannot close " + file, e);
        }
    }
}
