// SPDX-License-Identifier: Apache-2.0
package lazaret.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FollowedTest {
    @TempDir
    private Path folder;

    @Test
    void a_file_that_grows_is_read_on_and_one_that_shrank_from_its_beginning() throws IOException {
        Path file = Files.writeString(folder.resolve("log"), "one\n");
        var todo = new ArrayList<Runnable>();
        todo.add(() -> write(file, "two\n", StandardOpenOption.APPEND));
        todo.add(() -> write(file, "3\n", StandardOpenOption.TRUNCATE_EXISTING));
        todo.add(() -> Thread.currentThread().interrupt());

        String all;
        try (var followed = new Followed(file, () -> todo.removeFirst().run())) {
            all = new String(followed.readAllBytes(), StandardCharsets.UTF_8);
        }

        assertThat(Thread.interrupted()).isTrue();
        assertThat(all).isEqualTo("one\ntwo\n3\n");
    }

    private static void write(Path file, String text, StandardOpenOption how) {
        try {
            Files.writeString(file, text, how);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
