// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;

/** The run being explored as its decisions, from the start. Node 0 is boot, which nobody chose. */
final class Path {
    private Node[] nodes = new Node[64];
    private int length;

    Path() {
        begin();
    }

    /** Nothing is known yet. */
    void begin() {
        length = 0;
        push().begin(0);
    }

    /** What has yet to be done on this path, for whoever goes on with it. */
    byte[] write(Names names) {
        return written(names, scribe -> {
            scribe.number(length);
            for (int i = 0; i < length; i++) {
                if (i < length - 1 && nodes[i].isSpent()) {
                    nodes[i].writeStep(scribe);
                } else {
                    nodes[i].write(scribe);
                }
            }
        });
    }

    /**
     * The part nearest the start of what has yet to be done; from now on it is not done on this path.
     *
     * @return null when there is nothing to give away
     */
    byte[] give(Names names) {
        for (int at = 1; at < length - 1; at++) {
            if (nodes[at].todo != 0) {
                int last = at;
                return written(names, scribe -> {
                    scribe.number(last + 1);
                    for (int i = 0; i < last; i++) {
                        nodes[i].writeStep(scribe);
                    }
                    nodes[last].writeRest(scribe);
                });
            }
        }
        return null;
    }

    /** Goes on with what was written. */
    void read(byte[] written, Names names) {
        try (var in = new DataInputStream(new ByteArrayInputStream(written))) {
            var reader = new Scribe.Reader(in, names);
            cut(0);
            for (long nodesLeft = reader.number(); nodesLeft > 0; nodesLeft--) {
                push().read(reader);
            }
        } catch (IOException never) {
            throw new UncheckedIOException(never);
        }
    }

    @FunctionalInterface
    private interface Writing {
        void to(Scribe scribe) throws IOException;
    }

    private static byte[] written(Names names, Writing what) {
        var bytes = new ByteArrayOutputStream();
        try {
            what.to(new Scribe(new DataOutputStream(bytes), names));
        } catch (IOException never) {
            throw new UncheckedIOException(never);
        }
        return bytes.toByteArray();
    }

    int length() {
        return length;
    }

    Node get(int index) {
        return nodes[index];
    }

    Node last() {
        return nodes[length - 1];
    }

    /** The one before the last. */
    Node before() {
        return nodes[length - 2];
    }

    Node push() {
        if (length == nodes.length) {
            nodes = Arrays.copyOf(nodes, length * 2);
        }
        if (nodes[length] == null) {
            nodes[length] = new Node();
        }
        return nodes[length++];
    }

    void cut(int newLength) {
        length = newLength;
    }
}
