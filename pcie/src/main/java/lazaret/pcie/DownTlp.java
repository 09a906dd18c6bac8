// SPDX-License-Identifier: Apache-2.0
package lazaret.pcie;

/** What the root sends to a function: completions of its requests, and ATS messages. */
public sealed interface DownTlp {
    /**
     * Answers a {@link Tlp.TranslationRequest}.
     *
     * @param entry with {@link CplStatus#SC}: see {@link AtsEntry}; R=W=0 says "not now". Else 0.
     */
    record TranslationCompletion(CplStatus status, int tag, long entry) implements DownTlp { }

    /** Answers a {@link Tlp.MemRead}; {@code data} only with {@link CplStatus#SC}, else 0. */
    record ReadCompletion(CplStatus status, int tag, long data) implements DownTlp { }

    /**
     * Asks the function to forget translations; answered by a {@link Tlp.InvalidateCompletion}, or never.
     *
     * @param itag   0 … 31, names the request until it is answered or given up
     * @param pasid  only this address space; with {@link Pasid#NONE} all of them
     * @param global also entries of other address spaces that are marked global; only with a PASID
     * @param body   the second half of the message: the range as {@link AtsSpan} codes it
     */
    record InvalidateRequest(int itag, int pasid, boolean global, long body) implements DownTlp { }

    /**
     * Answers the page requests of one group.
     *
     * @param code  0 success, 1 invalid request, {@link #FAILURE}; others mean the same as that
     * @param pasid or {@link Pasid#NONE}
     */
    record PrgResponse(int prgIndex, int code, int pasid) implements DownTlp {
        /** The function must stop asking. */
        public static final int FAILURE = 15;
    }
}
