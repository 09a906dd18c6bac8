// SPDX-License-Identifier: Apache-2.0
package lazaret.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A file that grows: its end is not the end. A file that has become shorter is read from its beginning. */
final class Followed extends InputStream {
    private static final long PAUSE_MS = 200;

    private final Path file;
    private final Runnable idle;
    private InputStream in;
    private long at;

    /** @param idle run whenever there is nothing more to read for now */
    Followed(Path file, Runnable idle) throws IOException {
        this.file = file;
        this.idle = idle;
        in = Files.newInputStream(file);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
        int n = in.read(bytes, from, length);
        while (n < 0) {
            idle.run();
            if (!pause()) {
                return -1;
            }
            if (Files.exists(file) && Files.size(file) < at) {
                in.close();
                in = Files.newInputStream(file);
                at = 0;
            }
            n = in.read(bytes, from, length);
        }
        at += n;
        return n;
    }

    private static boolean pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
            return true;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
