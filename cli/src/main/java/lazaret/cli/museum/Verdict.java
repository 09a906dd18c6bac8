// SPDX-License-Identifier: Apache-2.0
package lazaret.cli.museum;

/**
 * A piece and what the search said of it.
 *
 * @param planted with the bug
 * @param clean   without it
 */
public record Verdict(Piece piece, Trial planted, Trial clean) {
    /** Was it met, by a property that it breaks? */
    public boolean found() {
        return planted.found() && piece.breaks().contains(planted.property());
    }

    /** Met, and nothing where it is not. */
    public boolean good() {
        return found() && !clean.found();
    }
}
