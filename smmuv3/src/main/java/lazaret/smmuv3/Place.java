// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

/** Where a walk stands, apart from stage 2. */
enum Place {
    STREAM(Walk.Need.STE),
    CONTEXT(Walk.Need.CD),
    TABLE(Walk.Need.TRANSLATION),
    /** A descriptor is about to be marked. */
    MARK(Walk.Need.TRANSLATION),
    /** Stage 1 is done with. */
    LAST(Walk.Need.STAGE2),
    END(Walk.Need.NOTHING);

    private final Walk.Need need;

    Place(Walk.Need need) {
        this.need = need;
    }

    /** What is to be looked up there, if not in stage 2 first. */
    Walk.Need need() {
        return need;
    }

    /** Is stage 2 walked for that place, and does it mark a leaf of its own? */
    enum Below { NOT, TABLE, MARK }

    /** What stage 2 is asked for from there. */
    Evt.Class cls() {
        return switch (this) {
            case CONTEXT -> Evt.Class.CD;
            case TABLE, MARK -> Evt.Class.TT;
            case LAST -> Evt.Class.IN;
            case STREAM, END -> throw new IllegalStateException("no stage 2 for " + this);
        };
    }

    /** Is an entry of configuration read there? */
    boolean reads() {
        return this == STREAM || this == CONTEXT;
    }

    /** Are tables of stage 1 gone down there? */
    boolean descends() {
        return this == TABLE || this == MARK;
    }
}
