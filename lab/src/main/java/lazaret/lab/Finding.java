// SPDX-License-Identifier: Apache-2.0
package lazaret.lab;

import java.util.List;
import lazaret.explore.Choice;
import lazaret.lab.oracle.Violation;
import lazaret.lab.story.Moment;

/**
 * A run in which a property was broken, told in full.
 *
 * @param violation the one to report; {@code judged} has all of them
 * @param origin    how it was found, for people: {@code pct schedule, seed 7}
 * @param choices   every decision, for a replay file
 * @param moments   the whole log
 * @param lanes     from left to right: CPUs, functions, the SMMU
 * @param digest    hash of the log, equal in every replay
 */
public record Finding(Violation violation, Judged judged, String origin, List<Choice> choices,
        List<Moment> moments, List<String> lanes, long digest) { }
