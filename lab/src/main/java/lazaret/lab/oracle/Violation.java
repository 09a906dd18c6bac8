// SPDX-License-Identifier: Apache-2.0
package lazaret.lab.oracle;

import lazaret.machine.Entry;

/**
 * A property was broken.
 *
 * @param property which
 * @param resource what it was broken on: a stream, a frame, a lock; findings with equal property and
 *                 resource are one
 * @param what     one sentence
 * @param first    the earlier of the two steps that do not go together, or null when there is only one
 * @param second   the step at which the property broke, or null when it broke at the end of the run
 */
public record Violation(Property property, String resource, String what, Entry first, Entry second) {
    /** {@code P1 containment broken on frame 0x80001: …}. */
    public String headline() {
        return property + " " + property.title() + " broken on " + resource + ": " + what;
    }
}
