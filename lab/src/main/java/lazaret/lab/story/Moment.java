// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.story;

import lazaret.machine.Entry;

/**
 * One entry of a run's log with its circumstances.
 *
 * @param step   how many steps the run had taken
 * @param time   virtual time in microseconds
 * @param lane   the column it belongs to
 * @param strand who did it
 * @param entry  what happened
 * @param text   what it means, given what memory held at that moment; null when it need not be told
 */
public record Moment(int step, long time, String lane, String strand, Entry entry, String text) { }
