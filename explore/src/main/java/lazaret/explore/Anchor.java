// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

/**
 * A place in a run, named by what its strand has done so far and by nothing else: it is the same place in
 * every interleaving, and in a program that was changed elsewhere.
 *
 * @param strand whose progress is counted; {@code -} before the first step
 * @param kind   {@code STORE}, {@code ACQUIRE} …: before software does that; {@code step}: after that step
 *               of hardware, or after software's last one; for a decision what is decided
 * @param nth    how many of this kind there were in this strand, this one included
 */
public record Anchor(String strand, String kind, int nth) {
    /** Before anybody has stepped. */
    public static final Anchor START = new Anchor("-", "step", 0);

    public Anchor {
        if (strand.isEmpty() || kind.isEmpty() || nth < 0 || !oneLine(strand + kind)) {
            throw new IllegalArgumentException("no anchor: " + strand + " " + kind + " " + nth);
        }
    }

    private static boolean oneLine(String text) {
        return text.lines().count() == 1 && !text.contains("\"");
    }
}
