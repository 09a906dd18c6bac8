// SPDX-License-Identifier: Apache-2.0
package lazaret.lab;

import java.util.List;
import lazaret.lab.oracle.Property;
import lazaret.lab.oracle.Violation;

/**
 * When two violations are one finding: the same property, on the same class of resource. Which frame or
 * stream it was may differ between interleavings of one bug.
 *
 * @param resource what it was broken on, without numbers: {@code frame}, {@code sid}
 */
public record Sameness(Property property, String resource) {
    public static Sameness of(Violation violation) {
        return new Sameness(violation.property(), resourceClass(violation.resource()));
    }

    /** Is this violation of that finding? */
    public boolean holds(Violation violation) {
        return violation.property() == property && resource.equals(resourceClass(violation.resource()));
    }

    /** The first violation of that finding, or null. */
    public Violation in(List<Violation> violations) {
        return violations.stream().filter(this::holds).findFirst().orElse(null);
    }

    /** {@code P1 frame}: as it stands in replay files. */
    public String text() {
        return (property + " " + resource).strip();
    }

    /** @throws IllegalArgumentException when {@code text} is not one that {@link #text} writes */
    public static Sameness parse(String text) {
        String[] parts = text.split(" ", 2);
        return new Sameness(Property.valueOf(parts[0]), parts.length == 1 ? "" : parts[1]);
    }

    private static String resourceClass(String resource) {
        return resource.replaceAll("\\b(0x[0-9a-f]+|\\d+)\\b", "").strip();
    }
}
