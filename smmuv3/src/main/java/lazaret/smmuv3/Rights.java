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
        boolean allows(AccessType access) {
            if (access.instruction()) {
                return exec;
            }
            return access.write() ? write : read;
        }

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
    public static final Rights ALL = of(7, 7);

    /** What both permit. */
    public Rights and(Rights other) {
        return of(unpriv.bits() & other.unpriv.bits(), priv.bits() & other.priv.bits());
    }

    private static Rights[] each() {
        Rights[] each = new Rights[1 << 6];
        for (int i = 0; i < each.length; i++) {
            each[i] = new Rights(new Mode((i & 32) != 0, (i & 16) != 0, (i & 8) != 0),
                    new Mode((i & 4) != 0, (i & 2) != 0, (i & 1) != 0));
        }
        return each;
    }

    private static Rights of(int unpriv, int priv) {
        return EACH[unpriv << 3 | priv];
    }

    public boolean allows(AccessType access) {
        return mode(access.privileged()).allows(access);
    }

    public Mode mode(boolean privileged) {
        return privileged ? priv : unpriv;
    }

    /**
     * The rights of a leaf.
     *
     * @param above what the tables on the way said, their bits or-ed
     */
    static Rights of(long leaf, long above, Cd cd, StreamWorld world, boolean epan) {
        boolean write = (leaf & Pte.AP_RDONLY) == 0 && (above & Pte.APTABLE_RDONLY) == 0;
        boolean xn = Pte.UXN.test(leaf) || Pte.UXNTABLE.test(above);
        boolean wxn = cd.test(Cd.WXN);
        if (!world.asids()) {
            int el2 = Mode.bits(true, write, !xn && !(wxn && write));
            return of(el2, el2);
        }
        boolean user = (leaf & Pte.AP_UNPRIV) != 0 && (above & Pte.APTABLE_PRIV) == 0;
        boolean pxn = Pte.PXN.test(leaf) || Pte.PXNTABLE.test(above);
        boolean userExec = !xn && !(wxn && user && write);
        boolean privExec = !pxn && !(user && write) && !(wxn && write);
        boolean pan = cd.test(Cd.PAN) && (user || epan && userExec);
        return of(Mode.bits(user, user && write, userExec), Mode.bits(!pan, !pan && write, privExec));
    }

    /**
     * The rights of a leaf of stage 2.
     *
     * @param xnx XN distinguishes privileged and unprivileged
     */
    static Rights stage2(long leaf, boolean xnx) {
        boolean read = (leaf & Pte.S2AP_READ) != 0;
        boolean write = (leaf & Pte.S2AP_WRITE) != 0;
        int xn = xnx ? Pte.XN.getInt(leaf) : Pte.XN.getInt(leaf) & 2;
        return of(Mode.bits(read, write, xn < 2), Mode.bits(read, write, xn == 0 || xn == 3));
    }

    @Override
    public String toString() {
        return "unpriv " + unpriv + " priv " + priv;
    }
}
