// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Deque;

/** All that an exploration knows between two rounds of its workers, as a file of {@link Checkpoint}. */
record Ledger(Sharing sharing, Tally tally, States states, Deque<byte[]> open) {
    private static final String FORM = "lazaret exploration 1";

    void write(Checkpoint to) {
        Path beside = to.file().resolveSibling(to.file().getFileName() + ".new");
        try {
            try (var out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(beside)))) {
                out.writeUTF(FORM);
                out.writeUTF(to.settings());
                sharing.write(out);
                tally.write(out);
                states.write(out);
                out.writeInt(open.size());
                for (byte[] work : open) {
                    out.writeInt(work.length);
                    out.write(work);
                }
            }
            Files.move(beside, to.file(), StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** @throws Checkpoint.Unusable when it cannot go on */
    void read(Checkpoint from) {
        try (var in = new DataInputStream(new BufferedInputStream(Files.newInputStream(from.file())))) {
            same("not a checkpoint of this version", FORM, in.readUTF());
            same("a checkpoint of other settings", from.settings(), in.readUTF());
            sharing.read(in);
            tally.read(in);
            states.read(in);
            for (int left = in.readInt(); left > 0; left--) {
                open.add(in.readNBytes(in.readInt()));
            }
        } catch (IOException failure) {
            throw new Checkpoint.Unusable("cannot go on with " + from.file() + ": " + failure);
        }
    }

    void delete(Checkpoint where) {
        try {
            Files.deleteIfExists(where.file());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void same(String otherwise, String wanted, String is) {
        if (!wanted.equals(is)) {
            throw new Checkpoint.Unusable(otherwise + ": " + is + " instead of " + wanted);
        }
    }
}
