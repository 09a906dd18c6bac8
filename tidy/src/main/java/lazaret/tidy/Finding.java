// SPDX-License-Identifier: Apache-2.0
package lazaret.tidy;

/**
 * A house rule somebody broke.
 *
 * @param rule  its short name, as in {@code allowed.txt}
 * @param where file with line, or class with member
 * @param what  what is wrong there, and what to do where that is not plain
 */
record Finding(String rule, String where, String what) {
    @Override
    public String toString() {
        return rule + "  " + where + "  " + what;
    }
}
