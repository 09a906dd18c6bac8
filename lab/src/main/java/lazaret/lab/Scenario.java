// SPDX-License-Identifier: Apache-2.0
package lazaret.lab;

/**
 * A machine, who is broken and how, and what software does on it. {@link #stage} wires and boots it once;
 * every run then starts from there. A user's own scenario is a class that implements this, in one file.
 */
public interface Scenario {
    /** As on the command line; by default the class name in small letters with hyphens. */
    default String name() {
        return getClass().getSimpleName().replaceAll("(?<=[a-z0-9])(?=[A-Z])", "-")
                .toLowerCase(java.util.Locale.ROOT);
    }

    /** One line for a list. */
    String line();

    /** Builds the machine and says what its actors will do. */
    void stage(Lab lab);
}
