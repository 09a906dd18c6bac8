// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

/**
 * How far a TLB invalidation by address reaches: (num+1)·2<sup>scale</sup> granules of size {@code tg},
 * leaves at level {@code ttl} only. Without {@code tg} it is one page or block of any size.
 *
 * @param tg  0 none, 1 is 4 KiB, 2 is 16 KiB, 3 is 64 KiB
 * @param ttl 0 any
 * @spec IHI0070 4.4.1
 */
public record TlbRange(int num, int scale, int tg, int ttl, boolean ttl128) {
    /** Just the one address. */
    public static final TlbRange NONE = new TlbRange(0, 0, 0, 0, false);

    /** The range in a command's two words. */
    public static TlbRange of(long w0, long w1) {
        int num = Cmd.NUM.getInt(w0);
        int scale = Cmd.SCALE.getInt(w0);
        int tg = Cmd.TG.getInt(w1);
        int ttl = Cmd.TTL.getInt(w1);
        boolean ttl128 = Cmd.TTL128.test(w1);
        boolean none = (num | scale | tg | ttl) == 0 && !ttl128;
        return none ? NONE : new TlbRange(num, scale, tg, ttl, ttl128);
    }

    /** Bytes meant, from the command's address; 0 without a granule. */
    public long bytes() {
        return tg == 0 ? 0 : (num + 1L) << scale + 10 + 2 * tg;
    }

    /** Refused by every SMMU: a granule without any range, or a block that the granule does not have. */
    public boolean illegal() {
        boolean one = num == 0 && scale == 0;
        return tg != 0 && one && ttl == 0 || tg == 2 && ttl == 1 && one;
    }

    long w0() {
        return Cmd.NUM.prep(num) | Cmd.SCALE.prep(scale);
    }

    long w1() {
        return Cmd.TG.prep(tg) | Cmd.TTL.prep(ttl) | Cmd.TTL128.prep(ttl128);
    }
}
