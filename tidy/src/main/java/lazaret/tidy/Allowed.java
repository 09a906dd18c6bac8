// SPDX-License-Identifier: Apache-2.0
package lazaret.tidy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The exceptions, each with its reason: one a line, {@code rule where: reason}, where {@code where} is a
 * finding's without the line number. An exception nobody needs any more is a finding itself.
 */
record Allowed(Map<String, String> reasons) {

    static Allowed parse(String text) {
        var reasons = new LinkedHashMap<String, String>();
        for (String line : text.lines().filter(l -> !l.isBlank() && !l.startsWith("#")).toList()) {
            int colon = line.indexOf(": ");
            if (colon < 0 || line.substring(colon + 2).isBlank()) {
                throw new IllegalArgumentException("an exception without a reason: " + line);
            }
            reasons.put(line.substring(0, colon), line.substring(colon + 2));
        }
        return new Allowed(reasons);
    }

    /** What is left of {@code found}, and which exceptions for {@code rule} were not needed. */
    List<Finding> without(String rule, List<Finding> found) {
        var left = new ArrayList<Finding>();
        var unused = new ArrayList<>(reasons.keySet());
        unused.removeIf(key -> !key.startsWith(rule + " "));
        for (Finding finding : found) {
            String key = finding.rule() + " " + finding.where().replaceFirst(":\\d+$", "");
            if (reasons.containsKey(key)) {
                unused.remove(key);
            } else {
                left.add(finding);
            }
        }
        for (String key : unused) {
            left.add(new Finding("allowed", key, "is allowed and does not happen; take it out"));
        }
        return left;
    }
}
