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
 * <li>Stage 2 is walked for each address that stage 1 says: of CDs, of descriptors, and of the access itself.
 * </ol>
 * Where hardware manages access flag and dirty state, a leaf is read once more to be {@linkplain #marked
 * marked}.
 *
 * Hardware with caches asks {@link #needs}, and where it remembers the answer says so with {@link
 * #with(Ste)}, {@link #with(Cd)} or {@link #with(Translation)} instead of feeding words; where it does not,
 * it asks for what is {@link #unknown}. After each step {@link #ste}, {@link #cd}, {@link #stage2} and {@link
 * #translation} are what has been found so far and may be remembered.
 * An entry that is remembered is judged once: the verdict is a function of its words and of what the SMMU is.
 *
 * @spec IHI0070 3.4
 */
public sealed interface Walk permits StreamWalk, ContextWalk, TableWalk, TableWalk.Update, Stage2Walk,
        Stage2Walk.Update, Walk.Done {
    /** What is to be looked up next. Whoever needs one may need those behind it first. */
    enum Need { STE, CD, TRANSLATION, STAGE2, NOTHING }

    /** The end: an outcome, and what was found on the way, null where it was not. */
    record Done(Transaction transaction, Outcome outcome, Ste ste, Cd cd, Translation translation)
            implements Walk {
        @Override
        public Need needs() {
            return Need.NOTHING;
        }

        @Override
        public Translation stage2() {
            return translation == null ? null : translation.stage2();
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

    /**
     * What is needed is not known. Goes on to fetch it, which may take something else first; itself if it is
     * on the way already.
     */
    default Walk unknown() {
        return this;
    }

    /** Is the next word only the way to what is needed: a level-1 descriptor? */
    default boolean levelOne() {
        return false;
    }

    /** Level of the table that holds the next descriptor; where that is what is wanted. */
    default int level() {
        throw new IllegalStateException("needs " + needs());
    }

    /** Words of the STE or CD that are still to be read, as bits; 0 where no entry is being read. */
    default int missing() {
        return 0;
    }

    /** The same, wanting that word of the {@link #missing} ones: they may be read in any order. */
    default Walk wanting(int word) {
        throw new IllegalStateException("needs " + needs());
    }

    /** Address of the STE or CD that is being read. */
    default long entry() {
        throw new IllegalStateException("needs " + needs());
    }

    /** Address of the next word to feed; of a walk that is not {@link #unknown}. */
    long wants();

    /**
     * What the word at {@link #wants}, just read, becomes: something else where hardware marks a descriptor.
     * Reading and storing are one atomic step, and the result is fed.
     */
    default long marked(long word) {
        return word;
    }

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

    /** What stage 2 said last. */
    default Translation stage2() {
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

    /** The address that stage 2 is to translate. */
    default long ipa() {
        throw new IllegalStateException("needs " + needs());
    }

    /** Goes on with a known STE, which is judged now; where one is {@linkplain #needs needed}. */
    default Walk with(Ste ste) {
        throw new IllegalStateException("needs " + needs());
    }

    /** Goes on with a known CD, which is judged now; where one is {@linkplain #needs needed}. */
    default Walk with(Cd cd) {
        throw new IllegalStateException("needs " + needs());
    }

    /**
     * Goes on with a known STE; where one is {@linkplain #needs needed}.
     *
     * @param legal what {@link Legality#ste} says of it
     */
    default Walk with(Ste ste, boolean legal) {
        throw new IllegalStateException("needs " + needs());
    }

    /**
     * Goes on with a known CD; where one is {@linkplain #needs needed}.
     *
     * @param legal what {@link Legality#cd} said of it under this {@link #ste} when it was judged
     */
    default Walk with(Cd cd, boolean legal) {
        throw new IllegalStateException("needs " + needs());
    }

    /**
     * Goes on with a known translation that covers {@link #va} or {@link #ipa}; where one is {@linkplain
     * #needs needed}. Itself if the descriptor has to be looked at nevertheless, to be marked.
     */
    default Walk with(Translation translation) {
        throw new IllegalStateException("needs " + needs());
    }

    /** The first step. */
    static Walk start(Regs regs, Transaction transaction) {
        return StreamWalk.start(new Asked(regs, transaction));
    }

    /** The first steps, where the STE is known; see {@link #with(Ste, boolean)}. */
    static Walk start(Regs regs, Transaction transaction, Ste ste, boolean legal) {
        return StreamWalk.start(new Asked(regs, transaction), ste, legal);
    }

    /** All of it, reading memory as it is now. Nothing is stored: what would be marked is taken as marked. */
    static Done whole(Memory memory, Regs regs, Transaction transaction) {
        Walk walk = start(regs, transaction);
        while (!(walk instanceof Done done)) {
            walk = walk.step(memory);
        }
        return done;
    }

    /** A little further, with memory as it is now and without storing. */
    default Walk step(Memory memory) {
        Walk on = unknown();
        if (on != this) {
            return on;
        }
        long pa = wants();
        return memory.backs(pa) ? feed(marked(memory.load(pa))) : abort();
    }
}
