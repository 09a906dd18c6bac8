// SPDX-License-Identifier: Apache-2.0
package lazaret.pcie;

/**
 * What a function sends towards memory. One read or write moves one aligned 64-bit word. Writes and messages
 * are posted and keep their order; a read or translation request is answered by the {@link DownTlp}
 * completion with its tag.
 */
public sealed interface Tlp {
    /** Who sent it, see {@link Bdf#rid}. */
    int rid();

    /** Posted: no answer comes, and nothing sent later may pass it. */
    default boolean posted() {
        return switch (this) {
            case MemWrite _, InvalidateCompletion _, PageRequest _ -> true;
            case MemRead _, TranslationRequest _ -> false;
        };
    }

    /**
     * A posted write of one word.
     *
     * @param at      {@link At#UNTRANSLATED} or {@link At#TRANSLATED}
     * @param pasid   or {@link Pasid#NONE}
     * @param address multiple of 8: an IOVA or, translated, what the ATC said
     * @param iova    what the function meant; not on the wire, for logs and for the oracle only
     */
    record MemWrite(int rid, At at, int pasid, long address, long data, long iova) implements Tlp { }

    /** A read of one word; parameters as {@link MemWrite}. */
    record MemRead(int rid, At at, int pasid, long address, int tag, long iova) implements Tlp { }

    /**
     * Asks for the translation of one page of the function's smallest translation unit.
     *
     * @param exec    wants to execute; only with a PASID
     * @param priv    privileged; only with a PASID
     * @param noWrite will not write, so that a writable-clean page need not become dirty
     * @param address IOVA, aligned to the smallest translation unit
     */
    record TranslationRequest(int rid, int pasid, boolean exec, boolean priv, boolean noWrite, long address,
            int tag) implements Tlp { }

    /**
     * Says that invalidations are done.
     *
     * @param itagVector bit n answers the {@link DownTlp.InvalidateRequest} with ITag n
     * @param cc         how many such messages the root must collect for each of these ITags; 0 means 8
     */
    record InvalidateCompletion(int rid, int itagVector, int cc) implements Tlp { }

    /**
     * Asks software to make a page present. The last of a group without reading or writing says, with a
     * PASID, that the function has stopped using that.
     *
     * @param last closes the group {@code prgIndex}
     * @param exec wants to execute; only with a PASID
     * @param priv privileged; only with a PASID
     */
    record PageRequest(int rid, int pasid, long address, int prgIndex, boolean last, boolean write,
            boolean read, boolean exec, boolean priv) implements Tlp { }
}
