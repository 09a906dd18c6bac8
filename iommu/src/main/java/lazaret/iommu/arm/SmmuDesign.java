// SPDX-License-Identifier: Apache-2.0
package lazaret.iommu.arm;

import java.util.List;
import lazaret.iommu.Design;

/**
 * The steps of the SMMUv3 driver on which containment designs differ. They stand in the order in which a
 * broken device meets them. Unless it says otherwise a step is called in any context: it must not sleep or
 * allocate.
 */
public interface SmmuDesign extends Design {
    /** One line for whoever has to choose. */
    String inOneLine();

    /** The classes that are there for its sake, besides its own and those it is made from. */
    default List<Class<?>> parts() {
        return reporting().parts();
    }

    /** The locks that it takes, and the work that it queues, where the baseline does not. */
    default List<String> locks() {
        return reporting().locks();
    }

    // ---- flush

    /** The SMMU forgets, the devices forget. @req R63 */
    default void invalidate(Flush flush) {
        flush.tlb();
        flush.atc();
    }

    /** Is there something that it does when the command queue stands still? */
    default boolean escalates() {
        return false;
    }

    /** Is this device left out of flushes? */
    boolean skipsInFlush(Master master);

    /** Is this device left out when it is attached or detached itself? */
    boolean skipsInAttach(Master master);

    /** Is each device asked by itself, with a SYNC of its own? Or all together? */
    default boolean asksOneByOne() {
        return false;
    }

    // ---- queue

    /** Is this barrier there? A design that leaves one out is broken on purpose. */
    default boolean orders(Barrier barrier) {
        return true;
    }

    /** The SYNC is written last, and what is announced may be published at any moment. */
    default void insert(Insertion insertion) {
        insertion.write();
        insertion.announce();
    }

    /** Are slots free again, up to a SYNC for which its issuer waits no longer? */
    default boolean reclaimsGivenUp() {
        return false;
    }

    /**
     * A batch is longer than an insertion may be: does this part of it, not the last, end with a SYNC of its
     * own?
     */
    boolean closesChunk(boolean holdsAtcInv);

    /** Does whoever waits for a SYNC look at GERROR, or does the interrupt alone? */
    boolean issuerHandlesGerror();

    /** The queue has stopped at an error: it is noted whose, and then the queue may go on. */
    default void onCmdqError(CmdqError error) {
        error.record();
        error.acknowledge();
    }

    /** Is this an answer on which memory may be given back? */
    boolean positive(Synced synced);

    // ---- quarantine

    /** At least one master of the round gave no positive answer. When this returns, the flush returns. */
    void onAtcTimeout(AtcRound round);

    /** Those who have to be quarantined for it. */
    List<Master> culprits(AtcRound round);

    void quarantine(Master master);

    /** Says whether hardware refuses the master's ATS traffic now. */
    boolean fence(Master master);

    /** The STE in memory says EATS=0; has hardware forgotten what it said before? */
    boolean makeEffective(Master master);

    void mute(Master master);

    // ---- attach

    /** May the next STE of this master have EATS=1? Called with attachLock held, may sleep. */
    boolean mayUseAts(Master master);

    /**
     * The next STE of this master will have EATS=1, unless {@link #lastLook} says no. Called with attachLock
     * held, may sleep.
     */
    void beforeAts(Master master);

    /** What is stored as STE word 1 instead of {@code word}. Called with the master's steLock held. */
    long lastLook(Master master, long word);

    /** A device did not confirm that it dropped all it had: may it leave its domain all the same? */
    default boolean letsGo(Master master) {
        return true;
    }

    /**
     * A newer array was published in place of {@code old}, which flushes may still be reading. Called with
     * attachLock held.
     */
    default void retire(SmmuDevice smmu, Invs old) {
        smmu.kernel().rcu().call(old);
    }

    // ---- reset

    /**
     * A reset of this master worked; it is about to be attached again. Called with attachLock held, may
     * sleep.
     */
    void resetDone(Master master);
}
