// SPDX-License-Identifier: Apache-2.0
package lazaret.bench.fuzz;

/** An input, read from its beginning. Behind its end there are zeros. */
final class Bytes {
    private static final long[] TELLING = {0, -1, 1, 8, 0xfff, 0x1000, 0x2000, 0x8000, 0x1f_ffff, 0x20_0000,
        0x4000_0000, 0x7fff_ffff, 0xffff_ffffL, 0xffff_f000L, 1L << 32, 1L << 36, (1L << 36) - 8, 1L << 39,
        1L << 47, 1L << 48, (1L << 52) - 0x1000, 1L << 52, 1L << 63, Long.MAX_VALUE, 0x7fff_ffff_ffff_f000L};

    private final byte[] all;
    private int at;

    Bytes(byte[] all) {
        this.all = all;
    }

    boolean more() {
        return at < all.length;
    }

    int next() {
        return at < all.length ? all[at++] & 0xff : 0;
    }

    /** 0 … n−1. */
    int below(int n) {
        return n <= 256 ? next() % n : (next() << 8 | next()) % n;
    }

    <T> T of(T[] some) {
        return some[below(some.length)];
    }

    /** A word: one that often tells something, a small one, one with few bits, an address in use, or any. */
    long word() {
        int kind = next();
        return switch (kind & 7) {
            case 0, 1 -> TELLING[(kind >>> 3) % TELLING.length];
            case 2 -> kind >>> 3;
            case 3 -> 1L << next();
            case 4 -> World.address(next(), next());
            case 5 -> World.address(next(), next()) | next();
            case 6 -> next() << 8 | next();
            default -> any();
        };
    }

    private long any() {
        long word = 0;
        for (int i = 0; i < 8; i++) {
            word = word << 8 | next();
        }
        return word;
    }
}
