// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

import lazaret.machine.Coded;

/**
 * Where the entry of a stream is. With a linear table that is a matter of arithmetic ({@link #ste(int)});
 * with a 2-level table somebody fetches the word at {@link #l1std}, and what it says leads to {@link
 * #ste(int, long)}.
 *
 * @param base     address of the table, aligned as the SMMU forces it
 * @param log2size log2 of the number of streams, not above what the SMMU has
 * @param split    stream id bits that one level-1 descriptor covers; used with 2 levels only
 * @param fmt      shape
 * @spec IHI0070 3.3.2
 * @kernel arm_smmu_get_step_for_sid
 */
public record StreamTable(long base, int log2size, int split, Fmt fmt) {
    /** No such entry. */
    public static final long NOWHERE = -1;

    /** Shape of a stream table. Codes 2 and 3 mean 0. */
    public enum Fmt implements Coded {
        LINEAR, TWO_LEVEL;

        @Override
        public int code() {
            return ordinal();
        }
    }

    /** The table that the two registers describe to an SMMU with {@code sidsize} bits of stream id. */
    public static StreamTable of(long strtabBase, long strtabBaseCfg, int sidsize) {
        int literal = StrtabBaseCfg.LOG2SIZE.getInt(strtabBaseCfg);
        int split = split(StrtabBaseCfg.SPLIT.getInt(strtabBaseCfg));
        boolean two = StrtabBaseCfg.FMT.getInt(strtabBaseCfg) == Fmt.TWO_LEVEL.code();
        Fmt fmt = two ? Fmt.TWO_LEVEL : Fmt.LINEAR;
        int log2bytes = switch (fmt) {
            case LINEAR -> literal + 6;
            case TWO_LEVEL -> Math.max(6, literal - split + 3);
        };
        long aligned = log2bytes > 63 ? 0 : StrtabBase.ADDR.in(strtabBase) & -1L << log2bytes;
        return new StreamTable(aligned, Math.min(literal, sidsize), split, fmt);
    }

    public boolean contains(int sid) {
        return Integer.toUnsignedLong(sid) >>> log2size == 0;
    }

    /** Address of the entry of {@code sid} in a linear table. */
    public long ste(int sid) {
        return base + Integer.toUnsignedLong(sid) * Ste.SIZE;
    }

    /** Address of the level-1 descriptor that covers {@code sid}. */
    public long l1std(int sid) {
        return base + (Integer.toUnsignedLong(sid) >>> split) * Long.BYTES;
    }

    /**
     * Address of the entry of {@code sid} under its level-1 descriptor; {@link #NOWHERE} when that does not
     * reach it.
     */
    public long ste(int sid, long l1std) {
        int entries = L1Std.entries(l1std);
        int index = sid & (1 << split) - 1;
        boolean legal = entries <= 1 << split;
        return legal && index < entries ? L1Std.l2Ptr(l1std) + (long) index * Ste.SIZE : NOWHERE;
    }

    private static int split(int field) {
        return field == 8 || field == 10 ? field : 6;
    }
}
