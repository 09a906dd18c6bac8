// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.story;

/**
 * A moment as it is told.
 *
 * @param text   what a kernel engineer reads
 * @param mark   1 or 2 for the two steps that do not go together, else 0
 * @param folded how many moments this line stands for, the given one the first; 0 for an ordinary one
 */
public record Line(Moment moment, String text, int mark, int folded) {
    public Line(Moment moment, String text, int mark) {
        this(moment, text, mark, 0);
    }

    /** One line for moments that have no part in what is told. */
    public static Line fold(Moment first, int count) {
        String text = "… " + (count == 1 ? "a line" : count + " lines") + " without a part in it";
        return new Line(first, text, 0, count);
    }
}
