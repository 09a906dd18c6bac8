// SPDX-License-Identifier: Apache-2.0
package lazaret.qemu;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * A qtest server at the end of a Unix socket. Requests are sent and answers read in turn as either side has
 * room, so that any number of them may be under way.
 */
final class SocketWire implements Wire {
    private static final int BUFFER = 1 << 16;
    /** A line that long is none of the protocol. */
    private static final int LONGEST = 1 << 20;

    private final SocketChannel channel;
    private final Selector selector;
    private final long patienceMs;
    private final Dialogue dialogue = new Dialogue();
    private final ByteBuffer in = ByteBuffer.allocate(BUFFER);
    private final StringBuilder rest = new StringBuilder();

    private SocketWire(SocketChannel channel, Selector selector, long patienceMs) {
        this.channel = channel;
        this.selector = selector;
        this.patienceMs = patienceMs;
    }

    /** @throws IOException when nobody listens there (yet) */
    static SocketWire connect(Path socket, long patienceMs) throws IOException {
        var channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        try {
            channel.configureBlocking(false);
            Selector selector = Selector.open();
            channel.register(selector, SelectionKey.OP_READ);
            return new SocketWire(channel, selector, patienceMs);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public List<Answer> ask(List<String> requests) {
        if (requests.isEmpty()) {
            return List.of();
        }
        var deadline = Deadline.in(patienceMs);
        byte[] text = (String.join("\n", requests) + "\n").getBytes(StandardCharsets.UTF_8);
        ByteBuffer out = ByteBuffer.wrap(text);
        try {
            while (dialogue.answered() < requests.size()) {
                move(out, requests, deadline);
            }
        } catch (IOException e) {
            throw new QemuFailure("the connection to QEMU broke at \"" + waiting(requests) + "\"", e);
        }
        return dialogue.taken();
    }

    private String waiting(List<String> requests) {
        return requests.get(Math.min(dialogue.answered(), requests.size() - 1));
    }

    /** Moves what can be moved. */
    private void move(ByteBuffer out, List<String> requests, Deadline deadline) throws IOException {
        if (out.hasRemaining()) {
            channel.write(out);
        }
        channel.keyFor(selector).interestOps(out.hasRemaining()
                ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
        selector.select(deadline.millisLeft());
        selector.selectedKeys().clear();
        in.clear();
        int read = channel.read(in);
        if (read < 0) {
            throw new QemuFailure("QEMU ended the connection at \"" + waiting(requests) + "\"");
        }
        hear(read, requests);
        if (deadline.over() && dialogue.answered() < requests.size()) {
            throw new QemuFailure("QEMU did not answer \"" + waiting(requests) + "\" within "
                    + patienceMs + " ms");
        }
    }

    private void hear(int bytes, List<String> requests) {
        rest.append(new String(in.array(), 0, bytes, StandardCharsets.UTF_8));
        int from = 0;
        for (int end = rest.indexOf("\n"); end >= 0; end = rest.indexOf("\n", from)) {
            String line = rest.substring(from, end).strip();
            from = end + 1;
            dialogue.hear(line, waiting(requests));
        }
        rest.delete(0, from);
        if (rest.length() > LONGEST) {
            throw new QemuFailure("QEMU's answer to \"" + waiting(requests) + "\" does not end");
        }
    }

    @Override
    public void close() {
        try (channel; selector) {
            rest.setLength(0);
        } catch (IOException e) {
            throw new QemuFailure("cannot close the connection to QEMU", e);
        }
    }
}
