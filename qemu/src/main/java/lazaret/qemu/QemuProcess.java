// SPDX-License-Identifier: Apache-2.0
package lazaret.qemu;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A running QEMU and the folder with its socket. Both are gone when it is closed, and also when the JVM ends
 * without doing so.
 */
final class QemuProcess implements AutoCloseable {
    private static final Pattern VERSION = Pattern.compile("QEMU emulator version (\\d+\\.\\d+\\.\\d+)");
    private static final String SOCKET = "qtest";
    private static final String COMPLAINTS = "stderr";

    private final Process process;
    private final Path folder;
    private final Thread last;

    private QemuProcess(Process process, Path folder) {
        this.process = process;
        this.folder = folder;
        last = new Thread(this::end);
        Runtime.getRuntime().addShutdownHook(last);
    }

    /** Which version a binary says it is: {@code 7.2.22}. */
    static String version(Path binary, long patienceMs) {
        Path folder = folder();
        try {
            Process asked = new ProcessBuilder(binary.toString(), "--version").redirectErrorStream(true)
                    .redirectOutput(folder.resolve(SOCKET).toFile()).start();
            boolean ended = Deadline.ended(asked, patienceMs);
            asked.descendants().forEach(ProcessHandle::destroyForcibly);
            asked.destroyForcibly();
            String said = Files.readString(folder.resolve(SOCKET));
            Matcher version = VERSION.matcher(said);
            if (!ended || !version.find()) {
                throw new QemuFailure(binary + " is no QEMU: " + (ended
                        ? "--version says \"" + said.lines().findFirst().orElse("") + "\""
                        : "--version does not end"));
            }
            return version.group(1);
        } catch (IOException e) {
            throw new QemuFailure("cannot run " + binary, e);
        } finally {
            remove(folder);
        }
    }

    static QemuProcess start(Path binary, List<String> arguments) {
        Path folder = folder();
        var command = new ArrayList<String>();
        command.add(binary.toString());
        command.addAll(arguments);
        command.addAll(List.of("-qtest", "unix:" + folder.resolve(SOCKET) + ",server=on,wait=off",
                "-qtest-log", "none"));
        try {
            Process process = new ProcessBuilder(command).redirectOutput(Redirect.DISCARD)
                    .redirectError(folder.resolve(COMPLAINTS).toFile()).start();
            return new QemuProcess(process, folder);
        } catch (IOException e) {
            remove(folder);
            throw new QemuFailure("cannot run " + binary, e);
        }
    }

    /** @throws QemuFailure when it ends before or does not listen within {@code patience} */
    Wire connect(long patienceMs) {
        var deadline = Deadline.in(patienceMs);
        Path socket = folder.resolve(SOCKET);
        while (!deadline.over()) {
            if (!process.isAlive()) {
                throw new QemuFailure("QEMU ended at once, exit code " + process.exitValue() + complaint());
            }
            if (Files.exists(socket)) {
                try {
                    return SocketWire.connect(socket, patienceMs);
                } catch (IOException e) {
                    Deadline.pause();       // it is there before anybody listens
                }
            } else {
                Deadline.pause();
            }
        }
        throw new QemuFailure("QEMU opens no qtest socket within " + patienceMs + " ms"
                + complaint());
    }

    /** What it said on its way, begins with a colon; empty if nothing. */
    private String complaint() {
        try {
            return Files.readString(folder.resolve(COMPLAINTS)).lines().findFirst().map(s -> ": " + s)
                    .orElse("");
        } catch (IOException e) {
            return ": its messages cannot be read: " + e.getMessage();
        }
    }

    @Override
    public void close() {
        end();
        Runtime.getRuntime().removeShutdownHook(last);
    }

    private void end() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        Deadline.ended(process, Deadline.PATIENCE_MS);
        remove(folder);
    }

    private static Path folder() {
        try {
            return Files.createTempDirectory("lazaret-qemu-" + ProcessHandle.current().pid() + "-");
        } catch (IOException e) {
            throw new QemuFailure("no folder for QEMU's socket", e);
        }
    }

    private static void remove(Path folder) {
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.deleteIfExists(file);
            }
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            throw new QemuFailure("cannot remove " + folder, e);
        }
    }
}
