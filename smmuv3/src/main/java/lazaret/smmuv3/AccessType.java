// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

/**
 * What a transaction wants to do. For a translation request: what the answer should permit, {@code write}
 * being the absence of "no write" and {@code instruction} the wish to execute.
 */
public record AccessType(boolean write, boolean instruction, boolean privileged) {
    /** An unprivileged data read: what PCIe without PASID sends. */
    public static final AccessType READ = new AccessType(false, false, false);
    /** An unprivileged data write. */
    public static final AccessType WRITE = new AccessType(true, false, false);

    private static final long OVERRIDES = Ste.INSTCFG.mask() | Ste.PRIVCFG.mask();
    private static final AccessType[] EACH = new AccessType[8];

    static {
        for (int i = 0; i < EACH.length; i++) {
            EACH[i] = new AccessType((i & 4) != 0, (i & 2) != 0, (i & 1) != 0);
        }
    }

    /** One of the eight that there are, without making a new one. */
    public static AccessType of(boolean write, boolean instruction, boolean privileged) {
        return EACH[(write ? 4 : 0) | (instruction ? 2 : 0) | (privileged ? 1 : 0)];
    }

    /** The access in the stream's eyes, after the overrides of its STE. Writes are always data. */
    public AccessType overridden(Ste ste) {
        if ((ste.w1() & OVERRIDES) == 0 && !(write && instruction)) {
            return this;
        }
        boolean inst = switch (ste.instCfg()) {
            case INCOMING -> instruction;
            case DATA -> false;
            case INST -> true;
        };
        boolean priv = switch (ste.privCfg()) {
            case INCOMING -> privileged;
            case UNPRIV -> false;
            case PRIV -> true;
        };
        return of(write, inst && !write, priv);
    }

    /** The same as unprivileged data. */
    AccessType plain() {
        return write ? WRITE : READ;
    }

    @Override
    public String toString() {
        String what = (instruction ? "inst " : "data ") + (write ? "write" : "read");
        return (privileged ? "priv " : "unpriv ") + what;
    }
}
