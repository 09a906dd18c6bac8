// SPDX-License-Identifier: Apache-2.0
package lazaret.smmuv3.hw;

/**
 * What the architecture lets an SMMU do and few do; none is taken unless {@link SmmuParams#with(Liberty)}
 * says so. Liberties that most take are parameters of their own.
 *
 * @spec IHI0070 3.21
 */
public enum Liberty {
    /** An invalidated entry that memory still agrees with is as good as fetched again at once. */
    PREFETCHES("fetches again at once what it was told to forget"),
    /** Invalidation of something invalidates everything of its kind. */
    OVER_INVALIDATES("forgets everything where it was told to forget something"),
    /** With STE.MEV, and for broken configuration always. */
    MERGES_EVENTS("writes one record for events in a row that say the same"),
    /** Address bits of a translated access that no memory has: dropped, where others refuse the access. */
    TRUNCATES_ADDRESSES("drops address bits that do not exist from translated accesses"),
    /** What CR0 asks for has its effect a step before CR0ACK says so. */
    ENABLES_BEFORE_ACK("an enable has its effect before it is acknowledged");

    private final String line;

    Liberty(String line) {
        this.line = line;
    }

    /** In words. */
    public String line() {
        return line;
    }
}
