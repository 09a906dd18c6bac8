// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

/**
 * What a translation permits to unprivileged and to privileged accesses, everything taken into account: the
 * descriptor, the tables above it, and the CD.
 *
 * @spec DDI0487 D8.4
 */
public record Rights(Mode unpriv, Mode priv) {
    /** What one kind of access may do. */
    public record Mode(boolean read, boolean write, boolean exec) {
        boolean any() {
            return read || write || exec;
        }

        private int bits() {
            return bits(read, write, exec);
        }

        private static int bits(boolean read, boolean write, boolean exec) {
            return (read ? 4 : 0) | (write ? 2 : 0) | (exec ? 1 : 0);
        }

        @Override
        public String toString() {
            return (read ? "r" : "-") + (write ? "w" : "-") + (exec ? "x" : "-");
        }
    }

    /** One of each: walks make no new ones. The index is {@link Mode#bits} twice. */
    private static final Rights[] EACH = each();

    /** Where nothing translates, everything is permitted. */
    public static final Rights ALL = EACH[EACH.length - 1];

    /** Everything, as a {@link #number}. */
    static final int EVERY = 63;

    /** What both permit. */
    public Rights and(Rights other) {
        return of(number() & other.number());
    }

    /** Three bits for unprivileged accesses above three for privileged ones. */
    int number() {
        return unpriv.bits() << 3 | priv.bits();
    }

    static Rights of(int number) {
        return EACH[number];
    }

    /** Do the rights with that {@link #number} allow it? */
    static boolean allow(int number, AccessType access) {
        int wanted = access.instruction() ? 1 : access.write() ? 2 : 4;
        return ((access.privileged() ? number : number >>> 3) & wanted) != 0;
    }

    private static Rights[] each() {
        Rights[] each = new Rights[1 << 6];
        for (int i = 0; i < each.length; i++) {
            each[i] = new Rights(new Mode((i & 32) != 0, (i & 16) != 0, (i & 8) != 0),
                    new Mode((i & 4) != 0, (i & 2) != 0, (i & 1) != 0));
        }
        return each;
    }


    public boolean allows(AccessType access) {
        return allow(number(), access);
    }

    public Mode mode(boolean privileged) {
        return privileged ? priv : unpriv;
    }

    /**
     * The rights of a leaf, as a {@link #number}.
     *
     * @param above what the tables on the way said, their bits or-ed
     */
    static int of(long leaf, long above, Cd cd, StreamWorld world, boolean epan) {
        boolean write = (leaf & Pte.AP_RDONLY) == 0 && (above & Pte.APTABLE_RDONLY) == 0;
        boolean xn = Pte.UXN.test(leaf) || Pte.UXNTABLE.test(above);
        boolean wxn = cd.test(Cd.WXN);
        if (!world.asids()) {
            int el2 = Mode.bits(true, write, !xn && !(wxn && write));
            return el2 << 3 | el2;
        }
        boolean user = (leaf & Pte.AP_UNPRIV) != 0 && (above & Pte.APTABLE_PRIV) == 0;
        boolean pxn = Pte.PXN.test(leaf) || Pte.PXNTABLE.test(above);
        boolean userExec = !xn && !(wxn && user && write);
        boolean privExec = !pxn && !(user && write) && !(wxn && write);
        boolean pan = cd.test(Cd.PAN) && (user || epan && userExec);
        return Mode.bits(user, user && write, userExec) << 3 | Mode.bits(!pan, !pan && write, privExec);
    }

    /**
     * The rights of a leaf of stage 2, as a {@link #number}.
     *
     * @param xnx XN distinguishes privileged and unprivileged
     */
    static int stage2(long leaf, boolean xnx) {
        boolean read = (leaf & Pte.S2AP_READ) != 0;
        boolean write = (leaf & Pte.S2AP_WRITE) != 0;
        int xn = xnx ? Pte.XN.getInt(leaf) : Pte.XN.getInt(leaf) & 2;
        return Mode.bits(read, write, xn < 2) << 3 | Mode.bits(read, write, xn == 0 || xn == 3);
    }

    @Override
    public String toString() {
        return "unpriv " + unpriv + " priv " + priv;
    }
}
