// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.story;

/**
 * A moment as it is told.
 *
 * @param text what a kernel engineer reads
 * @param mark 1 or 2 for the two steps that do not go together, else 0
 */
public record Line(Moment moment, String text, int mark) { }
