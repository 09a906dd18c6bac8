// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Deque;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;

/** All that an exploration knows between two rounds of its workers, as a file of {@link Checkpoint}. */
record Ledger(Sharing sharing, Tally tally, States states, Deque<byte[]> open) {
    private static final String FORM = "lazaret exploration 2";

    /** @throws Checkpoint.Unusable when nothing can be written there */
    static void tryOut(Checkpoint to) {
        try {
            if (Files.isDirectory(to.file())) {
                throw new FileSystemException(to.file().toString(), null, "it is a directory");
            }
            Files.write(beside(to), new byte[0]);
            Files.delete(beside(to));
        } catch (IOException failure) {
            throw unwritable(to, failure);
        }
    }

    /** @throws Checkpoint.Unusable when it cannot */
    void write(Checkpoint to) {
        try {
            var sum = new CRC32C();
            try (var out = new DataOutputStream(new CheckedOutputStream(
                    new BufferedOutputStream(Files.newOutputStream(beside(to))), sum))) {
                write(out, to.settings());
                out.writeLong(sum.getValue());
            }
            Files.move(beside(to), to.file(), StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failure) {
            throw unwritable(to, failure);
        }
    }

    private void write(DataOutputStream out, String settings) throws IOException {
        out.writeUTF(FORM);
        out.writeUTF(settings);
        sharing.write(out);
        tally.write(out);
        states.write(out);
        out.writeInt(open.size());
        for (byte[] work : open) {
            out.writeInt(work.length);
            out.write(work);
        }
    }

    private static Path beside(Checkpoint to) {
        return to.file().resolveSibling(to.file().getFileName() + ".new");
    }

    private static Checkpoint.Unusable unwritable(Checkpoint to, IOException failure) {
        return new Checkpoint.Unusable("cannot write the checkpoint " + to.file() + ": " + said(failure));
    }

    private static String said(IOException failure) {
        return switch (failure) {
            case NoSuchFileException _ -> "there is no such file or directory";
            case AccessDeniedException _ -> "permission denied";
            case FileSystemException told when told.getReason() != null -> told.getReason();
            default -> failure.toString();
        };
    }

    /** @throws Checkpoint.Unusable when it cannot go on */
    void read(Checkpoint from) {
        try {
            whole(from);
            try (var in = new DataInputStream(new BufferedInputStream(Files.newInputStream(from.file())))) {
                read(in, from.settings());
            }
        } catch (IOException failure) {
            throw new Checkpoint.Unusable("cannot go on with " + from.file() + ": " + said(failure));
        }
    }

    /** What was written is all there, and nothing else. */
    private static void whole(Checkpoint from) throws IOException {
        try (var sums = new CheckedInputStream(
                new BufferedInputStream(Files.newInputStream(from.file())), new CRC32C());
                var in = new DataInputStream(sums)) {
            long length = Files.size(from.file()) - Long.BYTES;
            byte[] form = in.readNBytes((int) Math.min(FORM.length() + Short.BYTES, Math.max(length, 0)));
            if (!FORM.equals(new String(form, Math.min(form.length, Short.BYTES),
                    Math.max(form.length - Short.BYTES, 0), StandardCharsets.UTF_8))) {
                throw new Checkpoint.Unusable(from.file() + " is no checkpoint of this version");
            }
            in.skipNBytes(length - form.length);
            if (sums.getChecksum().getValue() != in.readLong()) {
                throw new Checkpoint.Unusable(from.file() + " was truncated or changed");
            }
        }
    }

    private void read(DataInputStream in, String settings) throws IOException {
        in.readUTF();
        String other = in.readUTF();
        if (!settings.equals(other)) {
            throw new Checkpoint.Unusable("a checkpoint of other settings: " + other + " instead of "
                    + settings);
        }
        sharing.read(in);
        tally.read(in);
        states.read(in);
        for (int left = in.readInt(); left > 0; left--) {
            open.add(in.readNBytes(in.readInt()));
        }
    }

    void delete(Checkpoint where) {
        try {
            Files.deleteIfExists(where.file());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
