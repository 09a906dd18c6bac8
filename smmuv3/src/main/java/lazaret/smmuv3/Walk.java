// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

import lazaret.machine.Memory;

/**
 * What an SMMU does with one transaction, as a pure state machine: it says which word of memory it wants
 * next, is fed that word, and in the end has an outcome. A value of this type never changes; each step gives
 * the next one.
 *
 * <p>The whole of it, in order:
 * <ol>
 * <li>SMMUEN=0: GBPA decides. A translated transaction with ATSCHK=0 passes.
 * <li>The stream table leads to the STE; the STE is checked.
 * <li>Config=ABORT ends it. ATS traffic needs EATS. Config=BYPASS ends it.
 * <li>The substream selects a CD; the CD is checked.
 * <li>Stage 1 is walked, and what the leaf permits is compared with the access.
 * </ol>
 * Hardware with caches asks {@link #needs}, and where it remembers the answer says so with {@link
 * #with(Ste)}, {@link #with(Cd)} or {@link #with(Translation)} instead of feeding words. After each step
 * {@link #ste}, {@link #cd} and {@link #translation} are what has been found so far and may be remembered.
 * Checks are made again on what was remembered: a cache holds words, not verdicts.
 *
 * @spec IHI0070 3.4
 */
public sealed interface Walk permits StreamWalk, ContextWalk, TableWalk, Walk.Done {
    /** What is to be looked up next. */
    enum Need { STE, CD, TRANSLATION, NOTHING }

    /** The end: an outcome, and what was found on the way, null where it was not. */
    record Done(Transaction transaction, Outcome outcome, Ste ste, Cd cd, Translation translation)
            implements Walk {
        @Override
        public Need needs() {
            return Need.NOTHING;
        }

        @Override
        public long wants() {
            throw new IllegalStateException("nothing more to fetch");
        }

        @Override
        public Walk feed(long word) {
            throw new IllegalStateException("nothing more to fetch");
        }

        @Override
        public Walk abort() {
            throw new IllegalStateException("nothing more to fetch");
        }
    }

    Transaction transaction();

    Need needs();

    /** Address of the next word to feed. */
    long wants();

    /** The word at {@link #wants} is this. */
    Walk feed(long word);

    /** The fetch at {@link #wants} was answered with an external abort. */
    Walk abort();

    default boolean done() {
        return needs() == Need.NOTHING;
    }

    /** Only when {@link #done}. */
    default Outcome outcome() {
        throw new IllegalStateException("not done: wants 0x" + Long.toHexString(wants()));
    }

    /** The STE, as soon as it has been read; also one that is invalid. */
    default Ste ste() {
        return null;
    }

    /** The CD, as soon as it has been read; also one that is invalid. */
    default Cd cd() {
        return null;
    }

    /** The translation that let the transaction pass. */
    default Translation translation() {
        return null;
    }

    /** Index of the CD that is wanted. */
    default int cdIndex() {
        throw new IllegalStateException("needs " + needs());
    }

    /** The address to translate, without tag. */
    default long va() {
        throw new IllegalStateException("needs " + needs());
    }

    /** Goes on with a known STE; where one is {@linkplain #needs needed}. */
    default Walk with(Ste ste) {
        throw new IllegalStateException("needs " + needs());
    }

    /** Goes on with a known CD; where one is {@linkplain #needs needed}. */
    default Walk with(Cd cd) {
        throw new IllegalStateException("needs " + needs());
    }

    /** Goes on with a known translation that covers {@link #va}; where one is {@linkplain #needs needed}. */
    default Walk with(Translation translation) {
        throw new IllegalStateException("needs " + needs());
    }

    /** The first step. */
    static Walk start(Regs regs, Transaction transaction) {
        return StreamWalk.start(new Asked(regs, transaction));
    }

    /** All of it, reading memory as it is now. */
    static Done whole(Memory memory, Regs regs, Transaction transaction) {
        Walk walk = start(regs, transaction);
        while (!(walk instanceof Done done)) {
            long pa = walk.wants();
            walk = memory.backs(pa) ? walk.feed(memory.load(pa)) : walk.abort();
        }
        return done;
    }
}
