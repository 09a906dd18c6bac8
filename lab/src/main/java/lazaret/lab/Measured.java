// SPDX-License-Identifier: Apache-2.0
package lazaret.lab;

/**
 * One run, judged, and what it cost.
 *
 * @param timeouts the most time-outs of hardware that one flush sat through
 * @param commands fetched by hardware while a flush was under way
 * @param harmed   streams that lost ATS although their devices answered whatever they were asked
 */
public record Measured(Judged judged, int timeouts, int commands, int harmed) { }
