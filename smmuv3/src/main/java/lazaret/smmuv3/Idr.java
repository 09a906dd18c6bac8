// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

import lazaret.machine.Field;
import lazaret.machine.Layout;

/**
 * What an SMMU is, as its ID registers say: IDR0, IDR1, IDR3 and IDR5.
 *
 * @spec IHI0070 6.3
 */
public record Idr(long idr0, long idr1, long idr3, long idr5) {
    /** An SMMU that has nothing: a start for {@link #with}. */
    public static final Idr NOTHING = new Idr(0, 0, 0, 0);

    /** IDR0.STALL_MODEL: no transaction ever stalls. */
    static final int NO_STALLS = 1;
    /** IDR0.STALL_MODEL: faults always stall. */
    static final int ONLY_STALLS = 2;
    /** IDR0.TTF: VMSAv8-32 LPAE tables. */
    static final int TTF_LPAE = 1;
    /** IDR0.TTF: VMSAv8-64 tables. */
    static final int TTF_AARCH64 = 2;

    private static final int LITTLE_ENDIAN = 2;
    private static final int BIG_ENDIAN = 3;

    /** Value of a field of one of the four registers. */
    public int get(Field field) {
        return field.getInt(register(field.layout()));
    }

    public boolean has(Field field) {
        return get(field) != 0;
    }

    /** This SMMU with one field different. */
    public Idr with(Field field, long value) {
        long changed = field.put(register(field.layout()), value);
        Layout layout = field.layout();
        return new Idr(
                layout == Idr0.IDR0 ? changed : idr0, layout == Idr1.IDR1 ? changed : idr1,
                layout == Idr3.IDR3 ? changed : idr3, layout == Idr5.IDR5 ? changed : idr5);
    }

    /** Bits of a physical address. */
    public int oas() {
        return addressBits(get(Idr5.OAS));
    }

    /** Bits of an intermediate physical address. */
    public int ias() {
        int lpae = (get(Idr0.TTF) & TTF_LPAE) != 0 ? 40 : 0;
        return Math.max(lpae, (get(Idr0.TTF) & TTF_AARCH64) != 0 ? oas() : 0);
    }

    /**
     * Bits of a stage-1 output address under CD.IPS or a stage-2 one under STE.S2PS: never more than {@link
     * #oas}.
     */
    public int capped(int code) {
        return Math.min(addressBits(code), oas());
    }

    /** Does an address need no more than {@code bits}? */
    public static boolean fits(long address, int bits) {
        return address >>> bits == 0;
    }

    /** Does it read tables of this endianness? */
    boolean reads(boolean bigEndian) {
        int only = get(Idr0.TTENDIAN);
        return bigEndian ? only != LITTLE_ENDIAN : only != BIG_ENDIAN;
    }

    /** May hardware update the access flag ({@code ha}) and the dirty state ({@code hd})? */
    boolean updates(boolean ha, boolean hd) {
        int httu = get(Idr0.HTTU);
        return !(httu == 0 && (ha || hd)) && !(httu == 1 && hd);
    }

    /** log2 of the number of CDs of a stream, as far as substreams exist at all. */
    int cdMax(Ste ste) {
        return has(Idr1.SSIDSIZE) ? ste.get(Ste.S1CDMAX) : 0;
    }

    private static int addressBits(int code) {
        return switch (code) {
            case 0 -> 32;
            case 1 -> 36;
            case 2 -> 40;
            case 3 -> 42;
            case 4 -> 44;
            case 5 -> 48;
            case 6 -> 52;
            default -> 56;
        };
    }

    private long register(Layout layout) {
        if (layout == Idr0.IDR0) {
            return idr0;
        }
        if (layout == Idr1.IDR1) {
            return idr1;
        }
        if (layout == Idr3.IDR3) {
            return idr3;
        }
        if (layout == Idr5.IDR5) {
            return idr5;
        }
        throw new IllegalArgumentException(layout.name() + " is not among these ID registers");
    }
}
