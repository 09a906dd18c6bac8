// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.compare;

import java.util.List;

/**
 * One design in a comparison.
 *
 * @param verdicts one for each property, in their order
 * @param harmed   the most devices that lost ATS or their domain in one run although they answered
 * @param timeouts the most time-outs of hardware that one flush sat through
 * @param commands that flushing one page of two healthy devices takes
 * @param locks    that it takes, and the work that it queues, where the baseline does not; as it says
 * @param lines    with code, more than the baseline has
 * @param sampled  how many scenarios were sampled as often as planned
 * @param unknowns what could not be judged, and why
 */
public record Row(String design, String line, List<Verdict> verdicts, int harmed, int timeouts, int commands,
        List<String> locks, int lines, Recovery recovery, int sampled, List<String> unknowns) { }
