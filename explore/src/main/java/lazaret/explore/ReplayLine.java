// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * A run as one short line of text, for a mail or a commit message: {@code lz1:} and letters. It only says
 * where the run departs from the default, by number, so it is good for the very build that made it.
 *
 * @param build    hash of the code that made it
 * @param scenario hash of the scenario's name
 * @param design   hash of the design's name
 * @param finding  hash of what the run shows
 * @param turns    the departures
 */
public record ReplayLine(int build, int scenario, int design, int finding, List<Exact.Turn> turns) {
    /** What every line begins with. */
    public static final String PREFIX = "lz1:";
    private static final int PRIME = 0x01000193;
    private static final int BASIS = 0x811c9dc5;

    public ReplayLine {
        turns = List.copyOf(turns);
    }

    /** The hash of a text as it stands in a line: FNV-1a, equal in every JVM. */
    public static int hash(String text) {
        int hash = BASIS;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * PRIME;
        }
        return hash;
    }

    /** The line; {@link #parse} reads it back. */
    public String text() {
        var bytes = new ByteArrayOutputStream();
        for (int hash : new int[] {build, scenario, design, finding}) {
            word(bytes, hash);
        }
        int before = -1;
        for (Exact.Turn turn : turns) {
            number(bytes, turn.index() - before - 1);
            number(bytes, turn.picked());
            before = turn.index();
        }
        word(bytes, sum(bytes.toByteArray(), bytes.size()));
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.toByteArray());
    }

    /** Reads what {@link #text} wrote. */
    public static ReplayLine parse(String text) throws ReplayFile.Unreadable {
        if (!text.startsWith(PREFIX)) {
            throw new ReplayFile.Unreadable("this is not a replay line, those begin with " + PREFIX);
        }
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(text.substring(PREFIX.length()));
        } catch (IllegalArgumentException letters) {
            throw new ReplayFile.Unreadable("the replay line has letters that do not belong there");
        }
        int end = bytes.length - Integer.BYTES;
        if (end < 4 * Integer.BYTES) {
            throw new ReplayFile.Unreadable("the replay line is too short: it was truncated");
        }
        var in = new ByteArrayInputStream(bytes);
        in.skip(end);
        if (word(in) != sum(bytes, end)) {
            throw new ReplayFile.Unreadable("the replay line is damaged: its checksum does not fit");
        }
        in = new ByteArrayInputStream(bytes, 0, end);
        return new ReplayLine(word(in), word(in), word(in), word(in), turns(in));
    }

    private static List<Exact.Turn> turns(ByteArrayInputStream in) {
        var turns = new ArrayList<Exact.Turn>();
        int before = -1;
        while (in.available() > 0) {
            before += 1 + number(in);
            turns.add(new Exact.Turn(before, number(in)));
        }
        return turns;
    }

    private static int sum(byte[] bytes, int length) {
        int hash = BASIS;
        for (int i = 0; i < length; i++) {
            hash = (hash ^ bytes[i]) * PRIME;
        }
        return hash;
    }

    private static void word(ByteArrayOutputStream out, int value) {
        for (int shift = 24; shift >= 0; shift -= 8) {
            out.write(value >>> shift);
        }
    }

    private static int word(ByteArrayInputStream in) {
        int value = 0;
        for (int i = 0; i < Integer.BYTES; i++) {
            value = value << 8 | in.read();
        }
        return value;
    }

    /** Seven bits a byte, the lowest first. */
    private static void number(ByteArrayOutputStream out, int value) {
        int rest = value;
        while (rest > 0x7f) {
            out.write(rest & 0x7f | 0x80);
            rest >>>= 7;
        }
        out.write(rest);
    }

    private static int number(ByteArrayInputStream in) {
        int value = 0;
        int shift = 0;
        int next;
        do {
            next = in.read();
            value |= (next & 0x7f) << shift;
            shift += 7;
        } while (next > 0x7f && shift < Integer.SIZE);
        return value & Integer.MAX_VALUE;
    }
}
