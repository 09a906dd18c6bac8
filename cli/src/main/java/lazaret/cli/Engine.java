// SPDX-License-Identifier: Apache-2.0
package lazaret.cli;

import lazaret.explore.Explorer.Method;

/** How runs are gone through: one of the ways to make all, or a sample. */
enum Engine {
    CACHE(Method.CACHE), DPOR(Method.DPOR), NAIVE(Method.NAIVE), BOUND(Method.BOUND),
    /** Not all, and it says so. */
    SAMPLE(null);

    private final Method method;

    Engine(Method method) {
        this.method = method;
    }

    /** Null for a sample. */
    Method method() {
        return method;
    }
}
