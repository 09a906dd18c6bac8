// SPDX-License-Identifier: Apache-2.0
package lazaret.qemu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs that are no QEMU, or one that is in a bad way: a clear word, and nothing left behind. */
class StartingTest {
    private static final long PATIENCE = 2500;
    private static final String GOOD_VERSION = """
            [ "$1" = --version ] && echo 'QEMU emulator version 7.2.22' && exit 0
            """;
    /** Makes the socket that the arguments name, and does WHAT for each line of whoever comes. */
    private static final String LISTENS = GOOD_VERSION + """
            for word; do case $word in unix:*) path=${word#unix:}; path=${path%%,*};; esac; done
            exec perl -MIO::Socket::UNIX -e '
                $s = IO::Socket::UNIX->new(Local => $ARGV[0], Listen => 1); $c = $s->accept; $c->autoflush;
                while (<$c>) { WHAT }' "$path"
            """;

    @TempDir
    private Path folder;
    private List<Path> before;

    @BeforeEach
    void look() throws IOException {
        before = sockets();
    }

    @AfterEach
    void nothing_is_left_behind() throws IOException {
        assertThat(sockets()).isEqualTo(before);
        assertThat(ProcessHandle.current().descendants()).isEmpty();
    }

    private static List<Path> sockets() throws IOException {
        String ours = "lazaret-qemu-" + ProcessHandle.current().pid();
        try (var files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(f -> f.getFileName().toString().startsWith(ours)).sorted().toList();
        }
    }

    private void complains(String script, String message) throws IOException {
        Path binary = folder.resolve("qemu");
        Files.writeString(binary, "#!/bin/sh\n" + script);
        assertThat(binary.toFile().setExecutable(true)).isTrue();
        assertThatThrownBy(() -> Board.start(binary, PATIENCE)).isInstanceOf(QemuFailure.class)
                .hasMessageContaining(message);
    }

    @Test
    void a_binary_that_is_not_there() {
        assertThatThrownBy(() -> Board.start(folder.resolve("none"), PATIENCE))
                .isInstanceOf(QemuFailure.class).hasMessageContaining("cannot run");
    }

    @Test
    void a_program_of_another_kind() throws IOException {
        complains("echo 'gcc 12.2'", "is no QEMU: --version says \"gcc 12.2\"");
    }

    @Test
    void a_program_that_does_not_end() throws IOException {
        complains("sleep 60", "is no QEMU: --version does not end");
    }

    @Test
    void one_that_refuses_its_arguments() throws IOException {
        complains(GOOD_VERSION + "echo 'unsupported machine type' >&2; exit 1",
                "QEMU ended at once, exit code 1: unsupported machine type");
    }

    @Test
    void one_that_opens_no_socket() throws IOException {
        complains(GOOD_VERSION + "sleep 60", "QEMU opens no qtest socket within 2500 ms");
    }

    @Test
    void one_that_never_answers() throws IOException {
        complains(LISTENS.replace("WHAT", "1"), "QEMU did not answer \"readl 0x9050000\" within 2500 ms");
    }

    @Test
    void one_that_dies_in_between() throws IOException {
        complains(LISTENS.replace("WHAT", "exit"), "QEMU ended the connection at \"readl 0x9050000\"");
    }

    @Test
    void one_that_speaks_another_language() throws IOException {
        complains(LISTENS.replace("WHAT", "print $c \"220 ready\\n\""),
                "QEMU answers \"220 ready\" to \"readl 0x9050000\"");
    }

    @Test
    void one_that_does_not_end_its_lines() throws IOException {
        complains(LISTENS.replace("WHAT", "print $c \"OK\" x 65536 while 1"),
                "QEMU's answer to \"readl 0x9050000\" does not end");
    }

    @Test
    void one_that_refuses_a_request() throws IOException {
        complains(LISTENS.replace("WHAT", "print $c \"FAIL Unknown command\\n\""),
                "QEMU answers \"FAIL Unknown command\" to \"readl 0x9050000\"");
    }

    @Test
    void one_without_an_smmu() throws IOException {
        complains(LISTENS.replace("WHAT", "print $c \"OK 0x0000000000000000\\n\""),
                "there is no SMMUv3 at 0x9050000");
    }
}
