// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3;

import java.util.List;
import java.util.function.BiPredicate;

/** One way for a structure to be illegal on an SMMU: what to say, and when. */
record Rule<T>(String text, BiPredicate<T, Idr> broken) {
    static <T> Rule<T> rule(String text, BiPredicate<T, Idr> broken) {
        return new Rule<>(text, broken);
    }

    /**
     * The first of the rules, in the order of the tables, that {@code what} breaks; or {@link
     * Legality#LEGAL}.
     */
    @SafeVarargs
    static <T> String first(T what, Idr idr, List<Rule<T>>... tables) {
        for (List<Rule<T>> table : tables) {
            for (int i = 0; i < table.size(); i++) {
                Rule<T> rule = table.get(i);
                if (rule.broken.test(what, idr)) {
                    return rule.text;
                }
            }
        }
        return Legality.LEGAL;
    }
}
