// SPDX-License-Identifier: Apache-2.0
package lazaret.explore;

/**
 * One decision of a run.
 *
 * @param who    true for "who steps next", false for "what happens"
 * @param arity  how many alternatives there were, at least 2
 * @param picked which one, 0 … arity−1
 * @param reason the strand that was chosen, or what was being decided: one line
 */
public record Choice(boolean who, int arity, int picked, String reason) {
    public Choice {
        if (arity < 2 || picked < 0 || picked >= arity || !oneLine(reason)) {
            throw new IllegalArgumentException("no choice: " + picked + "/" + arity + " " + reason);
        }
    }

    /** The line of a replay file: {@code who 2/5 cpu0}. */
    public String line() {
        return (who ? "who " : "what ") + picked + "/" + arity + " " + reason;
    }

    /** @throws IllegalArgumentException when {@code line} is not one that {@link #line} writes */
    public static Choice parse(String line) {
        String[] parts = line.split(" ", 3);
        int slash = parts.length == 3 ? parts[1].indexOf('/') : -1;
        if (slash < 0) {
            throw new IllegalArgumentException("no choice: " + line);
        }
        int picked = Integer.parseInt(parts[1].substring(0, slash));
        int arity = Integer.parseInt(parts[1].substring(slash + 1));
        Choice choice = new Choice(parts[0].equals("who"), arity, picked, parts[2]);
        if (!choice.line().equals(line)) {
            throw new IllegalArgumentException("no choice: " + line);
        }
        return choice;
    }

    private static boolean oneLine(String text) {
        return !text.isEmpty() && text.indexOf('\n') < 0 && text.indexOf('\r') < 0;
    }
}
